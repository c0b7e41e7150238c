import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Server, type Socket } from 'socket.io';
import type { HandshakeAuth, NodePlace, PayloadOf } from '../../relay/protocol/messages.ts';
import { FakePage } from '../shared/testing/fake-page.ts';
import { RelayClient } from './relay-client.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** What a connection meets: a session (at a place, or of a single relay), a refusal, no answer at all, or the end of its TCP connection. */
type Fate = { place?: NodePlace } | { code: string; place?: NodePlace } | 'silence' | 'cut';
interface Attempt {
  /** The path that was asked for, without `socket.io/` and what follows. */
  readonly path: string;
  readonly sessionId: string | undefined;
  readonly sought: boolean | undefined;
}

/** A balancer and the nodes behind it, of which only the connections are real. */
async function setUp(decide: (attempt: Attempt, count: number) => Fate | Promise<Fate>, prefix = '') {
  const http = createServer();
  const io = new Server(http, { serveClient: false });
  closers.push(() => io.close());
  const attempts: Attempt[] = [];
  const sockets: Socket[] = [];
  const paths = new WeakMap<object, string>();
  const fates = new WeakMap<Socket, Fate>();
  http.prependListener('upgrade', (request) => {
    const [, path = '', rest = ''] = /^(.*?)(\/socket\.io\/.*)$/.exec(request.url ?? '') ?? [];
    paths.set(request, path);
    request.url = rest;
  });
  io.use(async (socket, next) => {
    const { sessionId, sought }: HandshakeAuth = socket.handshake.auth;
    const attempt = { path: paths.get(socket.conn.request) ?? '?', sessionId, sought };
    attempts.push(attempt);
    const fate = await decide(attempt, attempts.length);
    fates.set(socket, fate);
    if (fate === 'cut') socket.conn.close();
    else if (fate !== 'silence' && 'code' in fate) next(Object.assign(new Error('refused'), { data: fate }));
    else if (fate !== 'silence') next();
  });
  io.on('connection', (socket) => {
    sockets.push(socket);
    const fate = fates.get(socket);
    const ready: PayloadOf<'session:ready'> = {
      sessionId: `session-${sockets.length}`,
      traceId: '0af7651916cd43dd8448eb211c80319c',
      resumed: false,
      hasMedia: false,
      relayVersion: '0',
      protocol: 3,
      user: { role: 'commercial', id: 'c1', name: 'C', equipe: 'nord' },
      tokenExpiresInMs: 3_600_000,
      iceServers: [],
      demandLingerMs: 3_000,
      voiceWithoutListeners: false,
      ...(typeof fate === 'object' && fate.place && { place: fate.place }),
    };
    socket.emit('session:ready', ready);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const page = new FakePage();
  const client = new RelayClient({
    resolveAddress: () => ({ origin: `http://127.0.0.1:${port}`, path: `${prefix}/socket.io` }),
    token: 't1',
    version: '1.2.3',
    page,
    log: () => {},
  });
  closers.push(() => client.close());
  const statuses: string[] = [];
  client.on('status', (status) => statuses.push(`${status} ${client.fault?.code ?? ''}`.trim()));
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await wait(5);
  };
  /** The connection is lost, and found again. */
  const again = async (): Promise<void> => {
    const before = sockets.length;
    sockets.at(-1)?.conn.close();
    await until(() => sockets.length > before && client.status === 'online');
  };
  await until(() => client.status === 'online');
  statuses.splice(0);
  return { client, page, attempts, sockets, statuses, until, again, port };
}

const ONE: NodePlace = { path: '/n/one' };
const TWO: NodePlace = { path: '/n/two' };
const pathsOf = (attempts: readonly Attempt[]): string[] => attempts.map(({ path }) => path);

describe('a page of a cluster', { timeout: 60_000 }, () => {
  it('comes back to its node by the path that the node said, and the person sees no more than of one relay', async () => {
    const { attempts, again, statuses } = await setUp(() => ({ place: ONE }));
    await again();
    await again();
    assert.deepEqual(pathsOf(attempts), ['', '/n/one', '/n/one']);
    assert.deepEqual(
      attempts.map(({ sessionId, sought }) => [sessionId, sought]),
      [
        [undefined, undefined],
        ['session-1', undefined],
        ['session-2', undefined],
      ],
    );
    assert.deepEqual(statuses, ['offline', 'online', 'offline', 'online']);
  });

  it('keeps the path of its own address before the node’s', async () => {
    const { attempts, again } = await setUp(() => ({ place: ONE }), '/live');
    await again();
    assert.deepEqual(pathsOf(attempts), ['/live', '/live/n/one']);
  });

  it('of a single relay makes each attempt at the one path', async () => {
    const { attempts, again } = await setUp(() => ({}));
    await again();
    await again();
    assert.deepEqual(pathsOf(attempts), ['', '', '']);
  });

  it('comes back to the node’s own URL, where it has one', async () => {
    const node = await setUp(() => ({}));
    const url = `http://127.0.0.1:${node.port}`;
    const { client, sockets, attempts } = await setUp(() => ({ place: { ...ONE, url } }), '/live');
    sockets[0]?.conn.close();
    await node.until(() => node.attempts.length === 2 && client.status === 'online');
    assert.deepEqual(pathsOf(attempts), ['/live']);
    assert.deepEqual(node.attempts[1], { path: '/n/one', sessionId: 'session-1', sought: undefined });
  });

  it('tries the plain path once its node was not reached, and is at home wherever that leads', async () => {
    for (const fate of ['cut', { code: 'draining' }, { code: 'internal' }] as const) {
      const { attempts, again, statuses } = await setUp(({ path }, count) =>
        path === '' ? { place: count === 1 ? ONE : TWO } : fate,
      );
      await again();
      assert.deepEqual(pathsOf(attempts), ['', '/n/one', '']);
      assert.equal(attempts[2]?.sessionId, 'session-1');
      assert.equal(attempts[2]?.sought, undefined);
      assert.ok(!statuses.some((status) => status.startsWith('refused')));
    }
  });

  it('follows the word of where its session is at once', async () => {
    const { attempts, again, statuses } = await setUp(({ path }, count) => {
      if (count === 1) return { place: ONE };
      if (count === 2) return 'cut';
      return path === '/n/one' ? { place: ONE } : { code: 'elsewhere', place: ONE };
    });
    await again();
    assert.deepEqual(pathsOf(attempts), ['', '/n/one', '', '/n/one']);
    assert.deepEqual(statuses, ['offline', 'online']);
  });

  it('follows it once in a row, then says that it has looked', async () => {
    const { attempts, again, statuses } = await setUp(({ path, sought }, count) => {
      if (count === 1 || sought) return { place: path === '' && count > 1 ? TWO : ONE };
      return path === '' ? { code: 'elsewhere', place: ONE } : 'cut';
    });
    await again();
    assert.deepEqual(
      attempts.map(({ path, sought }) => [path, sought]),
      [
        ['', undefined],
        ['/n/one', undefined],
        ['', undefined],
        ['/n/one', true],
      ],
    );
    await again();
    assert.deepEqual(statuses, ['offline', 'online', 'offline', 'online']);
  });

  it('is sent about by nobody: two nodes that each name the other are asked no more often than a relay that is away', async () => {
    const { attempts, sockets } = await setUp(({ path }, count) =>
      count === 1 ? { place: ONE } : { code: 'elsewhere', place: path === '/n/one' ? TWO : ONE },
    );
    const from = performance.now();
    sockets[0]?.conn.close();
    await wait(1_500);
    const seconds = (performance.now() - from) / 1_000;
    assert.ok(attempts.length <= 4 + 3 * seconds, `${attempts.length} attempts in ${seconds} s`);
    assert.equal(
      attempts.slice(4).every(({ sought }) => sought),
      true,
    );
  });

  it('goes on elsewhere when its node says that it stops', async () => {
    const { attempts, sockets, again, until } = await setUp((_attempt, count) => ({ place: count === 1 ? ONE : TWO }));
    sockets[0]?.emit('relay:draining', { reconnectAfterMs: 10 });
    await wait(50);
    await again();
    assert.deepEqual(pathsOf(attempts), ['', '']);
    await until(() => attempts.length === 2);
  });

  it('looks for its node again when the network is back', async () => {
    const { attempts, page, sockets, until, client } = await setUp((_attempt, count) =>
      count === 2 || count === 3 ? 'cut' : { place: ONE },
    );
    sockets[0]?.conn.close();
    await until(() => attempts.length === 3);
    await until(() => client.status === 'offline');
    await wait(20);
    page.emit('online');
    await until(() => client.status === 'online');
    assert.deepEqual(pathsOf(attempts).slice(0, 3), ['', '/n/one', '']);
    assert.equal(attempts.at(-1)?.path, '/n/one');
  });

  it('with a token of another user goes where the address leads', async () => {
    const { attempts, sockets, client, until } = await setUp(() => ({ place: ONE }));
    sockets[0]?.on('session:refresh', (_params, ack) =>
      ack({ ok: false, error: { code: 'token_user_changed', message: 'other' } }),
    );
    client.setToken('other');
    await until(() => attempts.length === 2 && client.status === 'online');
    assert.deepEqual(attempts[1], { path: '', sessionId: undefined, sought: undefined });
  });

  it('takes an answer that comes late for that of its own attempt', async () => {
    const { promise, resolve } = Promise.withResolvers<Fate>();
    const { attempts, sockets, page, until, client } = await setUp((_attempt, count) =>
      count === 2 ? promise : { place: TWO },
    );
    sockets[0]?.conn.close();
    await until(() => attempts.length === 2);
    client.setToken('t2');
    assert.equal(client.status, 'offline');
    page.emit('online');
    await until(() => client.status === 'online');
    resolve({ code: 'elsewhere', place: ONE });
    await wait(50);
    assert.equal(client.status, 'online');
    assert.equal(client.session?.place?.path, '/n/two');
  });
});

describe('a page whose node asks it to go over to another', { timeout: 60_000 }, () => {
  it('connects a second time beside, wherever the address leads, and leaves the first when all is ready', async () => {
    const { client, attempts, sockets, statuses, until } = await setUp((_attempt, count) => ({
      place: count === 1 ? ONE : TWO,
    }));
    const events: string[] = [];
    const asked: string[] = [];
    client.on('session:ready', () => events.push('ready'));
    client.on('moved', () => events.push('moved'));
    client.on('demand:changed', ({ version }) => events.push(`list ${version}`));
    const { promise, resolve } = Promise.withResolvers<void>();
    client.prepareMove = async (next) => {
      asked.push(next.session.sessionId);
      await promise;
    };
    sockets[0]?.emit('relay:move', { withinMs: 60_000 });
    await until(() => asked.length === 1);
    assert.deepEqual(attempts[1], { path: '', sessionId: 'session-1', sought: true });
    sockets[1]?.emit('demand:changed', { version: 1, since: null, joined: [], left: [] });
    sockets[0]?.emit('demand:changed', { version: 7, since: null, joined: [], left: [] });
    await until(() => events.length === 1);
    assert.equal(client.session?.sessionId, 'session-1');
    resolve();
    await until(() => sockets[0]?.connected === false);
    assert.deepEqual(events, ['list 7', 'moved', 'list 1']);
    assert.deepEqual([client.session?.sessionId, client.session?.place?.path], ['session-2', '/n/two']);
    assert.deepEqual([client.status, statuses], ['online', []]);
  });

  it('tries again while it is refused, and stays until then; a wish that is under way is told at the new node too', async () => {
    const { client, sockets, attempts, statuses, until } = await setUp((_attempt, count) =>
      count === 2 ? { code: 'draining' } : { place: ONE },
    );
    const { promise, resolve } = Promise.withResolvers<void>();
    client.prepareMove = () => promise;
    sockets[0]?.on('stream:pause', () => {});
    sockets[0]?.emit('relay:move', { withinMs: 60_000 });
    await until(() => sockets.length === 2);
    assert.equal(attempts.length, 3);
    const paused = client.request('stream:pause', { paused: true });
    sockets[1]?.on('stream:pause', (_params, ack) => ack({ ok: true, data: {} }));
    await wait(20);
    resolve();
    assert.deepEqual(await paused, {});
    assert.deepEqual(statuses, []);
  });

  it('finds out at the new node, anew, when that one took over and was lost before it said so', async () => {
    const { client, sockets, attempts, until } = await setUp((_attempt, count) => ({ place: count === 1 ? ONE : TWO }));
    const ready: boolean[] = [];
    client.on('session:ready', ({ resumed }) => ready.push(resumed));
    client.prepareMove = async (next) => void (await next.commit('stream:start', { again: true }));
    sockets[0]?.emit('relay:move', { withinMs: 60_000 });
    await until(() => sockets.length === 2);
    sockets[0]?.emit('stream:ended', { reason: 'replaced' });
    let ended = 0;
    client.on('stream:ended', () => {
      ended += 1;
    });
    await wait(50);
    sockets[1]?.conn.close();
    await until(() => ready.length === 1);
    assert.deepEqual([attempts[2]?.sessionId, ready, ended], ['session-2', [false], 0]);
  });

  it('ends both connections when it is closed', async () => {
    const { client, sockets, until } = await setUp(() => ({ place: ONE }));
    client.prepareMove = () => new Promise(() => {});
    sockets[0]?.emit('relay:move', { withinMs: 60_000 });
    await until(() => sockets.length === 2);
    client.close();
    await until(() => sockets.every(({ connected }) => !connected));
  });
});
