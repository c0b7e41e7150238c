import { setTimeout as sleep } from 'node:timers/promises';
import { karim, nadia } from '../../harness/people.ts';
import { RedisServer } from '../../harness/redis-server.ts';
import { waitUntil } from '../../harness/wait.ts';
import { READER_PAUSE_MS } from '../cases/fault-case.ts';
import { atMost, type Finding, same } from '../measure/finding.ts';
import type { ClusterCase } from './cluster-case.ts';
import { ClusterStage } from './cluster-stage.ts';
import { BUSY_PAUSE_MS, Pair } from './pair.ts';

/** How long the Sentinels wait before they take a server for dead. */
const DOWN_AFTER_MS = 1_000;

/** A master, its replica, and a Sentinel that watches them. */
async function startServers(): Promise<{ master: RedisServer; sentinel: RedisServer; all: RedisServer[] }> {
  const master = await RedisServer.start();
  const replica = await RedisServer.start({ lines: [`replicaof 127.0.0.1 ${master.port}`] });
  const sentinel = await RedisServer.start({
    sentinel: true,
    lines: [
      `sentinel monitor mine 127.0.0.1 ${master.port} 1`,
      `sentinel down-after-milliseconds mine ${DOWN_AFTER_MS}`,
      'sentinel failover-timeout mine 4000',
    ],
  });
  await waitUntil('the Sentinel knows the replica', () => sentinel.cli('SENTINEL', 'replicas', 'mine').length > 10);
  return { master, sentinel, all: [sentinel, replica, master] };
}

async function failover(stage: ClusterStage, master: RedisServer): Promise<Finding[]> {
  const pair = await Pair.meet(stage, 'a', 'b');
  const from = await pair.now();
  await master.kill();
  const killed = performance.now();
  const since = () => performance.now() - killed;
  const ofKarim = await stage.live(karim, 'c');
  const liveMs = since();
  const inList = async () => (await pair.admin.rowState(karim)) === 'live';
  const listed = waitUntil('Karim in the list at another relay', inList, 30_000).then(since);
  const watching = await stage.admin(nadia, 'c');
  await watching.hear(karim);
  await ofKarim.waitForText(nadia.name);
  const joinedMs = since();
  const listedMs = await listed;
  await sleep(3_000);
  const silence = await pair.silenceSince(from);
  await pair.remain(stage, watching, ofKarim);
  return [
    atMost('longest silence', silence * 1_000, READER_PAUSE_MS, 'ms', BUSY_PAUSE_MS),
    atMost('a new commercial heard on their own relay after', joinedMs / 1_000, 10, 's', 20),
    // It cannot be earlier than there is something to show.
    atMost(
      'list right after the master’s end',
      listedMs / 1_000,
      Math.max(liveMs + 2_000, DOWN_AFTER_MS + 5_000) / 1_000,
      's',
      20,
    ),
    same('peers of each', (await peersOf(stage)).join(), '2,2,2'),
    ...(await pair.end(stage)),
  ];
}

function peersOf(stage: ClusterStage): Promise<number[]> {
  return Promise.all(stage.nodes.map(({ name }) => stage.figure(name, 'cluster_peers')));
}

/** On a cluster of its own. */
export const sentinelFailover: ClusterCase = {
  fault: 'cluster: the Redis of Sentinels dies, and another takes over',
  longOnly: true,
  async run() {
    const { master, sentinel, all } = await startServers();
    try {
      const url = `redis+sentinel://127.0.0.1:${sentinel.port}/mine`;
      const stage = await ClusterStage.start({ ownWaysToRedis: false, relayEnv: { CLUSTER_URL: url } });
      try {
        return await failover(stage, master);
      } finally {
        await stage.close();
      }
    } finally {
      for (const server of all) await server.close();
    }
  },
};
