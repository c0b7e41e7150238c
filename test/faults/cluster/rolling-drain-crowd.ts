import { summarise } from '../../harness/statistics.ts';
import { waitUntil } from '../../harness/wait.ts';
import { atLeast, atMost, same, shown } from '../measure/finding.ts';
import type { ClusterCase } from './cluster-case.ts';
import { LoadProcess } from './load-process.ts';

/** The longest time without a packet, of 95 in 100 listeners. */
const GAP_MS = 200;
/** A busy machine may take this, as long as nobody is lost. */
const BUSY_GAP_MS = 2_000;
const STREAMS = 20;
const LISTENERS = 40;

/** Light pages, which go over by the widgets' own code, so that there are many of them on one machine. */
export const rollingDrainOfMany: ClusterCase = {
  fault: `cluster: rolling drain with ${STREAMS} streams and ${LISTENERS} listeners`,
  longOnly: true,
  async run({ stage }) {
    const { cluster } = stage.system;
    const load = new LoadProcess(cluster, { streams: STREAMS, listeners: LISTENERS });
    try {
      await load.measuring();
      const before = [await stage.total('streams'), await stage.total('listeners')];
      const drainsMs: number[] = [];
      for (const node of stage.nodes) {
        const begun = performance.now();
        await node.stop();
        drainsMs.push(performance.now() - begun);
        await node.start();
        const knows = async () => (await stage.figure(node.name, 'cluster_peers')) === stage.nodes.length - 1;
        await waitUntil(`${node.name} knows the others`, knows);
        await cluster.untilNamed(node.name);
      }
      const after = [await stage.total('streams'), await stage.total('listeners')];
      const result = await load.end();
      const { median, p95, max } = summarise(result.gapsMs);
      const failures = Object.entries(result.failures).map(([code, count]) => `${count} x ${code}`);
      return [
        same('streams and listeners before', before.join(), [STREAMS, LISTENERS].join()),
        same('streams and listeners afterwards', after.join(), before.join()),
        same('errors', failures.join(), ''),
        same('listeners who heard', result.heard, LISTENERS),
        // Each page was on one of the relays when that was stopped.
        atLeast('times that pages went over', result.moves, STREAMS + LISTENERS, ''),
        shown('longest silence of each listener, median', median, 'ms'),
        atMost('the same, p95', p95, GAP_MS, 'ms', BUSY_GAP_MS),
        shown('the same, longest', max, 'ms'),
        shown('packets missed, by their numbers', result.lost),
        // These connections end without a word; a browser's do not, and a relay does not wait for them.
        shown('longest time that a relay took to end', Math.max(...drainsMs) / 1_000, 's'),
        shown('the load’s own worst delay', result.own.worstDelayMs, 'ms'),
        shown('sound that it was too busy to speak', result.own.skippedMs, 'ms'),
      ];
    } finally {
      load.kill();
    }
  },
};
