/** WHIP and WHEP in a real browser, with the clients that others publish, of another origin than the relay's. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { admin, commercial } from '../../relay/streams/testing/scene.ts';
import { launchBrowser } from '../harness/browser.ts';
import { peakOf, SAME_VOICE } from '../harness/hears.ts';
import { eventually, realToken } from '../harness/relay/real-relay.ts';
import { READING_FILE, reading } from '../harness/voices.ts';
import { JsClientSite } from '../harness/wish/js-clients.ts';
import { DEVICES_HEARD, WishRelay } from '../harness/wish/wish-relay.ts';

describe('the public clients of WHIP and WHEP', { timeout: 180_000 }, () => {
  let site: JsClientSite;
  let relay: WishRelay;
  let phone: Browser;
  let desk: Browser;

  before(async () => {
    site = await JsClientSite.start();
    relay = await WishRelay.start(DEVICES_HEARD, { ALLOWED_ORIGINS: site.origin });
    [phone, desk] = await Promise.all([launchBrowser({ microphone: READING_FILE }), launchBrowser()]);
  });
  after(async () => {
    await Promise.all([phone?.close(), desk?.close()]);
    await relay?.close();
    site?.close();
  });

  test('a voice that is published over WHIP is heard over WHEP; it ends with the session', async () => {
    const device = await site.open(phone);
    const session = await device.page.evaluate(
      (url, token) => jsClients.publish(url, token),
      `${relay.url}/whip`,
      realToken(commercial('cleo')),
    );
    assert.match(session, /\/whip\/[\w-]{22}$/, 'the Location can be read across origins');
    const player = await site.open(desk);
    await player.page.evaluate(
      (url, token) => jsClients.play(url, token),
      `${relay.url}/whep/cleo`,
      realToken(admin('ada')),
    );
    await player.probe.waitForSound();
    const heard = await peakOf(player.probe, reading());
    assert.ok(heard >= SAME_VOICE, `what is heard matches the voice by ${heard.toFixed(3)}`);

    await device.page.evaluate(() => jsClients.unpublish());
    await player.probe.waitForSilence();
    await eventually('the stream is over', () =>
      relay.relay.trail.some((e) => e.event === 'stream_ended' && e.cause === 'stopped'),
    );
    assert.deepEqual(relay.relay.errors, []);
  });
});
