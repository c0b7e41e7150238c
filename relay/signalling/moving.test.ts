import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { admin, commercial } from '../streams/testing/scene.ts';
import { eventually } from './testing/live-page.ts';
import { LiveRelay, tokenOf } from './testing/live-relay.ts';

test('pages are asked to go over, each once, while everything goes on for them', async (t) => {
  const relay = await LiveRelay.start(t);
  const cleo = await relay.live(commercial('cleo'));
  const ada = await relay.listening(admin('ada'));
  relay.signalling.move(60_000);
  relay.signalling.move(60_000);
  for (const page of [cleo, ada]) {
    const { withinMs } = await page.until('relay:move');
    assert.ok(withinMs > 50_000 && withinMs <= 60_000, `${withinMs}`);
  }
  assert.equal((await ada.request('listen:select', { commercialId: 'cleo' })).status, 'joining');
  await ada.until('listen:changed', ({ status }) => status === 'live');
  assert.equal(relay.signalling.occupied, 2);
  assert.equal(cleo.all('relay:move').length + ada.all('relay:move').length, 2);
  assert.equal(cleo.all('relay:draining').length, 0);
  relay.signalling.drain();
  await cleo.until('relay:draining');
});

test('nobody new is let in meanwhile, and nobody who looks for another node; who comes back to a session is, and is asked again', async (t) => {
  const relay = await LiveRelay.start(t);
  const user = commercial('cleo');
  const cleo = await relay.live(user);
  const { sessionId } = await cleo.until('session:ready');
  relay.signalling.move(60_000);
  await cleo.until('relay:move');
  const token = tokenOf(user);
  assert.equal(await relay.refusal({ token: tokenOf(commercial('hugo')) }), 'draining');
  assert.equal(await relay.refusal({ token }), 'draining');
  assert.equal(await relay.refusal({ token, sessionId: 'unknown' }), 'draining');
  assert.equal(await relay.refusal({ token, sessionId, sought: true }), 'draining');
  assert.equal(cleo.disconnected, false, 'the page’s own connection was taken for an older one');
  cleo.cut();
  const back = relay.dial({ token, sessionId });
  assert.equal((await back.until('session:ready')).resumed, true);
  await back.until('relay:move');
  relay.signalling.drain();
  assert.equal(await relay.refusal({ token, sessionId }), 'draining');
});

test('a page whose connection and media are gone is waited for no more', async (t) => {
  const relay = await LiveRelay.start(t);
  const cleo = await relay.live(commercial('cleo'));
  assert.equal(relay.signalling.occupied, 1);
  cleo.socket.disconnect();
  await eventually(() => relay.signalling.gauges().attached === 0, 'the connection stays');
  assert.equal(relay.signalling.occupied, 1, 'its audio goes on');
  relay.media.publish().become('disconnected');
  assert.equal(relay.signalling.occupied, 0);
});

test('after the stop nobody is asked any more', async (t) => {
  const relay = await LiveRelay.start(t);
  const pages = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => relay.join(commercial(id))));
  relay.signalling.move(60_000);
  relay.signalling.drain();
  await wait(200);
  for (const page of pages) {
    const names = page.heard.map(({ name }) => name).filter((name) => name.startsWith('relay:'));
    assert.deepEqual(names, ['relay:draining']);
  }
});
