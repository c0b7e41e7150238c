import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { countMeasures } from '../measures/testing/read-measures.ts';
import { MAX_SDP_LENGTH } from '../protocol/message-parts.ts';
import { type RequestName, requests } from '../protocol/messages.ts';
import { admin, commercial } from '../streams/testing/scene.ts';
import { eventually, type LivePage } from './testing/live-page.ts';
import { LiveRelay, tokenOf } from './testing/live-relay.ts';

test('every request of a commercial, from offer to stop', async (t) => {
  const relay = await LiveRelay.start(t);
  const cleo = await relay.join(commercial('cleo'));
  assert.equal(await cleo.refused('stream:start', {}), 'not_connected');
  assert.equal(await cleo.refused('publish:offer', { mode: 'restart-ice', sdp: 'x' }), 'not_connected');
  assert.equal(await cleo.refused('publish:offer', { mode: 'connect', sdp: 'broken' }), 'sdp_invalid');
  assert.deepEqual(await cleo.request('publish:offer', { mode: 'connect', sdp: 'x' }), { sdp: 'answer publish 2' });
  assert.equal(await cleo.refused('stream:pause', { paused: true }), 'not_streaming');
  const { streamId } = await cleo.request('stream:start');
  assert.deepEqual(await cleo.until('demand:changed'), { version: 1, since: null, joined: [], left: [] });
  assert.equal(await cleo.refused('demand:seen', { version: 9 }), 'bad_request');
  assert.deepEqual(await cleo.request('demand:seen', { version: 1 }), {});
  assert.equal((await cleo.request('stream:start')).streamId, streamId);
  assert.deepEqual(await cleo.request('publish:offer', { mode: 'restart-ice', sdp: 'x' }), {
    sdp: 'restarted publish 2',
  });
  assert.deepEqual(await cleo.request('stream:pause', { paused: true }), {});
  assert.deepEqual(await cleo.request('stream:pause', { paused: false }), {});
  assert.deepEqual(await cleo.request('stream:capture', { interruption: 'hidden' }), {});
  assert.deepEqual(await cleo.request('stream:capture', { interruption: null }), {});
  for (let i = 0; i < 8; i += 1) assert.deepEqual(await cleo.request('stream:voice', { level: 2 }), {});
  assert.deepEqual(await cleo.request('stream:stop'), {});
  assert.deepEqual(await cleo.request('stream:stop'), {});
  assert.equal(relay.signalling.status.activeStreams(), 0);
});

test('every request of an admin, from waiting to hearing to stop', async (t) => {
  const relay = await LiveRelay.start(t);
  const ada = await relay.join(admin('ada'));
  assert.equal(await ada.refused('listen:answer', { sdp: 'x' }), 'not_connected');
  assert.equal(await ada.refused('listen:connect', { mode: 'restart-ice' }), 'not_connected');
  assert.deepEqual(await ada.request('listen:select', { commercialId: 'cleo' }), {
    status: 'waiting',
    liveForMs: null,
  });
  assert.deepEqual(await ada.request('listen:connect', { mode: 'connect' }), { sdp: 'offer listen 1' });
  assert.equal(await ada.refused('listen:answer', { sdp: 'broken' }), 'sdp_invalid');
  assert.deepEqual(await ada.request('listen:answer', { sdp: 'x' }), {});
  assert.deepEqual(await ada.request('listen:connect', { mode: 'restart-ice' }), { sdp: 'restart offer listen 1' });
  const cleo = await relay.live(commercial('cleo'));
  await ada.until('listen:changed', ({ status }) => status === 'live');
  await ada.until('roster:delta', ({ changed }) => changed[0]?.status === 'live' && changed[0].listenerCount === 1);
  await cleo.until('demand:changed', ({ joined }) => joined[0]?.name === 'ADA');
  assert.equal(relay.media.listen().heard, relay.media.publish().source);
  assert.equal((await ada.request('listen:select', { commercialId: 'cleo' })).status, 'live');
  await cleo.request('stream:pause', { paused: true });
  await ada.until('listen:changed', ({ status }) => status === 'paused');
  const cannotOpen = 'e2ee_cannot_decrypt';
  await ada.request('listen:opening', { commercialId: 'cleo', cannotOpen });
  await cleo.until('demand:changed', ({ joined }) => joined[0]?.cannotOpen === cannotOpen);
  for (const name of ['listen:stop', 'listen:stop', 'listen:disconnect', 'listen:disconnect'] as const) {
    assert.deepEqual(await ada.request(name), {});
  }
  assert.equal(relay.media.listen().state, 'closed');
});

