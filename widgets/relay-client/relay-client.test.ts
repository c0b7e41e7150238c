import assert from 'node:assert/strict';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { Server, type Socket } from 'socket.io';
import type { HandshakeAuth, PayloadOf } from '../../relay/protocol/messages.ts';
import { FakePage } from '../shared/testing/fake-page.ts';
import { RelayClient } from './relay-client.ts';

const READY: PayloadOf<'session:ready'> = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  sessionId: 'first',
  resumed: false,
  hasMedia: false,
  relayVersion: '0',
  protocol: 3,
  user: { role: 'commercial', id: 'c1', name: 'C', equipe: 'nord' },
  tokenExpiresInMs: 3_600_000,
  iceServers: [],
  demandLingerMs: 3_000,
  voiceWithoutListeners: false,
};

/** A relay of which only the connection is real. */
class TestRelay {
  readonly #http: HttpServer = createServer();
  #io: Server | null = null;
  port = 0;
  readonly handshakes: HandshakeAuth[] = [];
  sockets: Socket[] = [];
  /** The code with which the next handshakes are refused. */
  refuse: string | null = null;
  /** The one token that is accepted, when not all are. */
  accept: string | null = null;
  refresh: (token: string) => unknown = () => ({
    ok: true,
    data: { tokenExpiresInMs: 1_000_000, user: READY.user, iceServers: [] },
  });
  silent = false;
  ready = READY;

