import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { connect, Socket } from 'node:net';
import { test } from 'node:test';
import { Counter } from '../doors/counter.ts';
import { TokenBucket } from '../doors/token-bucket.ts';
import { admin, commercial } from '../streams/testing/scene.ts';
import { iceServersFor } from './ice-servers.ts';
import { addressOf } from './peer-address.ts';
import { eventually } from './testing/live-page.ts';
import { LiveRelay, tokenOf } from './testing/live-relay.ts';

test('a bucket lets twice the rate pass at once, and the rate in the long run', () => {
  let now = 0;
  const bucket = new TokenBucket(10, undefined, () => now);
  const passed = (times: number): number => Array.from({ length: times }, () => bucket.take()).filter(Boolean).length;
  assert.equal(passed(100), 20);
  now += 500;
  assert.equal(passed(100), 5);
  now += 3_600_000;
  assert.equal(passed(100), 20);
});

test('a counter forgets names that have nothing to count, and takes each back once', () => {
  const counter = new Counter();
  const first = counter.add('a');
  const second = counter.add('a');
  first();
  first();
  assert.equal(counter.get('a'), 1);
  second();
  assert.equal(counter.size, 0);
});

function request(headers: Record<string, string>): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  Object.assign(message.headers, headers);
  Object.defineProperty(message.socket, 'remoteAddress', { value: '::ffff:192.0.2.1' });
  return message;
}

test('the address is what the outermost trusted proxy saw', () => {
  const forwarded = { 'x-forwarded-for': '198.51.100.66, 203.0.113.5 , 10.0.0.1' };
  assert.equal(addressOf(request({}), 0), '192.0.2.1');
  assert.equal(addressOf(request({}), 2), '192.0.2.1');
  assert.equal(addressOf(request(forwarded), 0), '192.0.2.1');
  assert.equal(addressOf(request(forwarded), 1), '10.0.0.1');
  assert.equal(addressOf(request(forwarded), 2), '203.0.113.5');
  assert.equal(addressOf(request({ 'x-forwarded-for': ' , ,' }), 1), '192.0.2.1');
  const ports = { 'x-forwarded-for': '198.51.100.66:1, [2001:db8:0:7::5]:50001, 10.0.0.1:443' };
  assert.equal(addressOf(request(ports), 1), '10.0.0.1');
  assert.equal(addressOf(request(ports), 2), '2001:db8:0:7::/64');
});

test('what a proxy could not name counts for the proxy, and hides nobody', () => {
  for (const unknown of ['unknown', '', '_x', '203.0.113.5x']) {
    const forwarded = { 'x-forwarded-for': `198.51.100.66, ${unknown}, 10.0.0.1` };
    assert.equal(addressOf(request(forwarded), 3), '10.0.0.1', unknown);
  }
});

test('ICE servers are those that are configured; TURN needs its secret', () => {
  const none = { stunUrls: [], turnUrls: [], turnSecret: null, turnCredentialTtlS: 60 };
  assert.deepEqual(iceServersFor(none, 'cleo'), []);
  assert.deepEqual(iceServersFor({ ...none, turnUrls: ['turn:t'] }, 'cleo'), []);
  // The credential was computed with: printf '1700000060:…' | openssl dgst -sha1 -hmac secret -binary | base64
  const [turn] = iceServersFor({ ...none, turnUrls: ['turn:t'], turnSecret: 'secret' }, 'cleo', 1_700_000_000_000);
  assert.deepEqual(turn, {
    urls: ['turn:t'],
    username: '1700000060:729c0971358dae1b595d244557478984',
    credential: 'WcLl6YUMJ9fcfqIwPpL2mY4T+l0=',
  });
  const other = iceServersFor({ ...none, turnUrls: ['turn:t'], turnSecret: 'another' }, 'cleo', 1_700_000_000_000);
  assert.notEqual(other[0]?.username, turn?.username, 'without the secret nobody can try ids');
});

/** A client's WebSocket text frame (RFC 6455, 5.2), masked with zeros. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(payload.length);
  return Buffer.concat([Buffer.from([0x81, 0x80 | 126]), length, Buffer.alloc(4), payload]);
}

test('a page that does not read is disconnected before it fills the relay’s memory; its session stays', async (t) => {
  const relay = await LiveRelay.start(t, { limits: { messagesPerSecond: 1_000_000, connectionsPerUser: 100 } });
  const equipe = 'x'.repeat(128);
  for (let i = 0; i < 60; i += 1) await relay.join(commercial(`c${i}`, equipe, 'n'.repeat(200)));
  const socket = connect(relay.ports[0] ?? 0, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  await new Promise((resolve) => socket.once('data', resolve));
  socket.write(frame(`40${JSON.stringify({ token: tokenOf(admin('ada', [equipe])) })}`));
  await eventually(() => relay.signalling.gauges().attached === 61, 'the page did not get in');
  socket.pause();
  // Every other refresh changes the claims, and each change sends the whole roster of some 25 KB.
  let sent = 0;
  const before = process.memoryUsage().rss;
  while (relay.signalling.gauges().attached === 61 && sent < 20_000) {
    const token = tokenOf(admin('ada', [equipe], `Ada ${sent}`));
    socket.write(frame(`42${sent}${JSON.stringify(['session:refresh', { token }])}`));
    sent += 1;
    if (sent % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(sent < 20_000, 'the page was never disconnected');
  const grownMb = (process.memoryUsage().rss - before) / 2 ** 20;
  assert.ok(grownMb < 150, `memory grew by ${grownMb} MB`);
  const { attached, sessions } = relay.signalling.gauges();
  assert.deepEqual([attached, sessions], [60, 61]);
  const other = await relay.join(commercial('other'));
  await other.request('stream:stop');
});
