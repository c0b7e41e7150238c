/** Pages land on any relay behind one address, and everybody hears everybody of their team, wherever both have landed. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { RelayCluster } from '../harness/cluster/relay-cluster.ts';
import { skipWithout } from '../harness/ensure-program.ts';
import { LoadRun } from './load-run.ts';
import { endMedia } from './media.ts';
import { readOptions } from './options.ts';
import { renderResult } from './report.ts';

const skip = await skipWithout('redis-server', 'haproxy');

describe('a load on three relays behind one address', { skip }, () => {
  let cluster: RelayCluster;

  before(async () => {
    cluster = await RelayCluster.start();
  });
  after(async () => {
    await cluster?.close();
    endMedia();
  });

  it('admins on a relay that has no commercial hear those of the others', async () => {
    const { secret, issuer, audience } = cluster.tokens;
    const args = ['--url', cluster.url, '--streams', '2', '--listeners', '16', '--seconds', '3'];
    const options = readOptions(args, { JWT_SECRET: secret, JWT_ISSUER: issuer, JWT_AUDIENCE: audience });
    const run = new LoadRun(options, () => {});
    try {
      const result = await run.run(cluster.nodes.flatMap(({ pid }) => pid ?? []));
      const table = renderResult(options, result);
      assert.deepEqual([result.streams, result.listeners, result.heard, result.failures], [2, 16, 16, {}], table);
      assert.equal(result.processes.length, 6, 'three relays with one worker each');
      // By the fewest connections, 18 pages are 6 on each; two commercials are on two of the three.
      const metrics = await Promise.all(cluster.nodes.map((node) => node.metrics()));
      const each = (name: string) => metrics.map((values) => values.get(`prospect_relay_${name}`));
      assert.deepEqual(each('connections'), [6, 6, 6]);
      assert.deepEqual(each('producers').toSorted(), [0, 1, 1]);
      assert.ok(result.received > 0.8 * 50 * result.seconds * 16, table);
    } finally {
      await run.close();
    }
  });
});
