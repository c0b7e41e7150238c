/** What the chart makes, held to Kubernetes' own description of each kind: values by its schema, and no field that it lacks. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Service } from 'kubernetes-models/v1/Service';
import { type KubernetesObject, render, THREE_RELAYS } from './chart.ts';
import { inRoot, run, without } from './kits.ts';

const KINDS: Record<string, { new (data: KubernetesObject): { validate(): void }; module: string }> = {
  StatefulSet: Object.assign(StatefulSet, { module: 'kubernetes-models/apps/v1/StatefulSet' }),
  Service: Object.assign(Service, { module: 'kubernetes-models/v1/Service' }),
  ConfigMap: Object.assign(ConfigMap, { module: 'kubernetes-models/v1/ConfigMap' }),
  Ingress: Object.assign(Ingress, { module: 'kubernetes-models/networking.k8s.io/v1/Ingress' }),
  PodDisruptionBudget: Object.assign(PodDisruptionBudget, {
    module: 'kubernetes-models/policy/v1/PodDisruptionBudget',
  }),
  ServiceMonitor: Object.assign(ServiceMonitor, {
    module: '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor',
  }),
};

/** Compiles objects as what they claim to be; a field that Kubernetes does not know is an error of the compiler. */
function compile(objects: readonly KubernetesObject[]): string {
  // Inside the project, where the compiler finds the types.
  const folder = inRoot('.cache', 'tests', `chart-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const imports = Object.entries(KINDS).map(([kind, { module }]) => `import type { I${kind} } from '${module}';`);
    const values = objects.map(
      ({ kind }, index) => `export const o${index}: I${kind} = ${JSON.stringify(objects[index])};`,
    );
    writeFileSync(join(folder, 'objects.ts'), [...imports, ...values].join('\n'));
    const tsc = inRoot('node_modules', 'typescript', 'bin', 'tsc');
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--skipLibCheck', '--types', ''];
    return run(process.execPath, [tsc, '--ignoreConfig', ...options, join(folder, 'objects.ts')]).output;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('what the chart makes', { skip: without('helm') }, () => {
  const all = [...render().objects, ...render(THREE_RELAYS).objects];

  it('is of kinds that are held to their description here, all of them', () => {
    assert.deepEqual([...new Set(all.map(({ kind }) => kind))].sort(), Object.keys(KINDS).sort());
  });

  it('has values that each kind takes', () => {
    for (const object of all) {
      const Kind = KINDS[object.kind];
      assert.ok(Kind);
      assert.doesNotThrow(() => new Kind(object).validate(), object.metadata.name);
    }
    const broken = structuredClone(all.find(({ kind }) => kind === 'StatefulSet'));
    broken.spec.replicas = 'three';
    assert.throws(() => new StatefulSet(broken).validate(), /replicas/);
  });

  it('has no field that Kubernetes does not know', () => {
    assert.equal(compile(all), '');
    const broken = structuredClone(all.find(({ kind }) => kind === 'StatefulSet'));
    broken.spec.template.spec.hostNetwrok = true;
    assert.match(compile([broken]), /hostNetwrok/);
  });
});
