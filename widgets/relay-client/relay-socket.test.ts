import assert from 'node:assert/strict';
import { createServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, it, mock } from 'node:test';
import { Server, type Socket } from 'socket.io';
import type { Fault } from '../shared/fault.ts';
import { RelaySocket } from './relay-socket.ts';

type Middleware = Parameters<Server['use']>[0];

const closers: (() => unknown)[] = [];

/** A real Socket.IO server, and everything that a RelaySocket reports about it. */
async function setUp(admit: Middleware = (_socket, next) => next(), pingMs = 25_000) {
  const http: HttpServer = createServer();
  const io = new Server(http, { serveClient: false, pingInterval: pingMs, pingTimeout: pingMs });
  closers.push(() => io.close());
  io.use(admit);
  const urls: (string | undefined)[] = [];
  io.engine.on('initial_headers', (_headers: unknown, request: { url?: string }) => urls.push(request.url));
  const connected = new Promise<Socket>((resolve) => io.on('connection', resolve));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const seen: unknown[] = [];
  const changed = new Set<() => void>();
  const note = (what: unknown): void => {
    seen.push(what);
    for (const look of changed) look();
  };
  const client = new RelaySocket(
    { origin: `http://127.0.0.1:${port}`, path: '/socket.io' },
    { token: 'secret' },
    {
      onNotification: (name, payload) => note([name, payload]),
      onClose: (fault: Fault | null) => note(['close', fault]),
    },
  );
  closers.push(() => client.close());
  const until = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (seen.length >= count) resolve();
      };
      changed.add(look);
      look();
    });
  /** The server's side; the client knows that it is let in. */
  const admitted = async (): Promise<Socket> => {
    const socket = await connected;
    socket.emit('relay:draining', { reconnectAfterMs: 5 });
    await until(1);
    assert.deepEqual(seen.splice(0), [['relay:draining', { reconnectAfterMs: 5 }]]);
    return socket;
  };
  return { io, client, seen, until, admitted, urls };
}

