import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { parseEnvFile } from '../../relay/config/env-file.ts';
import { variables } from '../../relay/config/variables.ts';
import { CHART, type KubernetesObject, one, render, THREE_RELAYS } from './chart.ts';
import { fillIn, judge, run, STOP_S, variableNames, without } from './kits.ts';

const schema = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8'));
/** What Kubernetes puts in place of a field of the pod. */
const FIELDS: Record<string, string> = {
  'metadata.name': 'live-0',
  'spec.nodeName': 'node-1',
  'status.hostIP': '10.0.0.11',
};

/** The environment of the relay's container, as Kubernetes makes it; secrets are filled in. */
function environmentOf(set: KubernetesObject): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { name, value, valueFrom } of set.spec.template.spec.containers[0].env) {
    assert.ok(!(name in env), `${name} is set twice`);
    if (value !== undefined) env[name] = value.replace(/\$\((\w+)\)/g, (_: string, other: string) => env[other] ?? '');
    else if (valueFrom.fieldRef) env[name] = FIELDS[valueFrom.fieldRef.fieldPath] ?? '';
    else if (valueFrom.secretKeyRef) env[name] = 'of a Secret';
  }
  return env;
}

describe('values.schema.json', () => {
  const settings = Object.keys(schema.properties.settings.properties);
  const secrets = Object.keys(schema.properties.secrets.properties);

  it('with what the chart sets itself, has every variable of the relay, once', { skip: without('helm') }, () => {
    const set = one(render(THREE_RELAYS), 'StatefulSet');
    const own = Object.keys(environmentOf(set)).filter((name) => variableNames.includes(name));
    const byHostIP = Object.keys(environmentOf(one(render(), 'StatefulSet')));
    const fromChart = [...own, ...byHostIP].filter((name) => !settings.includes(name) && !secrets.includes(name));
    // On the host's network it listens on every address, as is its default.
    const all = [...settings, ...secrets, ...new Set([...fromChart, 'HOST'])].filter(
      (name) => name !== 'RELAY_ENV_FILE',
    );
    assert.deepEqual(all.sort(), variableNames);
  });

  it('takes secrets as references alone', () => {
    for (const [name, { secret }] of Object.entries(variables)) {
      assert.equal(secrets.includes(name), secret, name);
      if (secret) assert.ok(!settings.includes(name), name);
    }
    assert.equal(schema.properties.settings.additionalProperties, false);
    assert.equal(schema.properties.secrets.additionalProperties, false);
  });

  it('says of each value what it is', () => {
    const undescribed = (at: string, { description, properties = {} }: KubernetesObject): string[] => [
      ...(description ? [] : [at]),
      ...Object.entries(properties).flatMap(([name, value]) => undescribed(`${at}.${name}`, value)),
    ];
    assert.deepEqual(undescribed('values', schema), []);
    const values = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8'));
    assert.deepEqual(
      Object.keys(values).filter((name) => !schema.properties[name]),
      [],
    );
  });

  it('refuses what is misspelt, a secret in plain, and relays that cannot find each other', {
    skip: without('helm'),
  }, () => {
    const refused = (values: Record<string, unknown>, why: RegExp) => assert.match(render(values).refusal, why);
    refused({ setings: {} }, /setings/);
    refused({ settings: { ALOWED_ORIGINS: 'https://a.example.com' } }, /ALOWED_ORIGINS/);
    refused({ settings: { JWT_SECRET: 'in plain' } }, /JWT_SECRET/);
    refused({ secrets: { JWT_SECRET: 'in plain' } }, /JWT_SECRET/);
    refused({ settings: { MAX_STREAMS: 100 } }, /MAX_STREAMS/);
    refused({ relays: 0 }, /relays/);
    refused({ relays: 2 }, /CLUSTER_URL/);
    refused({ announcedAddress: { hostIP: false } }, /byNode/);
  });
});

