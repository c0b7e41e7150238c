import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { test } from 'node:test';
import { countMeasures } from '../measures/testing/read-measures.ts';
import { admin, commercial } from '../streams/testing/scene.ts';
import { eventually } from './testing/live-page.ts';
import { LiveRelay, tokenOf } from './testing/live-relay.ts';

test('session:ready comes first and says what the page needs', async (t) => {
  const ice = {
    stunUrls: ['stun:s.example'],
    turnUrls: ['turn:t.example'],
    turnSecret: 'shared',
    turnCredentialTtlS: 600,
  };
  const relay = await LiveRelay.start(t, { ice });
  const page = await relay.join(admin('ada', ['Nord']));
  await page.until('roster:snapshot');
  assert.equal(page.heard[0]?.name, 'session:ready');
  const ready = await page.until('session:ready');
  assert.equal(ready.resumed, false);
  assert.equal(ready.hasMedia, false);
  assert.equal(ready.relayVersion, '1.2.3');
  assert.equal(ready.protocol, 3);
  assert.deepEqual(ready.user, admin('ada', ['Nord']));
  assert.ok(ready.tokenExpiresInMs > 3_500_000);
  assert.equal(ready.demandLingerMs, 3_000);
  const [stun, turn] = ready.iceServers;
  assert.deepEqual(stun, { urls: ['stun:s.example'] });
  assert.ok(turn?.username && turn.credential);
  const expiresInS = Number(turn.username.split(':')[0]) - Date.now() / 1000;
  assert.ok(expiresInS > 500 && expiresInS <= 600);
  assert.ok(!turn.username.includes('ada'));
  assert.equal(turn.credential, createHmac('sha1', 'shared').update(turn.username).digest('base64'));
});

test('a refresh brings TURN credentials that are good for another while', async (t) => {
  const ice = { stunUrls: [], turnUrls: ['turn:t.example'], turnSecret: 'shared', turnCredentialTtlS: 600 };
  const relay = await LiveRelay.start(t, { ice });
  const page = await relay.join(admin('ada'));
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 5_000 });
  const { iceServers } = await page.request('session:refresh', { token: tokenOf(admin('ada')) });
  const expiry = Number(iceServers[0]?.username?.split(':')[0]) * 1_000;
  assert.ok(expiry > Date.now() + 599_000 && expiry <= Date.now() + 600_000);
  assert.notDeepEqual(iceServers, (await page.until('session:ready')).iceServers);
});

test('a handshake is refused with the code of its token', async (t) => {
  const relay = await LiveRelay.start(t);
  assert.equal(await relay.refusal({}), 'token_missing');
  assert.equal(await relay.refusal({ token: 'garbage' }), 'token_malformed');
  assert.equal(await relay.refusal({ token: 17 }), 'token_malformed');
  assert.equal(await relay.refusal({ token: { toString: 'x' } }), 'token_malformed');
  assert.equal(await relay.refusal({ token: 'explode' }), 'internal');
  await eventually(() => relay.signalling.gauges().connections === 0, 'refused connections stay open');
  assert.equal(relay.signalling.gauges().sessions, 0);
});

test('what else a handshake carries cannot break it', async (t) => {
  const relay = await LiveRelay.start(t);
  const token = tokenOf(commercial('cleo'));
  for (const rest of [
    { sessionId: 'unknown' },
    { sessionId: 7 },
    { sessionId: 'x'.repeat(9_999) },
    { protocol: 'ten', version: [] },
  ]) {
    const page = relay.dial({ token, ...rest });
    assert.equal((await page.until('session:ready')).resumed, false);
    page.socket.disconnect();
  }
});

