import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { inRoot, run } from './kits.ts';

/** The chart's folder. */
export const CHART = inRoot('deploy', 'helm', 'prospect-relay');

/** An object of Kubernetes as the chart makes it; what is in it is looked at by tests, one path at a time. */
// biome-ignore lint/suspicious/noExplicitAny: each kind has a shape of its own, which kubernetes-models checks.
export type KubernetesObject = any;

/** What Helm made of the chart, or why it did not. */
export interface Rendered {
  readonly objects: readonly KubernetesObject[];
  /** Empty when it was made. */
  readonly refusal: string;
}

const rendered = new Map<string, Rendered>();

/** `helm template` with these values over the chart's own; the release's name is "live". The same values are rendered once. */
export function render(values: Readonly<Record<string, unknown>> = {}): Rendered {
  const key = JSON.stringify(values);
  const made = rendered.get(key) ?? template(values);
  rendered.set(key, made);
  return structuredClone(made);
}

function template(values: Readonly<Record<string, unknown>>): Rendered {
  const folder = mkdtempSync(join(tmpdir(), 'prospect-helm-'));
  try {
    const file = join(folder, 'values.yaml');
    writeFileSync(file, stringify(values));
    const { status, output } = run('helm', ['template', 'live', CHART, '--values', file]);
    if (status !== 0) return { objects: [], refusal: output };
    const documents = parseAllDocuments(output);
    const broken = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
    if (broken.length > 0) throw new Error(broken.join('\n'));
    return { objects: documents.map((document) => document.toJS()).filter(Boolean), refusal: '' };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The one object of a kind. */
export function one({ objects, refusal }: Rendered, kind: string): KubernetesObject {
  const [found, ...others] = objects.filter((object) => object.kind === kind);
  if (!found || others.length > 0) throw new Error(`not one ${kind}: ${refusal}`);
  return found;
}

/** Values of a chart with several relays, each with a public address of its own. */
export const THREE_RELAYS = {
  relays: 3,
  announcedAddress: { hostIP: false, byNode: { 'node-1': '1.2.3.4', 'node-2': '1.2.3.5', 'node-3': '1.2.3.6' } },
  secrets: {
    CLUSTER_URL: { name: 'prospect-relay', key: 'CLUSTER_URL' },
    CLUSTER_SECRET: { name: 'prospect-relay', key: 'CLUSTER_SECRET' },
  },
  serviceMonitor: { enabled: true },
  ingress: { className: 'nginx', annotations: { 'nginx.ingress.kubernetes.io/proxy-read-timeout': '75' } },
};