test('the newest page wins in both roles', async (t) => {
  const relay = await LiveRelay.start(t);
  const older = await relay.live(commercial('cleo'));
  await relay.live(commercial('cleo'));
  assert.deepEqual(await older.until('stream:ended'), { reason: 'replaced' });
  const first = await relay.listening(admin('ada'));
  const second = await relay.listening(admin('ada'));
  await first.request('listen:select', { commercialId: 'cleo' });
  await second.request('listen:select', { commercialId: 'cleo' });
  assert.deepEqual(await first.until('listen:ended'), { commercialId: 'cleo', reason: 'replaced' });
  assert.equal(relay.signalling.status.totalListeners(), 1);
});

test('a page that only goes on leaves the newer page alone, in both roles', async (t) => {
  const relay = await LiveRelay.start(t);
  const older = await relay.join(commercial('cleo'));
  await relay.live(commercial('cleo'));
  await older.request('publish:offer', { mode: 'connect', sdp: 'an offer' });
  assert.equal(await older.refused('stream:start', { again: true }), 'not_streaming');
  assert.deepEqual(await older.until('stream:ended'), { reason: 'replaced' });
  const first = await relay.listening(admin('ada'));
  const second = await relay.listening(admin('ada'));
  await second.request('listen:select', { commercialId: 'cleo' });
  assert.equal(await first.refused('listen:select', { commercialId: 'cleo', again: true }), 'not_listening');
  assert.deepEqual(await first.until('listen:ended'), { commercialId: 'cleo', reason: 'replaced' });
  assert.equal(relay.signalling.status.totalListeners(), 1);
  assert.equal(await first.refused('listen:select', { commercialId: 'cleo', again: 'yes' }), 'bad_request');
});

test('a session is resumed with its media within the grace time, and not after it', async (t) => {
  const relay = await LiveRelay.start(t, { session: { graceMs: 300 } });
  const cleo = await relay.live(commercial('cleo'));
  const { sessionId } = await cleo.until('session:ready');
  cleo.cut();
  await eventually(() => relay.signalling.gauges().attached === 0, 'the cut was not seen');
  const back = await relay.join(commercial('cleo'), sessionId);
  const ready = await back.until('session:ready');
  assert.deepEqual([ready.resumed, ready.hasMedia, ready.sessionId], [true, true, sessionId]);
  await back.until('demand:changed');
  assert.equal(relay.signalling.status.activeStreams(), 1);
  assert.equal(relay.media.publishing.length, 1);
  back.cut();
  await eventually(() => relay.signalling.gauges().sessions === 0, 'the session did not end');
  assert.equal(relay.media.gauges().transports, 0);
  const anew = await relay.join(commercial('cleo'), sessionId);
  assert.equal((await anew.until('session:ready')).resumed, false);
});

test('a refresh takes the new claims at once, and no other user', async (t) => {
  const relay = await LiveRelay.start(t);
  await relay.live(commercial('cleo', 'Nord'));
  const ada = await relay.listening(admin('ada', ['Nord']));
  await ada.request('listen:select', { commercialId: 'cleo' });
  assert.equal(await ada.refused('session:refresh', { token: tokenOf(admin('eve')) }), 'token_user_changed');
  assert.equal(await ada.refused('session:refresh', { token: tokenOf(commercial('ada')) }), 'token_user_changed');
  assert.equal(await ada.refused('session:refresh', { token: 'garbage' }), 'token_malformed');
  assert.equal(await ada.refused('session:refresh', { token: 'explode' }), 'internal');
  const result = await ada.request('session:refresh', { token: tokenOf(admin('ada', ['Sud']), 60_000) });
  assert.deepEqual(result.user, admin('ada', ['Sud']));
  assert.ok(result.tokenExpiresInMs <= 60_000);
  await ada.until('listen:ended', ({ reason }) => reason === 'forbidden');
  await ada.until('roster:snapshot', ({ commercials }) => commercials.length === 0);
  assert.equal(relay.media.listen().heard, null);
});

