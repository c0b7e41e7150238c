/** Relays as processes, two of a cluster or one alone, that are told to stop. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { SessionUser } from '../../relay/protocol/messages.ts';
import { LivePage } from '../../relay/signalling/testing/live-page.ts';
import { RelayClient } from '../../widgets/relay-client/relay-client.ts';
import { RelayNode } from '../harness/cluster/relay-node.ts';
import { freePort } from '../harness/network/free-port.ts';
import { RedisServer } from '../harness/redis-server.ts';
import { ENVIRONMENT, eventually, realToken } from '../harness/relay/real-relay.ts';

const METRICS_TOKEN = 'nFq7w2KzR9xTb4LcV8sYd3';
const CLEO: SessionUser = { role: 'commercial', id: 'cleo', name: 'Cleo', equipe: 'Nord' };

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function startNodes(count: number, env: Record<string, string> = {}): Promise<RelayNode[]> {
  const redis = await RedisServer.start();
  closing.push(() => redis.close());
  const first = await freePort(['127.0.0.1'], count * 10);
  const nodes = (['a', 'b'] as const).slice(0, count).map((name, index) => {
    const port = first + 10 * index;
    return new RelayNode(name, port, {
      ...(ENVIRONMENT as Record<string, string>),
      HTTP_PORT: String(port),
      METRICS_TOKEN,
      CLUSTER_URL: redis.url,
      CLUSTER_SECRET: 'k7Qp2vX9sLw4ZtBn8RfHc3JdMy6GaUeT',
      NODE_ID: name,
      PIPE_ADDRESS: '127.0.0.1',
      PIPE_PORTS: `${port + 1}-${port + 9}`,
      ...env,
    });
  });
  for (const node of nodes) {
    closing.push(() => node.kill());
    await node.start();
  }
  const [one] = nodes;
  await eventually('they know each other', async () => (await statusOf(one)).nodes.length === count);
  return nodes;
}

interface Status {
  readonly nodes: { readonly id: string; readonly draining: boolean }[];
}

async function statusOf(node: RelayNode | undefined): Promise<Status> {
  return (await fetch(`${node?.url}/api/streaming/status`)).json() as Promise<Status>;
}

async function join(node: RelayNode | undefined): Promise<LivePage> {
  const page = LivePage.dial(node?.url ?? '', { token: realToken(CLEO) });
  closing.push(() => page.socket.disconnect());
  await page.until('session:ready');
  return page;
}

function drainOverHttp(node: RelayNode | undefined): Promise<Response> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  return fetch(`${node?.url}/admin/drain`, { method: 'POST', headers });
}

const signal = (node: RelayNode | undefined, name: NodeJS.Signals): boolean => process.kill(node?.pid ?? 0, name);
const isGone = (node: RelayNode | undefined) => () => node?.pid === undefined;

describe('a node of a cluster that is told to stop', () => {
  it('asks its pages to go over, says so to everybody, and serves them until no other node is left', async () => {
    const [a, b] = await startNodes(2);
    const page = await join(a);
    signal(a, 'SIGTERM');
    assert.ok((await page.until('relay:move')).withinMs > 50_000);
    const ready = await fetch(`${a?.url}/health/ready`);
    assert.deepEqual([ready.status, await ready.json()], [503, { status: 'not_ready', reasons: ['draining'] }]);
    await eventually('the other knows', async () =>
      (await statusOf(b)).nodes.some(({ id, draining }) => id === 'a' && draining),
    );
    // A second node that stops has nobody to send its pages to, and does not wait.
    const other = await join(b);
    signal(b, 'SIGTERM');
    await other.until('relay:draining');
    await eventually('the second has ended', isGone(b));
    await page.until('relay:draining');
    await eventually('the first sees that it is alone, and ends', isGone(a));
  });

  it('ends at the latest when its time is over, in the old way; the order may come over HTTP, and from both', async () => {
    const [a] = await startNodes(2, { DRAIN_TIME: '3s' });
    const page = await join(a);
    const answer = await drainOverHttp(a);
    assert.equal(answer.status, 202);
    const told = (await answer.json()) as Record<string, number>;
    assert.deepEqual({ ...told, within_ms: 0 }, { status: 'draining', sessions: 1, moving: true, within_ms: 0 });
    assert.ok((told.within_ms ?? 0) > 2_000 && (told.within_ms ?? 0) <= 3_000);
    await page.until('relay:move');
    // As an orchestrator does that has called before it stops the process.
    signal(a, 'SIGTERM');
    assert.equal((await drainOverHttp(a)).status, 202);
    await page.until('relay:draining');
    await eventually('it has ended', isGone(a));
    const lines = a?.logLines.map(({ msg }) => msg) ?? [];
    assert.ok(lines.includes('relay stopped'), 'it was cut off');
  });

  it('ends at once once its pages have left', async () => {
    const [a] = await startNodes(2);
    const page = await join(a);
    signal(a, 'SIGTERM');
    await page.until('relay:move');
    page.socket.disconnect();
    const before = performance.now();
    await eventually('it has ended', isGone(a));
    assert.ok(performance.now() - before < 10_000);
    assert.equal(page.all('relay:draining').length, 0);
  });

  it('ends as soon as the widgets’ connection has gone over to the other node, which nobody sees', async () => {
    const [a, b] = await startNodes(2);
    let node = a;
    const client = new RelayClient({
      resolveAddress: () => ({ origin: node?.url ?? '', path: '/socket.io' }),
      token: realToken(CLEO),
      version: '0.1.0',
      page: { hidden: false, listen: () => () => {} },
      log: () => {},
    });
    closing.push(() => client.close());
    await eventually('the page is there', () => client.status === 'online');
    const statuses: string[] = [];
    client.on('status', (status) => statuses.push(status));
    let moves = 0;
    client.on('moved', () => {
      moves += 1;
    });
    node = b;
    const before = performance.now();
    signal(a, 'SIGTERM');
    await eventually('it has ended', isGone(a));
    assert.ok(performance.now() - before < 15_000);
    assert.deepEqual([moves, client.session?.place?.path, client.status, statuses], [1, '/n/b', 'online', []]);
  });

  it('by SIGINT does not wait, also in the midst of a drain', async () => {
    const [a, b] = await startNodes(2);
    const [first, second] = [await join(a), await join(b)];
    signal(a, 'SIGTERM');
    await first.until('relay:move');
    assert.equal((await drainOverHttp(a)).status, 202);
    await new Promise((resolve) => setTimeout(resolve, 600));
    signal(a, 'SIGINT');
    await eventually('the first has ended', isGone(a));
    await eventually('the other knows', async () => (await statusOf(b)).nodes.length === 1);
    signal(b, 'SIGINT');
    await second.until('relay:draining');
    await eventually('the second has ended', isGone(b));
    assert.equal(second.all('relay:move').length, 0);
  });
});

describe('a relay with no other one', () => {
  it('does not wait, alone in a cluster', async () => {
    const [a] = await startNodes(1);
    const page = await join(a);
    const before = performance.now();
    assert.deepEqual(await (await drainOverHttp(a)).json(), {
      status: 'draining',
      sessions: 1,
      moving: false,
      within_ms: 0,
    });
    await page.until('relay:draining');
    await eventually('it has ended', isGone(a));
    assert.ok(performance.now() - before < 5_000);
    assert.equal(page.all('relay:move').length, 0);
  });
});