describe('relay socket', { timeout: 60_000 }, () => {
  afterEach(async () => {
    mock.timers.reset();
    for (const close of closers.splice(0).reverse()) await close();
  });

  it('sends the token in a packet, not in the URL', async () => {
    const { admitted, urls } = await setUp();
    const { handshake } = await admitted();
    assert.deepEqual(handshake.auth, { token: 'secret' });
    assert.deepEqual(urls, ['/socket.io/?EIO=4&transport=websocket']);
  });

  it('carries requests and acknowledgements, in whatever order', async () => {
    const { client, admitted } = await setUp();
    const server = await admitted();
    const acks: ((answer: unknown) => void)[] = [];
    const got: unknown[] = [];
    server.onAny((name, params, ack) => {
      got.push([name, params]);
      acks.push(ack);
      if (acks.length === 12) for (const [index, answer] of acks.reverse().entries()) answer({ index });
    });
    const params = Array.from({ length: 12 }, (_, index) => ({ index, text: 'é\n"“' }));
    const answers = await Promise.all(params.map((each) => client.request('stream:stop', each, 5_000)));
    assert.deepEqual(
      got,
      params.map((each) => ['stream:stop', each]),
    );
    assert.deepEqual(
      answers,
      params.map(({ index }) => ({ index: 11 - index })),
    );
  });

  it('carries notifications, whatever is in them', async () => {
    const { admitted, seen, until } = await setUp();
    const server = await admitted();
    const payloads = [{}, { text: 'é\n\u2028"“😀' }, { list: [1, null, true, { a: [] }] }, 'text', 7, null];
    for (const payload of payloads) server.emit('demand:changed', payload);
    server.emit('demand:changed');
    await until(7);
    assert.deepEqual(
      seen,
      [...payloads, undefined].map((payload) => ['demand:changed', payload]),
    );
  });

  it('answers a server that asks for an acknowledgement', async () => {
    const { admitted, seen } = await setUp();
    const server = await admitted();
    const question = server.timeout(200).emitWithAck('demand:changed', { listeners: [] });
    await assert.rejects(question, /timed out/);
    assert.equal(seen.length, 1);
    assert.equal(server.connected, true);
  });

  it('sends what needs no answer, and keeps nothing of it for a next connection', async () => {
    const { client, admitted } = await setUp();
    client.send('stream:voice', { level: 1 });
    const server = await admitted();
    const heard: unknown[] = [];
    server.onAny((...args: unknown[]) => heard.push(args));
    client.send('stream:voice', { level: 2 });
    await assert.rejects(client.request('stream:stop', {}, 50), { code: 'request_timeout' });
    assert.deepEqual(heard[0], ['stream:voice', { level: 2 }]);
    assert.equal(heard.length, 2);
  });

  it('gives a request up at its time, or with the connection', async () => {
    const { client, admitted, until, seen } = await setUp();
    await assert.rejects(client.request('stream:stop', {}, 1_000), { code: 'relay_unreachable' });
    const server = await admitted();
    await assert.rejects(client.request('stream:stop', {}, 50), { code: 'request_timeout' });
    const lost = assert.rejects(client.request('stream:stop', {}, 60_000), { code: 'relay_unreachable' });
    server.conn.close();
    await lost;
    await until(1);
    assert.deepEqual(seen, [['close', null]]);
    await assert.rejects(client.request('stream:stop', {}, 1_000), { code: 'relay_unreachable' });
  });

  it('notices at the next request that it slept too long', async () => {
    const { client, admitted, seen } = await setUp();
    const server = await admitted();
    const got: unknown[] = [];
    server.onAny((name) => got.push(name));
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_600_000 });
    await assert.rejects(client.request('stream:stop', {}, 60_000), { code: 'relay_unreachable' });
    assert.deepEqual(seen, [['close', null]]);
    assert.deepEqual(got, []);
  });

  it('answers heartbeats, and notices when they stop', async () => {
    const { admitted, seen, until } = await setUp(undefined, 300);
    const { conn } = await admitted();
    let beats = 0;
    await new Promise<void>((resolve) => {
      conn.on('heartbeat', () => {
        beats += 1;
        if (beats === 4) resolve();
      });
    });
    assert.deepEqual(seen, []);
    // As on a path that has died: the server sends, nothing arrives.
    Object.assign(conn, { sendPacket: () => {} });
    await until(1);
    assert.deepEqual(seen, [['close', null]]);
  });

  it('gives an attempt up after five seconds', async () => {
    const silent = createTcpServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    closers.push(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    mock.timers.enable({ apis: ['setTimeout'] });
    const seen: unknown[] = [];
    const client = new RelaySocket(
      { origin: `http://127.0.0.1:${port}`, path: '/socket.io' },
      {},
      { onNotification: () => {}, onClose: (fault) => seen.push(fault) },
    );
    closers.push(() => client.close());
    mock.timers.tick(4_999);
    assert.deepEqual(seen, []);
    mock.timers.tick(1);
    assert.deepEqual(seen, [null]);
  });

  it('ends when nobody listens there', async () => {
    const closed = createTcpServer(() => {});
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const fault = await new Promise((resolve) => {
      new RelaySocket(
        { origin: `http://127.0.0.1:${port}`, path: '/socket.io' },
        {},
        { onNotification: () => {}, onClose: resolve },
      );
    });
    assert.equal(fault, null);
  });

  it('passes a refusal on with its code', async () => {
    const refusal = Object.assign(new Error('No token.'), { data: { code: 'token_missing' } });
    const { seen, until } = await setUp((_socket, next) => next(refusal));
    await until(1);
    assert.deepEqual(seen, [['close', { code: 'token_missing', message: 'No token.' }]]);
  });

  it('takes a refusal without a code for a failure', async () => {
    const { seen, until } = await setUp((_socket, next) => next(new Error('some proxy')));
    await until(1);
    assert.deepEqual(seen, [['close', null]]);
  });

  it('ends once, with the server', async () => {
    const ends: ((server: Socket) => void)[] = [
      (server) => server.disconnect(),
      (server) => server.disconnect(true),
      (server) => server.conn.close(),
    ];
    for (const end of ends) {
      const { admitted, seen, until } = await setUp();
      end(await admitted());
      await until(1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual(seen, [['close', null]]);
    }
  });

  it('ends with anything that is no Socket.IO', async () => {
    // Events of the client's own names, no JSON, no such type, no list, a list without a name, nothing.
    const wrong = [
      '2["connect_error",{"data":{"code":"x"}}]',
      '2["disconnect"]',
      '2{',
      '9',
      '2{"a":1}',
      '2[]',
      '3{}',
      '',
    ];
    for (const text of wrong) {
      const { admitted, seen, until } = await setUp();
      const server = await admitted();
      server.conn.send(text);
      await until(1);
      assert.deepEqual(seen, [['close', null]], text);
    }
  });

  it('lets acknowledgements pass that nobody waits for', async () => {
    const { admitted, seen, client } = await setUp();
    const server = await admitted();
    for (const text of ['37[{}]', '3[]', '3999999999999999999999[1]']) server.conn.send(text);
    server.onAny((_name, _params, ack) => ack({ ok: true }));
    assert.deepEqual(await client.request('stream:stop', {}, 5_000), { ok: true });
    assert.deepEqual(seen, []);
  });

  it('says goodbye, after what was sent before, and hears nothing from then on', async () => {
    const { client, admitted, seen } = await setUp();
    const server = await admitted();
    const got: unknown[] = [];
    server.onAny((name) => got.push(name));
    const reason = new Promise((resolve) => server.on('disconnect', resolve));
    const last = assert.rejects(client.request('stream:stop', {}, 5_000), { code: 'relay_unreachable' });
    server.emit('stream:ended', { reason: 'replaced' });
    client.close();
    client.close();
    await last;
    assert.equal(await reason, 'client namespace disconnect');
    assert.deepEqual([got, seen], [['stream:stop'], []]);
  });

  it('can be closed before it is open', async () => {
    const { client, io, seen } = await setUp();
    client.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(seen, []);
    assert.equal(io.engine.clientsCount, 0);
  });
});
