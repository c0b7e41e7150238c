/** The same conversation in different places: both sides on one whole relay, or each on a node of its own, with a real Redis between them. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Environment } from '../../../relay/config.ts';
import { skipWithout } from '../ensure-program.ts';
import { freePort } from '../network/free-port.ts';
import { RedisServer } from '../redis-server.ts';
import { eventually, RealRelay } from './real-relay.ts';

/** What else is secret in a cluster. */
export const CLUSTER_SECRET = 'k7Qp2vX9sLw4ZtBn8RfHc3JdMy6GaUeT';
/** For the pipes of each node. */
const PIPE_PORTS = 8;

/** Where the pages of a test connect. */
export interface RealPlaces {
  readonly commercials: RealRelay;
  readonly admins: RealRelay;
  /** Every relay, once. */
  readonly relays: readonly RealRelay[];
  /** Every command that reached Redis, as it shows them; none where there is no Redis. */
  readonly commands: readonly string[];
}

async function oneRelay(t: TestContext, env: Environment): Promise<RealPlaces> {
  const relay = await RealRelay.start({ env });
  t.after(() => relay.close());
  return { commercials: relay, admins: relay, relays: [relay], commands: [] };
}

/** Two nodes that know each other, over a real Redis. */
export async function twoNodes(t: Pick<TestContext, 'after'>, env: Environment): Promise<RealPlaces> {
  const redis = await RedisServer.start();
  t.after(() => redis.close());
  const commands = await monitor(t, redis.port);
  const pipes = await freePort(['127.0.0.1'], 2 * PIPE_PORTS);
  const node = async (id: string, first: number): Promise<RealRelay> => {
    const cluster = {
      CLUSTER_URL: redis.url,
      CLUSTER_SECRET,
      NODE_ID: id,
      PIPE_ADDRESS: '127.0.0.1',
      PIPE_PORTS: `${first}-${first + PIPE_PORTS - 1}`,
    };
    const relay = await RealRelay.start({ env: { ...cluster, ...env } });
    t.after(() => relay.close());
    return relay;
  };
  const [home, other] = [await node('a', pipes), await node('b', pipes + PIPE_PORTS)];
  await eventually('the nodes know each other', async () => {
    const reports = [await home.report(), await other.report()];
    return reports.every(({ cluster }) => cluster?.peers === 1 && cluster.healthy);
  });
  return { commercials: home, admins: other, relays: [home, other], commands };
}

/** What Redis is told from now on (`MONITOR`). */
async function monitor(t: Pick<TestContext, 'after'>, port: number): Promise<readonly string[]> {
  const lines: string[] = [];
  const socket = connect(port, '127.0.0.1');
  t.after(() => void socket.destroy());
  socket.on('error', () => undefined);
  socket.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  socket.write('MONITOR\r\n');
  await eventually('Redis shows its commands', () => lines.length > 0);
  assert.match(lines[0] ?? '', /^\+OK/);
  return lines;
}

const skip = await skipWithout('redis-server');

/** Declares a test that runs in each of the places. @param env more variables of every relay */
export function testInRealPlaces(
  name: string,
  env: Environment,
  run: (t: TestContext, places: RealPlaces) => Promise<void>,
): void {
  test(`on one relay: ${name}`, async (t) => run(t, await oneRelay(t, env)));
  test(`over two nodes: ${name}`, { skip }, async (t) => run(t, await twoNodes(t, env)));
}