test('an admin is told whom the token expects, and of a new token anew', async (t) => {
  const relay = await LiveRelay.start(t);
  const lea = { id: 'lea', name: 'Léa', equipe: 'Nord' };
  const expecting = (expected: unknown) => JSON.stringify({ ...JSON.parse(tokenOf(admin('ada'))), expected });
  const page = relay.dial({ token: expecting([lea]) });
  assert.deepEqual((await page.until('session:ready')).expected, [lea]);
  const refreshed = await page.request('session:refresh', { token: tokenOf(admin('ada')) });
  assert.deepEqual(refreshed.expected, []);
  const other = await relay.join(admin('eve'));
  assert.equal('expected' in (await other.until('session:ready')), false);
  const cleo = await relay.live(commercial('cleo'));
  assert.equal('expected' in (await cleo.request('session:refresh', { token: tokenOf(commercial('cleo')) })), false);
});

test('of two refreshes that overlap the later one counts', async (t) => {
  const relay = await LiveRelay.start(t);
  const ada = await relay.join(admin('ada', ['Nord']));
  const { promise, resolve } = Promise.withResolvers<void>();
  relay.verifier.gate = promise;
  const slow = ada.request('session:refresh', { token: tokenOf(admin('ada', ['Sud'])) });
  await eventually(() => relay.verifier.verifying === 2, 'the refresh should be under way');
  relay.verifier.gate = Promise.resolve();
  await ada.request('session:refresh', { token: tokenOf(admin('ada', ['Est'])) });
  resolve();
  assert.deepEqual((await slow).user, admin('ada', ['Est']));
});

test('the socket is ended when the token is, and the media with it', async (t) => {
  const relay = await LiveRelay.start(t);
  const page = relay.dial({ token: tokenOf(commercial('cleo'), 300) });
  await page.request('publish:offer', { mode: 'connect', sdp: 'x' });
  await page.request('stream:start');
  assert.equal((await page.until('session:ended')).code, 'token_expired');
  await eventually(() => page.disconnected, 'the socket stays');
  assert.equal(relay.media.gauges().transports, 0);
  assert.equal(relay.signalling.gauges().sessions, 0);
});

test('wrong names, wrong arguments and wrong types get a clear answer', async (t) => {
  const relay = await LiveRelay.start(t, { limits: { messagesPerSecond: 1_000 } });
  const pages = { commercial: await relay.join(commercial('cleo')), admin: await relay.join(admin('ada')) };
  for (const name of ['nonsense', '', 'toString', '__proto__', 'constructor', 'x'.repeat(500)]) {
    assert.equal(await pages.admin.refused(name, {}), 'unknown_request');
  }
  const sdp = 'x'.repeat(MAX_SDP_LENGTH + 1);
  const wrong: unknown[] = [
    null,
    7,
    'text',
    true,
    [],
    [1, 2],
    { extra: 1 },
    { sdp: 7 },
    { sdp },
    { mode: 'both', sdp: 'x' },
  ];
  wrong.push({ paused: 'yes' }, { level: 5 }, { level: -1 }, { commercialId: '' }, { commercialId: 'x'.repeat(129) });
  wrong.push(Buffer.from('binary'), { sdp: Buffer.from('binary') }, { token: { a: 1 } }, { interruption: 'network' });
  for (const [name, { roles }] of Object.entries(requests)) {
    const page: LivePage = pages[roles[0]];
    for (const params of wrong) assert.equal(await page.refused(name, params), 'bad_request', `${name} ${params}`);
    assert.equal(await page.refused(name), 'bad_request');
    assert.equal(await page.refused(name, {}, {}), 'bad_request');
  }
  const ack = await pages.commercial.raw('publish:offer', { mode: 'connect', sdp: 7 });
  assert.ok(!ack.ok);
  assert.match(ack.error.message, /^publish:offer: sdp: .*string/);
});

test('an event without an acknowledgement changes nothing, and binary or nested junk harms nobody', async (t) => {
  const relay = await LiveRelay.start(t);
  const cleo = await relay.live(commercial('cleo'));
  cleo.socket.emit('stream:stop', {});
  cleo.socket.emit('stream:stop');
  cleo.socket.emit('stream:stop', {}, 'no function');
  let deep: unknown = {};
  for (let i = 0; i < 2_000; i += 1) deep = [deep];
  cleo.socket.emit('stream:stop', deep);
  assert.equal(await cleo.refused('stream:stop', deep), 'bad_request');
  assert.equal(relay.signalling.status.activeStreams(), 1);
});

