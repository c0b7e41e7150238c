import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { admin } from '../streams/testing/scene.ts';
import { eventually } from './testing/live-page.ts';
import { LiveRelay } from './testing/live-relay.ts';

test('a flood that lets one request in 20 pass is ended as well: refusals are forgiven by time only', async (t) => {
  const relay = await LiveRelay.start(t);
  const ada = await relay.join(admin('ada'));
  for (let round = 0; round < 200 && !ada.disconnected; round += 1) {
    for (let i = 0; i < 20; i += 1) ada.socket.emit('listen:stop', {}, () => undefined);
    await wait(50);
  }
  assert.ok(ada.disconnected, 'the page floods at 20 times the limit and stays');
  assert.equal(ada.all('session:ended')[0]?.code, 'rate_limited');
});

test('a new connection of the same session is no new allowance', async (t) => {
  const relay = await LiveRelay.start(t);
  let page = await relay.join(admin('ada'));
  const { sessionId } = await page.until('session:ready');
  let ended = false;
  for (let round = 0; round < 10 && !ended; round += 1) {
    const codes = await Promise.all(
      Array.from({ length: 70 }, () =>
        page.socket
          .timeout(2_000)
          .emitWithAck('listen:stop', {})
          .catch(() => null),
      ),
    );
    ended = page.all('session:ended').length > 0 || codes.includes(null);
    if (ended) break;
    page.cut();
    await eventually(() => relay.signalling.gauges().attached === 0, 'the cut was not seen');
    page = await relay.join(admin('ada'), sessionId);
  }
  assert.ok(ended);
});
