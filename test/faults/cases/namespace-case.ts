import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import puppeteer, { type Browser } from 'puppeteer-core';
import { chromiumPath } from '../../harness/browser.ts';
import { type NamespaceLink, NetworkNamespace, namespaceSupport } from '../../harness/network/network-namespace.ts';
import { READING_FILE } from '../../harness/voices.ts';
import { atMost, type Finding, same, shown } from '../measure/finding.ts';
import type { LivePair } from '../rig/fault-rig.ts';
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
  readonly prepare?: () => Promise<void>;
  /** From here on the time counts. */
  readonly make: () => Promise<void>;
  /** The address that the browser goes on with. */
  readonly address: string;
  /** Seconds. */
  readonly promise: number;
  /** Count from the browser's own discovery of the network: Chromium on Linux takes up to three seconds to tell its pages. */
  readonly fromDiscovery?: boolean;
}

function changesOf(wifi: NamespaceLink, mobile: NamespaceLink): readonly Change[] {
  return [
    {
      // The page is told nothing; ICE moves to its other candidate when Chromium tells it, two to three seconds later.
      name: 'Wi-Fi lost, mobile there all along',
      make: () => wifi.down(),
      address: mobile.address,
      promise: 5,
    },
    {
      name: 'mobile lost, 1 s of nothing, Wi-Fi',
      prepare: async () => {
        await mobile.down();
        await sleep(1_000);
      },
      make: () => wifi.up(),
      address: wifi.address,
      promise: 3,
      fromDiscovery: true,
    },
    {
      // No event tells a page of this, and its sockets stay open: that nothing comes any more is all there is to notice.
      name: 'Wi-Fi lost, mobile there for 3 s',
      prepare: async () => {
        await mobile.up();
        await sleep(3_000);
      },
      make: () => wifi.down(),
      address: mobile.address,
      promise: 10,
    },
  ];
}

async function play(pair: LivePair, change: Change): Promise<Finding[]> {
  const { commercial, admin } = pair;
  const { name, prepare, make, address, promise, fromDiscovery } = change;
  const before = await noteBefore(pair);
  await prepare?.();
  await make();
  const from = Date.now();
  await sleep(300);
  const heard = await admin.heardAfter(from + 300, 60_000);
  await commercial.waitForState('live');
  await sleep(1_000);
  const silence = heard === null ? null : (await admin.longestSilence(from)) / 1_000;
  const found = await commercial.page.evaluate(
    (wanted, since) => faultProbe.candidates.find((each) => each.at >= since && each.text.includes(wanted))?.at ?? null,
    ` ${address} `,
    before.at,
  );
  const discoveryS = found === null ? 0 : Math.max(0, found - from) / 1_000;
  const after = await commercial.counts();
  return [
    ...(fromDiscovery && silence !== null
      ? [
          atMost(
            `${name}: audio back once the browser has found it`,
            Math.max(0, silence - discoveryS),
            promise,
            's',
            30,
          ),
          shown(`${name}: silence in all`, silence, 's'),
        ]
      : [atMost(`${name}: longest silence`, silence, promise, 's', 30)]),
    shown('ICE restarts and new connections', after.ufrags - before.commercial.ufrags),
    same('microphone asked for again', after.microphoneRequests - before.commercial.microphoneRequests, 0),
  ];
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
    const browser = await launchInside(inside, rig.hostUrl);
    try {
      const pair = await rig.livePair({ browser });
      const findings: Finding[] = [];
      const changes = changesOf(wifi, mobile);
      for (const change of long ? changes : changes.slice(0, 2)) {
        findings.push(...(await play(pair, change)));
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
