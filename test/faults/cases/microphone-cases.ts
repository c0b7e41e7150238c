import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../harness/wait.ts';
import { atMost, type Finding, same, shown } from '../measure/finding.ts';
import type { FaultPage } from '../rig/fault-page.ts';
import type { LivePair } from '../rig/fault-rig.ts';
import type { FaultCase } from './fault-case.ts';

/** Something that happens to the microphone in the page; the browser's events are made, the widget's answer is real. */
interface Happening {
  readonly name: string;
  /** Takes the microphone away. */
  readonly take: (page: FaultPage) => Promise<void>;
  /** Gives it back; null: it must come back by itself, since nothing prevents it. */
  readonly giveBack: ((page: FaultPage) => Promise<void>) | null;
}

/** The track ends, and the device can be taken again at once (another app had it for a moment). */
const trackEnded: Happening = {
  name: 'track ended',
  take: (page) =>
    page.page.evaluate(() => {
      const track = faultProbe.microphoneTracks.at(-1);
      track?.stop();
      track?.dispatchEvent(new Event('ended'));
    }),
  giveBack: null,
};

/** A phone call: the system mutes the track and gives nobody the microphone until the call is over. */
const phoneCall: Happening = {
  name: 'muted by the system (a call)',
  take: (page) =>
    page.page.evaluate(() => {
      faultProbe.microphoneError = 'NotReadableError';
      const track = faultProbe.microphoneTracks.at(-1);
      if (!track) return;
      Object.defineProperty(track, 'muted', { value: true, configurable: true });
      track.dispatchEvent(new Event('mute'));
    }),
  giveBack: (page) =>
    page.page.evaluate(() => {
      faultProbe.microphoneError = null;
      const track = faultProbe.microphoneTracks.at(-1);
      if (!track) return;
      Object.defineProperty(track, 'muted', { value: false, configurable: true });
      track.dispatchEvent(new Event('unmute'));
    }),
};

/** A headset is pulled out, there is no other microphone, and it is put back. */
const unplugged: Happening = {
  name: 'device unplugged, plugged in again',
  take: (page) =>
    page.page.evaluate(() => {
      faultProbe.microphoneError = 'NotFoundError';
      const track = faultProbe.microphoneTracks.at(-1);
      track?.stop();
      track?.dispatchEvent(new Event('ended'));
      navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    }),
  giveBack: (page) =>
    page.page.evaluate(() => {
      faultProbe.microphoneError = null;
      navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    }),
};

/** Siri, an alarm: Web Audio says `interrupted` (W3C Web Audio 1.1), and the microphone is busy meanwhile. */
const contextInterrupted: Happening = {
  name: 'AudioContext interrupted',
  take: (page) =>
    page.page.evaluate(() => {
      faultProbe.microphoneError = 'NotReadableError';
      for (const context of faultProbe.audioContexts) {
        Object.defineProperty(context, 'state', { value: 'interrupted', configurable: true });
        context.dispatchEvent(new Event('statechange'));
      }
    }),
  giveBack: (page) =>
    page.page.evaluate(() => {
      faultProbe.microphoneError = null;
      for (const context of faultProbe.audioContexts) {
        Reflect.deleteProperty(context, 'state');
        context.dispatchEvent(new Event('statechange'));
      }
    }),
};

/** The screen is locked: the page is hidden, and the system takes the microphone from it. */
const pageHidden: Happening = {
  name: 'page hidden',
  take: (page) =>
    page.page.evaluate(() => {
      faultProbe.microphoneError = 'NotAllowedError';
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
      const track = faultProbe.microphoneTracks.at(-1);
      track?.stop();
      track?.dispatchEvent(new Event('ended'));
    }),
  giveBack: (page) =>
    page.page.evaluate(() => {
      faultProbe.microphoneError = null;
      Reflect.deleteProperty(document, 'hidden');
      Reflect.deleteProperty(document, 'visibilityState');
      document.dispatchEvent(new Event('visibilitychange'));
    }),
};

/** The microphone is gone and comes back for a tap only. */
const tapToResume: Happening = {
  name: 'microphone denied until a tap',
  take: (page) =>
    page.page.evaluate(() => {
      faultProbe.microphoneError = 'NotAllowedError';
      const track = faultProbe.microphoneTracks.at(-1);
      track?.stop();
      track?.dispatchEvent(new Event('ended'));
    }),
  giveBack: async (page) => {
    await page.page.evaluate(() => {
      faultProbe.microphoneError = null;
    });
    await page.click();
  },
};

/** Plays one through: interrupted on both pages, silence, and the voice again. */
async function playThrough({ commercial, admin }: LivePair, { name, take, giveBack }: Happening): Promise<Finding[]> {
  const findings: Finding[] = [];
  const start = Date.now();
  await take(commercial);
  // Looked up in what the pages noted: where nothing prevents it, it is over in an instant.
  for (const page of [commercial, admin]) {
    await waitUntil(
      `${name}: interrupted in ${page.tag}`,
      async () => (await page.statesSince(start)).includes('interrupted'),
      30_000,
    );
  }
  if (giveBack) {
    // A while without anything, in which neither page may pretend to be live again.
    await sleep(1_500);
    const states = [await commercial.state(), await admin.state()].join(', ');
    findings.push(same(`${name}: states meanwhile`, states, 'interrupted, interrupted'));
  }
  const from = Date.now();
  await giveBack?.(commercial);
  const heard = await admin.heardAfter(from, 30_000);
  await commercial.waitForState('live');
  await admin.waitForState('listening');
  const tracks = await commercial.page.evaluate(
    () => faultProbe.microphoneTracks.filter(({ readyState }) => readyState === 'live').length,
  );
  findings.push(
    atMost(`${name}: audio back`, heard === null ? null : heard / 1_000, 3, 's', 15),
    shown(`${name}: longest silence`, (await admin.longestSilence(start)) / 1_000, 's'),
    same(`${name}: open microphones after`, tracks, 1),
  );
  return findings;
}

const microphoneLost: FaultCase = {
  fault: 'microphone: ended, muted, unplugged, interrupted, page hidden, denied until a tap',
  async run({ rig }) {
    const pair = await rig.livePair();
    const findings: Finding[] = [];
    for (const happening of [trackEnded, phoneCall, unplugged, contextInterrupted, pageHidden, tapToResume]) {
      findings.push(...(await playThrough(pair, happening)));
      await sleep(500);
    }
    return findings;
  },
};

export const microphoneCases: readonly FaultCase[] = [microphoneLost];
