/** The harness itself: real Redis, relays and balancer, each of which can be ended, held and started again. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { io, type Socket } from 'socket.io-client';
import { COMMERCIALS } from '../../../demo/server/people.ts';
import { skipWithout } from '../ensure-program.ts';
import { waitUntil } from '../wait.ts';
import { RelayCluster } from './relay-cluster.ts';

/** What Redis says to one line of a client. */
function askRedis(port: number, line: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${line}\r\n`));
    const end = (answer: string) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setEncoding('utf8').once('data', end);
    socket.once('error', () => end('refused'));
    socket.setTimeout(1_000, () => end('silence'));
  });
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(1_000) }).then(
    ({ status }) => status === 200,
    () => false,
  );
}

const skip = await skipWithout('redis-server', 'haproxy');

describe('a cluster of three relays', { skip }, () => {
  let cluster: RelayCluster;
  const sockets: Socket[] = [];

  /** A page connects by the balancer, and is ready. */
  const join = async (path = '/socket.io/'): Promise<Socket> => {
    const [person] = COMMERCIALS;
    assert.ok(person);
    const socket = io(cluster.url, {
      path,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: { token: cluster.token(person) },
    });
    sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('session:ready', () => resolve());
      socket.once('connect_error', reject);
    });
    return socket;
  };
  const connections = async (): Promise<number[]> => {
    const metrics = await Promise.all(cluster.nodes.map((node) => node.metrics()));
    return metrics.map((each) => each.get('prospect_relay_connections') ?? -1);
  };

  before(async () => {
    // All pages here are one person's.
    cluster = await RelayCluster.start({ relayEnv: { CONNECTIONS_PER_USER: '100' } });
  });
  after(async () => {
    for (const socket of sockets) socket.disconnect();
    await cluster.close();
    assert.equal(await answers(cluster.url), false);
    for (const node of cluster.nodes) assert.equal(await answers(node.url), false);
    assert.equal(await askRedis(cluster.redis.port, 'PING'), 'refused');
  });

  it('pages land on all of them, by one address', async () => {
    for (let page = 0; page < 6; page += 1) await join();
    assert.deepEqual(await connections(), [2, 2, 2]);
  });

  it('a relay that is killed takes nobody else with it, and comes back at its place', async () => {
    const node = cluster.node('b');
    await node.kill();
    assert.equal(await answers(node.url), false);
    await waitUntil('its pages notice', () => sockets.filter(({ connected }) => connected).length === 4);
    for (let page = 0; page < 4; page += 1) await join();
    await node.start();
    assert.equal(await answers(node.url), true);
    await waitUntil('newcomers for it', async () => {
      await join();
      return ((await node.metrics()).get('prospect_relay_connections') ?? 0) > 0;
    });
  });

  it('a path with a relay’s name leads to that relay, and while it is gone to another', async () => {
    const node = cluster.node('c');
    const connectionsOf = async () => (await node.metrics()).get('prospect_relay_connections') ?? -1;
    const before = await connectionsOf();
    for (let page = 0; page < 3; page += 1) await join('/n/c/socket.io/');
    assert.equal(await connectionsOf(), before + 3);
    await node.kill();
    assert.ok((await join('/n/c/socket.io/')).connected);
    await node.start();
    const leads = async () => {
      await join('/n/c/socket.io/');
      return (await connectionsOf()) > 0;
    };
    await waitUntil('its path leads to it again', leads);
  });

  it('a relay is held and goes on', async () => {
    const node = cluster.node('c');
    await node.freeze();
    assert.equal(await answers(node.url), false);
    await node.thaw();
    assert.equal(await answers(node.url), true);
  });

  it('a relay is stopped on purpose and started again', async () => {
    const node = cluster.node('a');
    await node.stop();
    assert.ok(node.logLines.some(({ msg }) => msg === 'relay stopped'));
    await node.start();
    assert.equal(await answers(node.url), true);
  });

  it('Redis wants the password, lets its user do no administration, and can be held and ended', async () => {
    const { redis } = cluster;
    assert.match(await askRedis(redis.port, 'PING'), /^-NOAUTH/);
    const { username, password } = new URL(redis.url);
    const as = (line: string) => askRedis(redis.port, `AUTH ${username} ${password}\r\n${line}`);
    assert.match(await as('SET prospect:{x}:node:a 1 PX 5000'), /\+OK\r\n\+OK/);
    assert.match(await as('SET other 1'), /NOPERM/);
    for (const line of ['FLUSHALL', 'CONFIG GET *', 'KEYS *', 'ACL LIST', 'SHUTDOWN'])
      assert.match(await as(line), /NOPERM/, line);
    redis.freeze();
    assert.equal(await askRedis(redis.port, 'PING'), 'silence');
    redis.thaw();
    await redis.kill();
    assert.equal(await askRedis(redis.port, 'PING'), 'refused');
    await redis.restart();
    assert.match(await as('GET prospect:{x}:node:a'), /\$-1/);
    assert.ok(await answers(cluster.url), 'the relays serve without it');
  });

  it('the balancer is killed and comes back at its address', async () => {
    await cluster.haproxy.kill();
    assert.equal(await answers(cluster.url), false);
    await cluster.haproxy.restart();
    await cluster.untilReady();
    assert.ok((await join()).connected);
  });
});
