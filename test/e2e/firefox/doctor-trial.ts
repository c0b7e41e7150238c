/**
 * The page /doctor in Firefox, run inside a network namespace as trial.ts is, and for the same reason. Arguments: the address that relay
 * and browser share, and Firefox. Prints one JSON object, the findings.
 */
import { admin } from '../../../relay/streams/testing/scene.ts';
import { RealRelay, realToken } from '../../harness/relay/real-relay.ts';
import { waitUntil } from '../../harness/wait.ts';
import type { DoctorFindings } from './findings.ts';
import { launchFirefox } from './launch-firefox.ts';

const [address, firefox] = process.argv.slice(2);
if (!address || !firefox) throw new Error('Usage: doctor-trial.ts ADDRESS FIREFOX_PROGRAM');

const relay = await RealRelay.start({ env: { MEDIA_LISTEN_IPS: address } });
const browser = await launchFirefox(firefox);
try {
  const problems: string[] = [];
  const page = await browser.newPage();
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(`${relay.url}/doctor`, { waitUntil: 'load' });
  await page.waitForSelector('[data-check="clock"]:not([data-status="waiting"])');
  await page.type('#token', realToken(admin('ada')));
  await page.click('button[type="submit"]');
  // Not `waitForFunction`: what that does in Firefox the page's policy forbids.
  await waitUntil(
    'all is tried',
    async () => (await page.$$('[data-status="running"], [data-status="waiting"]')).length === 0,
    60_000,
  );
  const checks = await page.$$eval('[data-check]', (rows) =>
    Object.fromEntries(
      rows.map((row) => [row.getAttribute('data-check') ?? '', row.getAttribute('data-status') ?? '']),
    ),
  );
  const report = await page.$eval('#report', ({ textContent }) => textContent ?? '');
  const findings: DoctorFindings = { version: await browser.version(), checks, report, problems };
  process.stdout.write(`${JSON.stringify(findings)}\n`);
} finally {
  await browser.close();
  await relay.close();
}
