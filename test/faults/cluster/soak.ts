import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis as Client } from 'ioredis';
import type { NodeName } from '../../harness/cluster/haproxy.ts';
import { seededRandom } from '../../harness/network/seeded-random.ts';
import { lea } from '../../harness/people.ts';
import { waitUntil } from '../../harness/wait.ts';
import { type Finding, same, shown } from '../measure/finding.ts';
import type { ClusterCase } from './cluster-case.ts';
import type { ClusterStage } from './cluster-stage.ts';
import { compete, selections, starts } from './newest-wins.ts';
import { Pair } from './pair.ts';

/** Links between relays that nobody uses close after ten seconds, sessions after half a minute, claims after one. */
const REST_MS = 75_000;
const MOMENT_MS = 1_000;
const SOAK_ROUNDS = Number(process.env.CLUSTER_SOAK_ROUNDS || 100);

const GAUGES = ['sessions', 'connections', 'streams', 'listeners', 'transports', 'producers', 'consumers'] as const;

/** Everything that may be left behind, counted. */
async function held(stage: ClusterStage): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const node of stage.nodes) {
    const metrics = await node.metrics();
    const count = (what: string, metric: string) =>
      counts.set(`${node.name} ${what}`, metrics.get(metric) ?? Number.NaN);
    for (const gauge of GAUGES) count(gauge, `prospect_relay_${gauge}`);
    for (const kind of ['links', 'given', 'copies']) count(kind, `prospect_relay_cluster_pipes{kind="${kind}"}`);
    count('mirrors', 'prospect_relay_cluster_mirrors');
    counts.set(`${node.name} pipe ports`, await openPorts(node.pipePorts));
  }
  const client = new Client(stage.system.cluster.redis.url);
  try {
    counts.set('keys in Redis', Number(/keys=(\d+)/.exec(await client.info('keyspace'))?.[1] ?? 0));
  } finally {
    client.disconnect();
  }
  return counts;
}

/** How many UDP ports of a range are open on this machine. */
async function openPorts({ first, last }: { first: number; last: number }): Promise<number> {
  const table = await readFile('/proc/net/udp', 'utf8').catch(() => '');
  const ports = [...table.matchAll(/^ *\d+: [0-9A-F]+:([0-9A-F]{4}) /gm)].map(([, port = '']) =>
    Number.parseInt(port, 16),
  );
  return ports.filter((port) => port >= first && port <= last).length;
}

type Round = (stage: ClusterStage, pair: Pair, node: NodeName) => Promise<void>;

/** What is done in a round. Each leaves the pair hearing, though perhaps elsewhere. */
const ROUNDS: Readonly<Record<string, Round>> = {
  'starts at once': async (stage) => void (await compete(stage, starts, 3)),
  'selections at once': async (stage) => void (await compete(stage, selections, 3)),
  'stopped and heard again': async (_stage, pair) => {
    await pair.admin.toggleHeadphones(lea);
    await pair.admin.waitForState('ready');
    await pair.admin.hear(lea);
  },
  'cut off from Redis': async (stage, _pair, node) => {
    const bringBack = stage.cutFromRedis(node);
    await sleep(MOMENT_MS);
    bringBack();
  },
  'Redis killed': async (stage) => {
    const { redis } = stage.system.cluster;
    await redis.kill();
    await sleep(MOMENT_MS);
    await redis.restart();
  },
  'Redis frozen': async (stage) => {
    const { redis } = stage.system.cluster;
    redis.freeze();
    await sleep(MOMENT_MS);
    redis.thaw();
  },
  frozen: async (stage, _pair, node) => {
    await stage.node(node).freeze();
    await sleep(MOMENT_MS);
    await stage.node(node).thaw();
  },
  killed: async (stage, _pair, node) => {
    await stage.node(node).kill();
    await stage.node(node).start();
  },
};

export const soak: ClusterCase = {
  fault: 'cluster: rounds of everything, and nothing is left',
  longOnly: true,
  async run({ stage }) {
    const before = await held(stage);
    const random = seededRandom(1);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const names = Object.keys(ROUNDS);
    const problems: string[] = [];
    let played = 0;
    const pair = await Pair.meet(stage, 'a', 'b');
    for (; played < SOAK_ROUNDS && problems.length === 0; played += 1) {
      // Each once at first, then as it comes.
      const name = names[played] ?? pick(names);
      const node = pick(stage.nodes).name;
      try {
        await ROUNDS[name]?.(stage, pair, node);
        await pair.admin.waitForState('listening', 30_000);
        await pair.admin.probe.waitForSound(30_000);
        await waitUntil('everybody knows the others', async () => {
          const peers = await Promise.all(stage.nodes.map((each) => stage.figure(each.name, 'cluster_peers')));
          return peers.every((count) => count === stage.nodes.length - 1);
        });
        // The balancer finds a relay that was away, or the machine too busy, some seconds later.
        for (const each of stage.nodes) await stage.system.cluster.untilNamed(each.name);
      } catch (error) {
        problems.push(
          `round ${played + 1} (${name}, ${node}): ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    const findings: Finding[] = [
      shown('rounds', played),
      same('problems', problems.join('; '), ''),
      ...(problems.length > 0 ? [] : await pair.endElsewhere(stage)),
    ];
    await stage.reset();
    let left: string[] = [];
    await waitUntil(
      'nothing is left',
      async () => {
        const now = [...(await held(stage))];
        left = now.flatMap(([what, count]) => (count <= (before.get(what) ?? 0) ? [] : [`${what}: ${count}`]));
        return left.length === 0;
      },
      REST_MS,
    ).catch(() => undefined);
    return [...findings, same('left behind', left.join('; '), '')];
  },
};