  async start(port = 0): Promise<void> {
    const io = new Server(this.#http, { serveClient: false });
    this.#io = io;
    io.use((socket, next) => {
      this.handshakes.push(socket.handshake.auth);
      const { token } = socket.handshake.auth;
      const code = this.accept === null || token === this.accept ? this.refuse : 'token_expired';
      next(
        code
          ? Object.assign(new Error('refused'), { data: { code, message: 'refused', traceId: READY.traceId } })
          : undefined,
      );
    });
    io.on('connection', (socket) => {
      this.sockets.push(socket);
      socket.on('session:refresh', ({ token }, ack) => {
        if (!this.silent) ack(this.refresh(token));
      });
      socket.on('stream:start', (_params, ack) => ack({ ok: false, error: { code: 'not_connected', message: 'no' } }));
      socket.emit('session:ready', this.ready);
    });
    await new Promise<void>((resolve) => this.#http.listen(port, '127.0.0.1', resolve));
    const address = this.#http.address() as AddressInfo;
    this.port = address.port;
  }

  async stop(): Promise<void> {
    await this.#io?.close();
  }
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function setUp(token: string | null = 't1', prepare: (relay: TestRelay) => void = () => {}) {
  const relay = new TestRelay();
  prepare(relay);
  await relay.start();
  closers.push(() => relay.stop());
  const page = new FakePage();
  const client = new RelayClient({
    resolveAddress: () => ({ origin: `http://127.0.0.1:${relay.port}`, path: '/socket.io' }),
    token,
    version: '1.2.3',
    page,
    log: () => {},
  });
  closers.push(() => client.close());
  const statuses: string[] = [];
  client.on('status', (status) => statuses.push(status));
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = setInterval(() => {
        if (!condition()) return;
        clearInterval(look);
        resolve();
      }, 5);
    });
  const online = () => until(() => client.status === 'online');
  return { relay, page, client, statuses, until, online };
}

describe('relay client', { timeout: 60_000 }, () => {
  it('connects with its token in the handshake, and is online with session:ready', async () => {
    const { relay, client, online } = await setUp();
    assert.equal(client.status, 'connecting');
    await online();
    assert.deepEqual(relay.handshakes, [{ token: 't1', version: '1.2.3', protocol: 3 }]);
    assert.equal(client.session?.sessionId, 'first');
  });

  it('waits without a token, and connects when it has one', async () => {
    const { relay, client, online } = await setUp(null);
    assert.equal(client.status, 'idle');
    client.setToken('t2');
    await online();
    assert.equal(relay.handshakes[0]?.token, 't2');
    client.setToken(null);
    assert.equal(client.status, 'idle');
  });

  it('passes notifications on, and only those of the protocol', async () => {
    const { relay, client, online, statuses, until } = await setUp();
    const seen: unknown[] = [];
    client.on('stream:ended', ({ reason }) => seen.push(reason));
    await online();
    relay.sockets[0]?.emit('status', 'closed');
    relay.sockets[0]?.emit('stream:ended', { reason: 'replaced' });
    await until(() => seen.length > 0);
    assert.deepEqual(seen, ['replaced']);
    assert.deepEqual(statuses, ['online']);
  });

  it('gives a request’s error its code', async () => {
    const { client, online } = await setUp();
    await assert.rejects(client.request('stream:start', {}), { code: 'relay_unreachable' });
    await online();
    await assert.rejects(client.request('stream:start', {}), {
      code: 'not_connected',
      message: `no (trace ${READY.traceId})`,
    });
    await assert.rejects(client.request('stream:stop', {}, 50), {
      code: 'request_timeout',
      message: `stream:stop was not answered. (trace ${READY.traceId})`,
    });
    const lost = client.request('stream:stop', {});
    client.close();
    await assert.rejects(lost, { code: 'relay_unreachable' });
  });

  it('reconnects by itself with its session’s id', async () => {
    const { relay, client, online, until } = await setUp();
    await online();
    relay.sockets[0]?.disconnect(true);
    await until(() => client.status === 'offline');
    await online();
    assert.equal(relay.handshakes[1]?.sessionId, 'first');
  });

  it('finds a relay that was away', async () => {
    const { relay, client, online, until } = await setUp();
    await online();
    const { port } = relay;
    await relay.stop();
    await until(() => client.status === 'offline');
    const next = new TestRelay();
    await next.start(port);
    closers.push(() => next.stop());
    await online();
    assert.equal(next.handshakes.length, 1);
  });

  it('does not repeat a token that was refused, and goes on with a new one', async () => {
    const { relay, client, online, until } = await setUp('bad', (relay) => {
      relay.refuse = 'token_signature_invalid';
    });
    await until(() => client.status === 'refused');
    assert.equal(client.fault?.message, `refused (trace ${READY.traceId})`);
    assert.equal(client.fault?.code, 'token_signature_invalid');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(relay.handshakes.length, 1);
    relay.refuse = null;
    client.setToken('good');
    await online();
    assert.equal(client.fault, null);
  });

  it('goes on trying when the refusal passes by itself', async () => {
    const { relay, client, online, until } = await setUp('t1', (relay) => {
      relay.refuse = 'capacity';
    });
    await until(() => client.fault?.code === 'capacity');
    relay.refuse = null;
    await online();
    assert.equal(relay.handshakes.length, 2);
    assert.equal(client.fault, null);
  });

  it('a token set while the older one is being refused is tried at once', async () => {
    const { relay, client, online, statuses } = await setUp('old', (relay) => {
      relay.accept = 'new';
    });
    client.setToken('new');
    await online();
    assert.deepEqual(
      relay.handshakes.map(({ token }) => token),
      ['old', 'new'],
    );
    assert.ok(!statuses.includes('refused'));
  });

  it('has the ICE servers of its last refresh, also after the connection was lost', async () => {
    const { relay, client, online, until } = await setUp();
    await online();
    const iceServers = [{ urls: ['turn:t.example'], username: 'u', credential: 'fresh' }];
    relay.refresh = () => ({ ok: true, data: { tokenExpiresInMs: 1_000, user: READY.user, iceServers } });
    client.setToken('t2');
    await until(() => client.session?.iceServers.length === 1);
    assert.deepEqual(client.session, { ...READY, tokenExpiresInMs: 1_000, iceServers });
    relay.sockets[0]?.disconnect(true);
    await until(() => client.status === 'offline');
    assert.deepEqual(client.session?.iceServers, iceServers);
  });

  it('refreshes in place', async () => {
    const { relay, client, online, statuses, until } = await setUp();
    await online();
    const tokens: string[] = [];
    relay.refresh = (token) => {
      tokens.push(token);
      return { ok: true, data: { tokenExpiresInMs: 1_000, user: READY.user, iceServers: [] } };
    };
    client.setToken('t2');
    await until(() => tokens.length > 0);
    assert.deepEqual(tokens, ['t2']);
    assert.deepEqual(statuses, ['online']);
    assert.equal(relay.handshakes.length, 1);
  });

  it('connects anew, without the older session, for another user’s token', async () => {
    const { relay, client, online, until } = await setUp();
    await online();
    relay.refresh = () => ({ ok: false, error: { code: 'token_user_changed', message: 'other' } });
    client.setToken('other');
    await until(() => relay.handshakes.length === 2);
    await online();
    assert.equal(relay.handshakes[1]?.sessionId, undefined);
    assert.equal(relay.handshakes[1]?.token, 'other');
  });

  it('says what is wrong with a newer token while the older one holds', async () => {
    const { relay, client, online, until } = await setUp();
    await online();
    relay.refresh = () => ({ ok: false, error: { code: 'token_malformed', message: 'bad' } });
    client.setToken('bad');
    await until(() => client.fault !== null);
    assert.equal(client.status, 'online');
    assert.equal(client.fault?.code, 'token_malformed');
    relay.refresh = () => ({ ok: true, data: { tokenExpiresInMs: 1_000, user: READY.user, iceServers: [] } });
    client.setToken('good');
    await until(() => client.fault === null);
  });

  it('waits for a new token when the session ended with its token, then resumes', async () => {
    const { relay, client, online, until } = await setUp();
    await online();
    relay.sockets[0]?.emit('session:ended', { code: 'token_expired', message: 'past exp' });
    await until(() => client.status === 'refused');
    assert.deepEqual({ ...client.fault }, { code: 'token_expired', message: `past exp (trace ${READY.traceId})` });
    client.setToken('fresh');
    await online();
    assert.deepEqual(relay.handshakes[1], { token: 'fresh', version: '1.2.3', protocol: 3, sessionId: 'first' });
  });

  it('warns before the token ends', async () => {
    const seen: number[] = [];
    const { client, until } = await setUp('t1', (relay) => {
      relay.ready = { ...READY, tokenExpiresInMs: 1_000 };
    });
    client.on('expiring', (ms) => seen.push(ms));
    await until(() => seen.length > 0);
    assert.ok((seen[0] ?? 0) <= 100);
  });

  it('comes back at once when the network does, and replaces a socket that is dead', async () => {
    const { relay, client, page, online, until } = await setUp();
    await online();
    const networks: unknown[] = [];
    client.on('network', () => networks.push(null));
    relay.silent = true;
    page.emit('online');
    assert.equal(networks.length, 1);
    await until(() => relay.handshakes.length === 2);
    await online();
    assert.equal(relay.handshakes[1]?.sessionId, 'first');
  });

  it('says no fault while a relay stops on purpose', async () => {
    const { relay, client, online, until } = await setUp();
    await online();
    relay.sockets[0]?.emit('relay:draining', { reconnectAfterMs: 300 });
    relay.sockets[0]?.disconnect(true);
    const lostAt = Date.now();
    await until(() => client.status === 'offline');
    assert.equal(client.fault, null);
    await online();
    assert.ok(Date.now() - lostAt >= 300);
  });

  it('says what is wrong with its address', () => {
    const client = new RelayClient({
      resolveAddress: () => {
        throw new Error('no address');
      },
      token: 't',
      version: '0',
      page: new FakePage(),
      log: () => {},
    });
    assert.equal(client.status, 'refused');
    client.close();
  });

  it('close ends everything, at once and for good', async () => {
    const { relay, client, page, online, until } = await setUp();
    await online();
    client.close();
    client.close();
    assert.equal(client.status, 'closed');
    assert.equal(page.listeners.size, 0);
    await until(() => relay.sockets[0]?.connected === false);
    client.setToken('later');
    assert.equal(client.status, 'closed');
  });
});