test('a page of a foreign origin is told so; a client without an origin is let in', async (t) => {
  const relay = await LiveRelay.start(t, { allowedOrigins: ['https://app.example.com'] });
  const token = tokenOf(commercial('cleo'));
  const from = (origin: string): { extraHeaders: { origin: string } } => ({ extraHeaders: { origin } });
  assert.equal(await relay.refusal({ token }, from('https://evil.example')), 'origin_not_allowed');
  await relay.dial({ token }, from('https://app.example.com')).until('session:ready');
  await relay.join(commercial('cleo'));
  assert.equal(relay.verifier.verifying, 2, 'a token of a foreign origin is not even looked at');
  const open = await LiveRelay.start(t, { allowedOrigins: ['*'] });
  await open.dial({ token }, from('https://anywhere.example')).until('session:ready');
});

test('polling works too, on every HTTP server alike', async (t) => {
  const relay = await LiveRelay.start(t, { servers: 2 });
  const polling = relay.dial({ token: tokenOf(commercial('cleo')) }, { transports: ['polling'] });
  await polling.until('session:ready');
  const other = await relay.join(commercial('cleo'), undefined, 1);
  const { sessionId } = await other.until('session:ready');
  other.cut();
  await eventually(() => relay.signalling.gauges().attached === 1, 'the cut was not seen');
  const back = await relay.join(commercial('cleo'), sessionId, 0);
  assert.equal((await back.until('session:ready')).resumed, true);
});

test('one user has so many connections and no more; taking over an older one is no more', async (t) => {
  const relay = await LiveRelay.start(t, { limits: { connectionsPerUser: 2 } });
  const first = await relay.join(commercial('cleo'));
  await relay.join(commercial('cleo'));
  const token = tokenOf(commercial('cleo'));
  assert.equal(await relay.refusal({ token }), 'rate_limited');
  assert.deepEqual(await countMeasures(relay.measures), {
    'refusals_total{at="handshake",code="rate_limited"}': 1,
    'rate_limits_total{limit="user"}': 1,
  });
  await relay.join(commercial('hugo'));
  await relay.join(admin('cleo'));
  const { sessionId } = await first.until('session:ready');
  const taken = await relay.join(commercial('cleo'), sessionId);
  assert.equal((await taken.until('session:ready')).resumed, true);
  await eventually(() => first.disconnected, 'the older connection stays');
  taken.socket.disconnect();
  await eventually(() => relay.signalling.gauges().connections === 3, 'the connection is still counted');
  await relay.join(commercial('cleo'));
});

test('one address has so many connections; a trusted proxy names the address, others are not believed', async (t) => {
  const relay = await LiveRelay.start(t, { limits: { connectionsPerAddress: 2 } });
  const token = tokenOf(commercial('cleo'));
  await relay.join(commercial('hugo'));
  await relay.join(commercial('lea'));
  const forged = { extraHeaders: { 'x-forwarded-for': '203.0.113.9' } };
  assert.equal(await relay.refusal({ token }, forged), 'rate_limited');
  assert.deepEqual(await countMeasures(relay.measures), {
    'refusals_total{at="handshake",code="rate_limited"}': 1,
    'rate_limits_total{limit="address"}': 1,
  });
  const behind = await LiveRelay.start(t, { limits: { connectionsPerAddress: 2 }, trustedProxies: 1 });
  const via = (address: string): object => ({ extraHeaders: { 'x-forwarded-for': `10.9.9.9, ${address}` } });
  for (const id of ['one', 'two']) {
    await behind.dial({ token: tokenOf(commercial(id)) }, via('203.0.113.1')).until('session:ready');
  }
  assert.equal(await behind.refusal({ token }, via('203.0.113.1')), 'rate_limited');
  await behind.dial({ token }, via('203.0.113.2')).until('session:ready');
});

