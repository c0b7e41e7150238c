import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { commercial } from '../streams/testing/scene.ts';
import { eventually } from './testing/live-page.ts';
import { LiveRelay, tokenOf } from './testing/live-relay.ts';

const TEXT = 1;
const PING = 9;
const PONG = 10;
const MIB = 2 ** 20;

/** A client's frame (RFC 6455, 5.2), masked with zeros. */
function frame(opcode: number, payload: Buffer | string, fin = true): Buffer {
  const body = Buffer.from(payload);
  const length = body.length < 126 ? Buffer.from([0x80 | body.length]) : Buffer.from([0x80 | 126, 0, 0]);
  if (length.length === 3) length.writeUInt16BE(body.length, 1);
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | opcode]), length, Buffer.alloc(4), body]);
}

/** A WebSocket whose every byte the test decides; it reads what comes unless it is paused. */
async function rawWebSocket(t: TestContext, relay: LiveRelay): Promise<Socket> {
  const socket = connect(relay.ports[0] ?? 0, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  await once(socket, 'data');
  return socket;
}

/** Sends the same bytes until the relay ends the connection, or so much went out. @returns how much went out */
async function flood(socket: Socket, bytes: Buffer, limit: number): Promise<number> {
  let sent = 0;
  while (!socket.closed && sent < limit) {
    sent += bytes.length;
    if (!socket.write(bytes)) {
      await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return sent;
}

function many(bytes: Buffer): Buffer {
  return Buffer.concat(Array.from({ length: Math.ceil(65_536 / bytes.length) }, () => bytes));
}

const FLOODS: Readonly<Record<string, Buffer>> = {
  'large pings': many(frame(PING, Buffer.alloc(125))),
  'empty pings': many(frame(PING, '')),
  'pongs nobody asked for': many(frame(PONG, 'x')),
  'texts that say nothing': many(frame(TEXT, '')),
  'heartbeats nobody asked for': many(frame(TEXT, '3')),
  'fragments without end': Buffer.concat([frame(TEXT, '', false), many(frame(0, '', false))]),
  'messages in many fragments': many(
    Buffer.concat([frame(TEXT, '3', false), ...Array.from({ length: 30 }, () => frame(0, '', false)), frame(0, '')]),
  ),
};

for (const [what, bytes] of Object.entries(FLOODS)) {
  test(`a connection that floods with ${what} is ended, without a token`, async (t) => {
    const relay = await LiveRelay.start(t);
    const socket = await rawWebSocket(t, relay);
    const sent = await flood(socket, bytes, 200 * MIB);
    assert.ok(sent < 200 * MIB, 'it was never ended');
    await eventually(() => relay.signalling.gauges().connections === 0, 'the connection stays');
  });
}

test('a peer that pings and does not read is ended before the relay’s memory grows; it is counted once', async (t) => {
  const relay = await LiveRelay.start(t);
  const sockets = await Promise.all([1, 2, 3].map(() => rawWebSocket(t, relay)));
  const before = process.memoryUsage().rss;
  await Promise.all(
    sockets.map(async (socket) => {
      socket.pause();
      await flood(socket, FLOODS['large pings'] ?? Buffer.alloc(0), 60 * MIB);
    }),
  );
  await eventually(() => relay.signalling.gauges().connections === 0, 'the connections stay');
  const grown = (process.memoryUsage().rss - before) / MIB;
  assert.ok(grown < 100, `memory grew by ${grown} MiB`);
  assert.equal(relay.doors.get('flood'), 3);
});

test('who is ended for a flood and still reads is told: close code 1008, rate_limited', async (t) => {
  const relay = await LiveRelay.start(t);
  const socket = await rawWebSocket(t, relay);
  const heard: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => heard.push(chunk));
  socket.write(Buffer.concat(Array.from({ length: 2_000 }, () => frame(TEXT, '3'))));
  await once(socket, 'close');
  const closeFrame = Buffer.concat([Buffer.from([0x88, 14, 1008 >> 8, 1008 & 255]), Buffer.from('rate_limited')]);
  assert.ok(Buffer.concat(heard).includes(closeFrame));
});

test('a flood after authentication ends the connection too, and the session can be resumed', async (t) => {
  const relay = await LiveRelay.start(t);
  const socket = await rawWebSocket(t, relay);
  socket.write(frame(TEXT, `40${JSON.stringify({ token: tokenOf(commercial('cleo')) })}`));
  await eventually(() => relay.signalling.gauges().attached === 1, 'the page did not get in');
  await flood(socket, FLOODS['large pings'] ?? Buffer.alloc(0), 200 * MIB);
  await eventually(() => relay.signalling.gauges().attached === 0, 'the page stays');
  assert.equal(relay.signalling.gauges().sessions, 1);
  assert.equal(relay.doors.get('flood'), 1);
});

test('a ping is answered with its data (RFC 6455, 5.5.3); of many that wait, the last one', async (t) => {
  const relay = await LiveRelay.start(t);
  const socket = await rawWebSocket(t, relay);
  const heard: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => heard.push(chunk));
  const pongOf = (data: string): Buffer => Buffer.concat([Buffer.from([0x8a, data.length]), Buffer.from(data)]);
  socket.write(frame(PING, 'alone'));
  await eventually(() => Buffer.concat(heard).includes(pongOf('alone')), 'no pong');
  heard.length = 0;
  socket.write(Buffer.concat(Array.from({ length: 100 }, (_, index) => frame(PING, `n${index}`))));
  await eventually(() => Buffer.concat(heard).includes(pongOf('n99')), 'no pong for the last');
  assert.ok(Buffer.concat(heard).length < 100 * pongOf('n10').length, 'each of them was answered');
});

test('many packets in one polling request are counted one by one', async (t) => {
  const relay = await LiveRelay.start(t);
  const url = `http://127.0.0.1:${relay.ports[0]}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(url)).text()).slice(1));
  const body = Array.from({ length: 5_000 }, () => '3').join('\x1e');
  await fetch(`${url}&sid=${sid}`, { method: 'POST', body }).catch(() => undefined);
  await eventually(() => relay.signalling.gauges().connections === 0, 'the connection stays');
  assert.equal(relay.doors.get('flood'), 1);
});