describe('the chart', { skip: without('helm') }, () => {
  it('passes helm lint, with every warning counted', () => {
    const { status, output } = run('helm', ['lint', '--strict', CHART]);
    assert.equal(status, 0, output);
    assert.doesNotMatch(output, /WARNING|ERROR/);
  });

  it('gives the relay settings that it takes without a warning: one alone, and three', () => {
    const alone = environmentOf(one(render(), 'StatefulSet'));
    assert.deepEqual(judge(fillIn(alone)), []);
    assert.equal(alone.CLUSTER_URL ?? alone.NODE_ID, undefined);

    const three = render(THREE_RELAYS);
    const env = environmentOf(one(three, 'StatefulSet'));
    const nodes = one(three, 'ConfigMap').data;
    assert.deepEqual(Object.keys(nodes), ['node-1', 'node-2', 'node-3']);
    assert.equal(env.RELAY_ENV_FILE, '/etc/prospect-live/nodes/node-1');
    const ofNode = parseEnvFile(nodes['node-1']);
    assert.deepEqual({ ...ofNode }, { ANNOUNCED_ADDRESS: '1.2.3.4' });
    const [tls = '', ...rest] = judge(fillIn({ ...ofNode, ...env }));
    assert.match(tls, /^CLUSTER_URL: .* without TLS/);
    assert.deepEqual(rest, []);
  });

  it('has every setting from the values and no secret in it', () => {
    const set = one(render({ settings: { MAX_STREAMS: '1048576' } }), 'StatefulSet');
    assert.equal(environmentOf(set).MAX_STREAMS, '1048576');
    const { env } = set.spec.template.spec.containers[0];
    const secret = env.find(({ name }: { name: string }) => name === 'JWT_SECRET');
    assert.deepEqual(secret.valueFrom, { secretKeyRef: { name: 'prospect-relay', key: 'JWT_SECRET' } });
  });

  it('puts one relay on each machine, with its network and without rights', () => {
    const { spec } = one(render(THREE_RELAYS), 'StatefulSet').spec.template;
    const [rule] = spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution;
    assert.equal(rule.topologyKey, 'kubernetes.io/hostname');
    assert.equal(spec.hostNetwork, true);
    assert.equal(spec.automountServiceAccountToken, false);
    assert.equal(spec.securityContext.runAsNonRoot, true);
    assert.deepEqual(spec.containers[0].securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('has three probes, each for its question', () => {
    const [relay] = one(render(), 'StatefulSet').spec.template.spec.containers;
    assert.equal(relay.startupProbe.httpGet.path, '/health/live');
    assert.equal(relay.livenessProbe.httpGet.path, '/health/live');
    assert.equal(relay.readinessProbe.httpGet.path, '/health/ready');
    for (const probe of [relay.startupProbe, relay.livenessProbe, relay.readinessProbe])
      assert.equal(relay.ports.find(({ name }: { name: string }) => name === probe.httpGet.port).containerPort, 8080);
  });

  it('leads each path to a service of its own and all others to those that are ready', () => {
    const rendered = render(THREE_RELAYS);
    const services = rendered.objects.filter(({ kind }) => kind === 'Service');
    const { paths } = one(rendered, 'Ingress').spec.rules[0].http;
    assert.deepEqual(
      paths.map(({ path, backend }: KubernetesObject) => [path, backend.service.name]),
      [
        ...['live-0', 'live-1', 'live-2'].flatMap((node) =>
          ['socket.io', 'whip', 'whep'].map((path) => [`/n/${node}/${path}/`, node]),
        ),
        ['/socket.io/', 'live'],
        ['/whip', 'live'],
        ['/whep', 'live'],
        ['/widgets/', 'live'],
        ['/health', 'live'],
      ],
    );
    const labels = one(rendered, 'StatefulSet').spec.template.metadata.labels;
    for (const { metadata, spec } of services) {
      const own = /^live-\d$/.test(metadata.name);
      assert.equal(spec.publishNotReadyAddresses === true, metadata.name !== 'live', metadata.name);
      const { 'statefulset.kubernetes.io/pod-name': pod, ...selector } = spec.selector;
      assert.equal(pod, own ? metadata.name : undefined);
      for (const [name, value] of Object.entries(selector)) assert.equal(labels[name], value, name);
    }
    const monitored = one(rendered, 'ServiceMonitor').spec.selector.matchLabels;
    const matching = services.filter(({ metadata }) =>
      Object.entries(monitored).every(([name, value]) => metadata.labels[name] === value),
    );
    assert.deepEqual(
      matching.map(({ metadata }) => metadata.name),
      ['live-nodes'],
    );
    assert.equal(one(rendered, 'StatefulSet').spec.serviceName, 'live-nodes');
  });

  it('lets the cluster take one relay at a time away', () => {
    const rendered = render(THREE_RELAYS);
    const budget = one(rendered, 'PodDisruptionBudget').spec;
    assert.equal(budget.maxUnavailable, 1);
    assert.deepEqual(budget.selector, one(rendered, 'StatefulSet').spec.selector);
  });

  it('tells a relay to drain before it stops it, and gives it the time for that and some more', () => {
    const pod = (settings = {}) => one(render({ settings }), 'StatefulSet').spec.template.spec;
    assert.ok(pod().terminationGracePeriodSeconds >= STOP_S);
    for (const [DRAIN_TIME, seconds] of Object.entries({ '0': 0, '1500ms': 2, '45s': 45, '2m': 120, '1h': 3600 })) {
      assert.equal(pod({ DRAIN_TIME }).terminationGracePeriodSeconds, seconds + 30, DRAIN_TIME);
      assert.equal(variables.DRAIN_TIME.schema.safeParse(DRAIN_TIME).error, undefined, DRAIN_TIME);
    }
    const [relay] = pod().containers;
    assert.deepEqual(relay.lifecycle.preStop.exec.command, ['node', 'relay/main.ts', 'drain']);
    // What that shows the relay is there.
    assert.ok(environmentOf(one(render(), 'StatefulSet')).METRICS_TOKEN);
  });

  it('shows its metrics to the operator of Prometheus, at a port of their own and with a token', () => {
    const rendered = render(THREE_RELAYS);
    const [endpoint] = one(rendered, 'ServiceMonitor').spec.endpoints;
    const [relay] = one(rendered, 'StatefulSet').spec.template.spec.containers;
    const env = environmentOf(one(rendered, 'StatefulSet'));
    const port = relay.ports.find(({ name }: { name: string }) => name === endpoint.port);
    assert.equal(String(port.containerPort), env.METRICS_PORT);
    assert.equal(env.METRICS_HOST, FIELDS['status.hostIP']);
    assert.deepEqual(endpoint.authorization.credentials, { name: 'prospect-relay', key: 'METRICS_TOKEN' });
    assert.equal(environmentOf(one(render(), 'StatefulSet')).METRICS_HOST, undefined);
  });
});