test('a message above the size limit ends the connection, not the session', async (t) => {
  const relay = await LiveRelay.start(t);
  const cleo = await relay.live(commercial('cleo'));
  cleo.socket.emit('publish:offer', { sdp: 'x'.repeat(100_000) });
  await eventually(() => cleo.disconnected, 'the connection stays');
  assert.equal(relay.signalling.status.activeStreams(), 1);
});

test('too many requests are refused; who goes on is disconnected', async (t) => {
  const relay = await LiveRelay.start(t, { limits: { messagesPerSecond: 5 } });
  const other = await relay.live(commercial('hugo'));
  const cleo = await relay.live(commercial('cleo'));
  const answers = await Promise.all(Array.from({ length: 20 }, () => cleo.raw('stream:voice', { level: 1 })));
  const codes = answers.map((ack) => (ack.ok ? 'ok' : ack.error.code));
  assert.ok(codes.includes('ok') && codes.includes('rate_limited'));
  assert.equal(cleo.disconnected, false);
  for (let i = 0; i < 200; i += 1) cleo.socket.emit('stream:voice', { level: 1 });
  assert.equal((await cleo.until('session:ended')).code, 'rate_limited');
  await eventually(() => cleo.disconnected, 'the connection stays');
  assert.equal(relay.signalling.status.activeStreams(), 1);
  assert.equal(other.disconnected, false);
  const counts = await countMeasures(relay.measures);
  assert.equal(counts['rate_limits_total{limit="flood"}'], 1);
  assert.equal(
    counts['rate_limits_total{limit="requests"}'],
    counts['refusals_total{at="request",code="rate_limited"}'],
  );
  assert.equal(counts['streams_ended_total{reason="page_gone"}'], 1);
});

test('a failure inside the relay is told without its text and logged with its cause', async (t) => {
  const lines: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const relay = await LiveRelay.start(t, { logger });
  const cleo = await relay.join(commercial('cleo'));
  relay.media.createPublishTransport = () => Promise.reject(new Error('worker socket 17 broke'));
  const ack = await cleo.raw('publish:offer', { mode: 'connect', sdp: 'x' });
  assert.ok(!ack.ok);
  assert.equal(ack.error.code, 'internal');
  assert.doesNotMatch(ack.error.message, /socket 17/);
  const reference = /([0-9a-f]{8})/.exec(ack.error.message)?.[1];
  assert.ok(reference && lines.some((line) => line.includes(reference) && line.includes('socket 17')));
});

test('names, tokens, session ids and descriptions are not logged at info', async (t) => {
  const lines: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const relay = await LiveRelay.start(t, { logger });
  const cleo = await relay.join(commercial('cleo', 'Nord', 'Cléo Secret'));
  await cleo.request('publish:offer', { mode: 'connect', sdp: 'v=0 private' });
  await cleo.request('stream:start');
  const ada = await relay.listening(admin('ada', ['Nord'], 'Ada Secret'));
  await ada.request('listen:select', { commercialId: 'cleo' });
  const { sessionId } = await cleo.until('session:ready');
  cleo.cut();
  await relay.signalling.close();
  const log = lines.join('');
  for (const secret of ['Secret', 'private', 'expiresAt', sessionId]) assert.ok(!log.includes(secret), secret);
  for (const step of [
    'connected',
    'publishing negotiated',
    'stream published',
    'demand announced',
    'selection made',
    'closed',
  ]) {
    assert.ok(log.includes(step), step);
  }
});

test('draining tells the pages, keeps the media and refuses newcomers; closing ends everything', async (t) => {
  const relay = await LiveRelay.start(t);
  const cleo = await relay.live(commercial('cleo'));
  relay.signalling.drain();
  relay.signalling.drain();
  const { reconnectAfterMs } = await cleo.until('relay:draining');
  assert.ok(reconnectAfterMs >= 1_000 && reconnectAfterMs <= 2_000);
  assert.equal(cleo.all('relay:draining').length, 1);
  await cleo.request('stream:voice', { level: 1 });
  assert.equal(await relay.refusal({ token: tokenOf(commercial('hugo')) }), 'draining');
  await Promise.all([relay.signalling.close(), relay.signalling.close()]);
  await eventually(() => cleo.disconnected, 'the connection stays');
  assert.equal(relay.media.gauges().transports, 0);
  const { sessions, connections, timers, tracked } = relay.signalling.gauges();
  assert.deepEqual([sessions, connections, timers, tracked], [0, 0, 0, 0]);
});

