/**
 * WHIP and WHEP in Firefox, run inside a network namespace as trial.ts is: published by the public client, played by the draft's counter-offer,
 * since Firefox has Opus at another payload type than the relay. Arguments: the address that relay and browser share, and Firefox. Prints one
 * JSON object, the findings.
 */
import { admin, commercial } from '../../../relay/streams/testing/scene.ts';
import { realToken } from '../../harness/relay/real-relay.ts';
import { waitUntil } from '../../harness/wait.ts';
import { JsClientSite } from '../../harness/wish/js-clients.ts';
import { DEVICES_HEARD, WishRelay } from '../../harness/wish/wish-relay.ts';
import type { WishFindings } from './findings.ts';
import { openPage, readReceived } from './firefox-pages.ts';
import { launchFirefox } from './launch-firefox.ts';

const [address, firefox] = process.argv.slice(2);
if (!address || !firefox) throw new Error('Usage: wish-trial.ts ADDRESS FIREFOX_PROGRAM');

const site = await JsClientSite.start();
const relay = await WishRelay.start(DEVICES_HEARD, { ALLOWED_ORIGINS: site.origin, MEDIA_LISTEN_IPS: address });
const browser = await launchFirefox(firefox);
try {
  const problems: string[] = [];
  const device = await openPage(browser, site.origin, problems);
  const session = await device.evaluate(
    (url, token) => jsClients.publish(url, token),
    `${relay.url}/whip`,
    realToken(commercial('cleo')),
  );
  const player = await openPage(browser, site.origin, problems);
  const { status, payloadType } = await player.evaluate(
    (url, token) => jsClients.playByCounterOffer(url, token),
    `${relay.url}/whep/cleo`,
    realToken(admin('ada')),
  );
  const first = await player.evaluate(readReceived);
  await waitUntil('sound', async () => (await player.evaluate(readReceived)).seconds > first.seconds + 2, 30_000);
  const heard = await player.evaluate(readReceived);
  await device.evaluate(() => jsClients.unpublish());
  const isOver = (): boolean => relay.relay.trail.some((e) => e.event === 'stream_ended' && e.cause === 'stopped');
  await waitUntil('the stream is over', isOver);
  const findings: WishFindings = {
    version: await browser.version(),
    session,
    status,
    payloadType,
    before: first,
    heard,
    listeners: relay.relay.trail.flatMap((e) => (e.event === 'hearing_began' ? [e.admin] : [])),
    problems,
  };
  process.stdout.write(`${JSON.stringify(findings)}\n`);
} finally {
  await browser.close();
  await relay.close();
  site.close();
}
