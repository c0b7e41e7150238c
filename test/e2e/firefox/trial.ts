/**
 * The main job in Firefox, run inside a network namespace (firefox.e2e.test.ts starts it there): Firefox offers no loopback
 * addresses to WebRTC, so relay and browser share an address that is not one. Argument: that address. Prints one JSON
 * object, the findings.
 */
import { System } from '../../harness/system.ts';
import { waitUntil } from '../../harness/wait.ts';
import type { FirefoxFindings } from './findings.ts';
import { BUTTON, listening, PANEL, press, readReceived, waitForState } from './firefox-pages.ts';
import { launchFirefox } from './launch-firefox.ts';

const [address, firefox] = process.argv.slice(2);
if (!address || !firefox) throw new Error('Usage: trial.ts ADDRESS FIREFOX_PROGRAM');

const system = await System.start({ relayEnv: { MEDIA_LISTEN_IPS: address } });
const browser = await launchFirefox(firefox, { 'intl.accept_languages': 'fr-FR, fr' });
try {
  const problems: string[] = [];
  const { commercial, admin } = await listening(browser, system, problems);
  await waitUntil('sound', async () => (await admin.evaluate(readReceived)).energy > 0, 30_000);
  const before = await admin.evaluate(readReceived);
  await waitUntil('two more seconds of sound', async () => {
    return (await admin.evaluate(readReceived)).seconds >= before.seconds + 2;
  });
  const heard = await admin.evaluate(readReceived);

  await press(commercial, BUTTON, '[part~=button]');
  await waitForState(commercial, BUTTON, 'ready');
  await waitForState(admin, PANEL, 'waiting');
  const version = await browser.version();
  const findings: FirefoxFindings = { version, before, heard, problems };
  process.stdout.write(`${JSON.stringify(findings)}\n`);
} finally {
  await browser.close();
  await system.close();
}