test('connections that never authenticate are bounded for each address', async (t) => {
  const relay = await LiveRelay.start(t, { limits: { connectionsPerAddress: 3 } });
  const port = relay.ports[0] ?? 0;
  const statuses = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`);
      await answer.text();
      return answer.status;
    }),
  );
  assert.equal(statuses.filter((status) => status === 200).length, 6);
  assert.equal(statuses.filter((status) => status === 403).length, 6);
  assert.deepEqual(await countMeasures(relay.measures), { 'rate_limits_total{limit="address_open"}': 6 });
});

test('only so many tokens are verified at the same time', async (t) => {
  const relay = await LiveRelay.start(t, { limits: { pendingHandshakes: 2 } });
  const { promise, resolve } = Promise.withResolvers<void>();
  relay.verifier.gate = promise;
  const waiting = [relay.dial({ token: tokenOf(commercial('a')) }), relay.dial({ token: tokenOf(commercial('b')) })];
  await eventually(() => relay.verifier.verifying === 2, 'two tokens should be under way');
  assert.equal(await relay.refusal({ token: tokenOf(commercial('c')) }), 'rate_limited');
  assert.deepEqual(await countMeasures(relay.measures), {
    'refusals_total{at="handshake",code="rate_limited"}': 1,
    'rate_limits_total{limit="handshakes"}': 1,
  });
  resolve();
  for (const page of waiting) await page.until('session:ready');
  await relay.join(commercial('c'));
});

test('a page that leaves while its token is verified leaves nothing behind', async (t) => {
  const relay = await LiveRelay.start(t);
  const { promise, resolve } = Promise.withResolvers<void>();
  relay.verifier.gate = promise;
  const page = relay.dial({ token: tokenOf(commercial('cleo')) });
  await eventually(() => relay.verifier.verifying === 1, 'the token should be under way');
  page.cut();
  await eventually(() => relay.signalling.gauges().connections === 0, 'the cut was not seen');
  resolve();
  await new Promise((done) => setImmediate(done));
  assert.equal(relay.signalling.gauges().sessions, 0);
  assert.equal(relay.signalling.gauges().tracked, 0);
});

test('bytes that are no Socket.IO harm nobody', async (t) => {
  const relay = await LiveRelay.start(t);
  const page = await relay.join(commercial('cleo'));
  const port = relay.ports[0] ?? 0;
  for (const text of ['\x16\x03\x01garbage\r\n\r\n', 'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n\r\n']) {
    await new Promise<void>((done) => {
      const socket = connect(port, '127.0.0.1', () => socket.end(text));
      socket.on('error', () => undefined).on('close', () => done());
      socket.resume();
    });
  }
  for (const body of [
    '40null',
    '40"x"',
    '40[1]',
    '42',
    '42[]',
    '42{"a":1}',
    '4299999999["x"]',
    '451-["x"]',
    '45999-["x"]',
    '4',
  ]) {
    const opened = await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`);
    const { sid } = JSON.parse((await opened.text()).slice(1));
    const url = `http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    await (await fetch(url, { method: 'POST', body, headers: { 'content-type': 'text/plain' } })).text();
    // Takes what the relay has to say; without it the relay would wait half a minute before it forgets the connection.
    await fetch(url, { signal: AbortSignal.timeout(250) })
      .then((answer) => answer.text())
      .catch(() => undefined);
  }
  await page.request('stream:stop');
});

test('a connection has one handshake: it cannot take the places of others while its token is verified', async (t) => {
  const relay = await LiveRelay.start(t, { limits: { pendingHandshakes: 3 } });
  const { promise, resolve } = Promise.withResolvers<void>();
  relay.verifier.gate = promise;
  const url = `http://127.0.0.1:${relay.ports[0]}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(url)).text()).slice(1));
  const connect = `40${JSON.stringify({ token: tokenOf(commercial('cleo')) })}`;
  await fetch(`${url}&sid=${sid}`, { method: 'POST', body: Array(10).fill(connect).join('\x1e') });
  assert.equal(relay.verifier.verifying, 1);
  const other = relay.dial({ token: tokenOf(commercial('hugo')) });
  await eventually(() => relay.verifier.verifying === 2, 'there is no place for another page');
  resolve();
  await other.until('session:ready');
});
