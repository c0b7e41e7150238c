import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, get, type RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { ConnectionGuard, type ConnectionLimits } from './connection-guard.ts';
import { DoorCounts } from './door-counts.ts';

const answer: RequestListener = (_req, res) => void res.end('hello');

async function start(t: TestContext, limits: Partial<ConnectionLimits>, handler: RequestListener = answer) {
  const counts = new DoorCounts();
  const all = { total: 100, perAddress: 100, stallMs: 60_000, ...limits };
  const guard = new ConnectionGuard(all, counts, pino({ level: 'silent' }));
  const server = createServer(handler);
  guard.watch(server);
  await new Promise<void>((resolve) => server.listen(0, '::', resolve));
  const clients: Socket[] = [];
  t.after(async () => {
    for (const socket of clients) socket.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    guard.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const { port } = address;
  const open = async (localAddress = '127.0.0.1'): Promise<Socket> => {
    const host = localAddress.includes(':') ? '::1' : '127.0.0.1';
    const socket = connect({ port, host, localAddress });
    clients.push(socket);
    socket.on('error', () => undefined).resume();
    await once(socket, 'connect');
    return socket;
  };
  /** A request over a connection of its own; its body, or the error's code. */
  const ask = (localAddress = '127.0.0.1'): Promise<string> =>
    new Promise((resolve) => {
      get({ port, host: '127.0.0.1', localAddress, agent: new Agent({ keepAlive: false }) }, (res) => {
        res.setEncoding('utf8').on('data', resolve);
      }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  return { counts, server, guard, port, open, ask };
}

async function eventually(holds: () => boolean, what: string): Promise<void> {
  for (const deadline = Date.now() + 10_000; !holds(); await wait(5)) assert.ok(Date.now() < deadline, what);
}

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

test('silent and kept-alive connections, however many, shut nobody out', async (t) => {
  const { counts, open, ask } = await start(t, { total: 10, perAddress: 5 });
  const silent = await Promise.all(Array.from({ length: 20 }, () => open()));
  const kept = await Promise.all(Array.from({ length: 20 }, () => open('127.0.0.2')));
  for (const socket of kept) socket.write(GET);
  for (const address of ['127.0.0.1', '127.0.0.2', '127.0.0.3']) assert.equal(await ask(address), 'hello', address);
  await eventually(() => silent.filter((socket) => !socket.closed).length <= 5, 'the silent ones stay');
  assert.ok(counts.get('made_room') >= 30);
  assert.ok(counts.open <= 10);
});

test('an address that fills its share with requests is refused, others are not', async (t) => {
  const { counts, open, ask } = await start(t, { perAddress: 3 }, (req, res) => {
    if (req.url === '/hold') res.write('held');
    else res.end('hello');
  });
  for (let i = 0; i < 3; i += 1) {
    const socket = await open();
    socket.write(GET.replace('/', '/hold'));
    await once(socket, 'data');
  }
  assert.equal(await ask(), 'ECONNRESET');
  assert.equal(counts.get('address_limit'), 1);
  assert.equal(await ask('127.0.0.2'), 'hello');
});

test('when all places are in use, one more is refused, and places come back', async (t) => {
  const { counts, open, ask } = await start(t, { total: 2, perAddress: null }, (req, res) => {
    if (req.url === '/hold') res.write('held');
    else res.end('hello');
  });
  const held = [await open(), await open('127.0.0.2')];
  for (const socket of held) {
    socket.write(GET.replace('/', '/hold'));
    await once(socket, 'data');
  }
  assert.equal(await ask('127.0.0.3'), 'ECONNRESET');
  assert.equal(counts.get('total_limit'), 1);
  held[0]?.destroy();
  await eventually(() => counts.open === 1, 'its place is still taken');
  assert.equal(await ask('127.0.0.3'), 'hello');
});

test('a connection that was upgraded is not idle', async (t) => {
  const { server, guard, open } = await start(t, { perAddress: 2 });
  server.on('upgrade', (_req, socket) => {
    socket.on('end', () => socket.destroy()).resume();
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
  });
  guard.watchUpgrades(server);
  const upgraded = await open();
  upgraded.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
  await once(upgraded, 'data');
  for (let i = 0; i < 5; i += 1) await open();
  await wait(50);
  assert.equal(upgraded.closed, false);
});

test('who does not read the answers is ended, who reads them stays', async (t) => {
  const large = Buffer.alloc(1_000_000);
  const { counts, open } = await start(t, { stallMs: 1_500 }, (_req, res) => void res.end(large));
  const deaf = await open();
  deaf.pause();
  deaf.write(GET.repeat(40));
  const reader = await open();
  reader.write(GET.repeat(3));
  await eventually(() => counts.get('not_reading') === 1, 'it is never ended');
  await wait(2_500);
  assert.equal(reader.closed, false);
  assert.equal(counts.open, 1);
});