test('at a stop an admin does not hear that the stream has ended: it comes back with the relay', async (t) => {
  const relay = await LiveRelay.start(t);
  await relay.live(commercial('cleo'));
  const ada = await relay.listening(admin('ada'));
  await ada.request('listen:select', { commercialId: 'cleo' });
  await ada.until('listen:changed', ({ status }) => status === 'live');
  const before = ada.heard.length;
  await relay.signalling.close();
  await eventually(() => ada.disconnected, 'the connection stays');
  assert.deepEqual(
    ada.heard.slice(before).map(({ name }) => name),
    ['relay:draining'],
  );
});

test('an end during a request is survived: the answer goes nowhere, nothing is left', async (t) => {
  const relay = await LiveRelay.start(t, { session: { graceMs: 50 } });
  const cleo = await relay.join(commercial('cleo'));
  const letGo = relay.media.hold();
  void cleo.raw('publish:offer', { mode: 'connect', sdp: 'x' }).catch(() => undefined);
  void cleo.raw('stream:start', {}).catch(() => undefined);
  await eventually(() => relay.media.publishing.length === 1, 'the offer should be under way');
  cleo.cut();
  await eventually(() => relay.signalling.gauges().sessions === 0, 'the session did not end');
  letGo();
  await wait(20);
  assert.equal(relay.media.gauges().transports, 0);
  assert.equal(relay.signalling.status.activeStreams(), 0);
});

test('a level needs no acknowledgement; any other request without one is ignored', async (t) => {
  const relay = await LiveRelay.start(t, { session: { voiceWithoutListeners: ['*'] } });
  const ada = await relay.join(admin('ada'));
  const cleo = await relay.live(commercial('cleo'));
  await ada.until('roster:delta', ({ changed }) => changed[0]?.status === 'live');
  cleo.socket.emit('stream:pause', { paused: true });
  cleo.socket.emit('stream:voice', { level: 9 });
  cleo.socket.emit('stream:voice');
  cleo.socket.emit('stream:voice', { level: 3 });
  const { levels } = await ada.until('roster:delta', (delta) => delta.levels.length > 0);
  assert.deepEqual(levels, [{ id: 'cleo', level: 3 }]);
});

test('a page that nobody looks at is told less, and all of it when it is seen again', async (t) => {
  const relay = await LiveRelay.start(t, { session: { voiceWithoutListeners: ['*'] } });
  const [ada, bea] = [await relay.join(admin('ada')), await relay.join(admin('bea'))];
  const cleo = await relay.live(commercial('cleo'));
  for (const page of [ada, bea]) await page.until('roster:delta', ({ changed }) => changed[0]?.status === 'live');
  assert.deepEqual(await ada.request('roster:pace', { hidden: true }), {});
  await cleo.request('stream:voice', { level: 2 });
  await bea.until('roster:delta', ({ levels }) => levels.length > 0);
  assert.ok(ada.all('roster:delta').every(({ levels }) => levels.length === 0));
  await ada.request('roster:pace', { hidden: false });
  assert.deepEqual(ada.all('roster:delta').at(-1)?.levels, [{ id: 'cleo', level: 2 }]);
});

/** Names that the protocol has, so that the test above cannot forget one that is added. */
const sent: Record<Exclude<RequestName, `whisper:${string}`>, true> = {
  'session:refresh': true,
  'publish:offer': true,
  'stream:start': true,
  'demand:seen': true,
  'stream:stop': true,
  'stream:stop-elsewhere': true,
  'stream:pause': true,
  'consent:give': true,
  'stream:capture': true,
  'stream:voice': true,
  'help:ask': true,
  'roster:pace': true,
  'listen:connect': true,
  'listen:answer': true,
  'listen:select': true,
  'listen:opening': true,
  'listen:stop': true,
  'listen:disconnect': true,
};

test('every request is exercised here', () => {
  const others = Object.keys(requests).filter((name) => !name.startsWith('whisper:')); // whispering.test.ts has those
  assert.deepEqual(Object.keys(sent), others);
});
