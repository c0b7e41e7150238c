import { CLUSTER_ENV, CLUSTER_SOURCES, runApp } from '../../relay/http/testing/running-app.ts';

/** What the relay exports, from its own `/metrics` as a node of a cluster. */
export interface Exported {
  readonly text: string;
  /** Every name that a query may use, those of histograms' parts too. */
  readonly names: ReadonlySet<string>;
  /** The values of each label, by the metric's name. */
  labels(name: string): ReadonlyMap<string, ReadonlySet<string>>;
}

/** Asks an application with fixed figures. */
export async function exportedMetrics(): Promise<Exported> {
  const app = await runApp(CLUSTER_ENV, {
    sources: () => CLUSTER_SOURCES,
    certificateExpiry: () => Date.now() + 90 * 86_400_000,
  });
  let text: string;
  try {
    await fetch(`${app.url}/health`);
    text = await (await fetch(`${app.url}/metrics`)).text();
  } finally {
    await app.close();
  }
  const names = new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name));
  const byName = new Map<string, Map<string, Set<string>>>();
  for (const [, name = '', labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    names.add(name);
    const known = byName.get(name) ?? new Map<string, Set<string>>();
    byName.set(name, known);
    for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="([^"]*)"/g))
      known.set(label, (known.get(label) ?? new Set()).add(value));
  }
  return { text, names, labels: (name) => byName.get(name) ?? new Map() };
}

/** Labels that Prometheus adds. */
const OF_PROMETHEUS = ['job', 'instance'];

/** What of a PromQL query is not exported: names, labels and values of labels. */
export function unknownIn(query: string, exported: Exported): string[] {
  const bad: string[] = [];
  for (const [, name = '', matchers = ''] of query.matchAll(
    /\b((?:prospect_relay|process|nodejs)_\w+)(?:\{([^}]*)\})?/g,
  )) {
    if (!exported.names.has(name)) {
      bad.push(`there is no metric ${name}`);
      continue;
    }
    const labels = exported.labels(name);
    for (const [, label = '', operator = '', value = ''] of matchers.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)) {
      if (OF_PROMETHEUS.includes(label)) continue;
      const values = labels.get(label);
      if (!values) bad.push(`${name} has no label ${label}`);
      else if (operator === '=~' || operator === '=')
        for (const one of value.split('|')) if (!values.has(one)) bad.push(`${name} has no ${label}="${one}"`);
    }
  }
  return bad;
}
