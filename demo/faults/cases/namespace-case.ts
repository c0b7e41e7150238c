import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import puppeteer, { type Browser } from 'puppeteer-core';
import { chromiumPath } from '../../e2e/harness/browser.ts';
import { READING_FILE } from '../../e2e/harness/voices.ts';
import { atMost, type Finding, same, shown } from '../measure/finding.ts';
import { NetworkNamespace, namespaceSupport } from '../network/network-namespace.ts';
import { type FaultCase, noteBefore } from './fault-case.ts';

let namespace: NetworkNamespace | null = null;
let folder: string | null = null;

/** Chromium inside the namespace, driven through pipes, since its debugging port would be inside too. */
async function launchInside(inside: NetworkNamespace, hostUrl: string): Promise<Browser> {
  folder = await mkdtemp(join(tmpdir(), 'prospect-namespace-'));
  const program = join(folder, 'chromium-inside');
  const command = inside.wrap(chromiumPath()).map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  await writeFile(program, `#!/bin/sh\nexec ${command.join(' ')} "$@"\n`, { mode: 0o755 });
  return puppeteer.launch({
    executablePath: program,
    headless: true,
    pipe: true,
    args: [
      '--no-sandbox',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--disable-background-networking',
      `--use-file-for-fake-audio-capture=${READING_FILE}`,
      // The page's server is outside, so it is not on the namespace's loopback, where HTTP counts as secure.
      `--unsafely-treat-insecure-origin-as-secure=${new URL(hostUrl).origin}`,
    ],
  });
}

interface Change {
  readonly name: string;
  readonly prepare: () => Promise<void>;
  /** From here on the time counts. */
  readonly make: () => Promise<void>;
}

/** The real thing: the commercial's browser loses one of its two links and goes on over the other. */
const twoLinks: FaultCase = {
  fault: 'address change (Wi-Fi to 4G), in a network of its own with two links',
  async impossible() {
    const support = await namespaceSupport();
    return support.supported ? null : support.reason;
  },
  async ownRig() {
    namespace = await NetworkNamespace.create({ links: 2 });
    const address = namespace.links[0]?.hostAddress;
    if (!address) throw new Error('The namespace has no link.');
    return { linkAddress: address, hostAddress: address };
  },
  async run({ rig, long }) {
    const inside = namespace;
    const [wifi, mobile] = inside?.links ?? [];
    if (!inside || !wifi || !mobile) throw new Error('The namespace has no two links.');
    await mobile.down();
    const browser = await launchInside(inside, rig.hostUrl);
    try {
      const pair = await rig.livePair({ browser });
      const { commercial, admin } = pair;
      const findings: Finding[] = [];
      const changes: readonly Change[] = [
        {
          name: 'Wi-Fi off, 1 s of nothing, mobile on',
          prepare: async () => {
            await wifi.down();
            await sleep(1_000);
          },
          make: () => mobile.up(),
        },
        {
          name: 'Wi-Fi on again, then mobile off',
          prepare: async () => {
            await wifi.up();
            await sleep(3_000);
          },
          make: () => mobile.down(),
        },
      ];
      for (const { name, prepare, make } of long ? changes : changes.slice(0, 1)) {
        const before = await noteBefore(pair);
        await prepare();
        await make();
        const from = Date.now();
        await sleep(300);
        const heard = await admin.heardAfter(from + 300, 60_000);
        await commercial.waitForState('live');
        await sleep(1_000);
        const silence = await admin.longestSilence(from);
        const after = await commercial.counts();
        findings.push(
          atMost(`${name}: silence from then on`, heard === null ? null : silence / 1_000, 3, 's', 30),
          shown('ICE restarts and new connections', after.ufrags - before.commercial.ufrags),
          same('microphone asked for again', after.microphoneRequests - before.commercial.microphoneRequests, 0),
        );
        await sleep(2_000);
      }
      return findings;
    } finally {
      await browser.close();
    }
  },
  async cleanUp() {
    await namespace?.close();
    namespace = null;
    if (folder) await rm(folder, { recursive: true, force: true });
    folder = null;
  },
};

export const namespaceCases: readonly FaultCase[] = [twoLinks];
