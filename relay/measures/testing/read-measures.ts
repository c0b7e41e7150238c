import type { Measures } from '../measures.ts';

/** Everything that has happened, by name and labels as Prometheus reads them, without the prefix; what is 0 is left out. */
export async function readMeasures({ registry }: Measures): Promise<Record<string, number>> {
  const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const all = lines.map((line): [string, number] => {
    const at = line.lastIndexOf(' ');
    return [line.slice('prospect_relay_'.length, at), Number(line.slice(at + 1))];
  });
  return Object.fromEntries(all.filter(([, value]) => value !== 0));
}

/** The same without buckets and sums of time: how often each thing happened. */
export async function countMeasures(measures: Measures): Promise<Record<string, number>> {
  const all = Object.entries(await readMeasures(measures));
  return Object.fromEntries(all.filter(([name]) => !/_(?:bucket|sum)(?:\{|$)/.test(name)));
}
