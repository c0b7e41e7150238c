import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { loudness } from './correlate.ts';
import { waitUntil } from './wait.ts';
import type { Sound } from './wav.ts';

/** How a page made up for what was lost on the way to it, counted since its connections were made (W3C webrtc-stats, inbound-rtp). */
export interface Repairs {
  /** Requests to send again. */
  readonly nacks: number;
  /** Packets that were restored from what later ones carry of them. */
  readonly fec: number;
  /** Samples that were made up, but for silence. */
  readonly concealed: number;
  readonly samples: number;
}

/** What `recorder.page.js` puts into the page. */
interface ProspectProbe {
  mark(): number;
  take(from: number): { rate: number; base64: string };
  loudness(ms: number): number;
  now(): number;
  longestSilence(from: number, sound: number): number;
  microphoneRequests(): number;
  received(): Promise<Record<string, number>>;
  repairs(): Promise<Repairs>;
  sent(): Promise<{ bytes: number; packets: number }>;
  sentInAll(): Promise<number>;
  volume(): number;
  openMicrophones(): number;
  openPeers(): number;
}

declare global {
  var prospectProbe: ProspectProbe;
}

const SCRIPT = readFileSync(new URL('./recorder.page.js', import.meta.url), 'utf8');

/** Louder than this is sound: -46 dBFS. The voices of the tests are 20 dB above it while they speak. */
const SOUND = 0.005;

/** Looks into a page: what it receives and plays, what it sends, what it holds open. */
export class Probe {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Before the page is opened. */
  static async attach(page: Page): Promise<Probe> {
    await page.evaluateOnNewDocument(SCRIPT);
    return new Probe(page);
  }

  /** Records what the page plays for this long. Nothing arrives: a sound without samples. */
  async record(ms: number): Promise<Sound> {
    const from = await this.#page.evaluate(() => prospectProbe.mark());
    await sleep(ms);
    const { rate, base64 } = await this.#page.evaluate((mark) => prospectProbe.take(mark), from);
    const pcm = Buffer.from(base64, 'base64');
    const samples = Float32Array.from({ length: pcm.length / 2 }, (_, i) => pcm.readInt16LE(2 * i) / 32_767);
    return { rate, samples };
  }

  /** Waits until something is heard. */
  async waitForSound(timeoutMs = 15_000): Promise<void> {
    await waitUntil('sound', async () => (await this.loudness(300)) > SOUND, timeoutMs);
  }

  /** Waits until nothing is heard for a second. */
  async waitForSilence(timeoutMs = 15_000): Promise<void> {
    await waitUntil('silence', async () => (await this.loudness(1000)) < SOUND / 10, timeoutMs);
  }

  /** Root mean square of what was played in the last milliseconds. */
  loudness(ms: number): Promise<number> {
    return this.#page.evaluate((span) => prospectProbe.loudness(span), ms);
  }

  /** A moment by the page's clock, for `longestSilence`. */
  now(): Promise<number> {
    return this.#page.evaluate(() => prospectProbe.now());
  }

  /** The longest time from a moment until now in which nothing was heard, in milliseconds; looks back a minute at most. */
  longestSilence(from: number): Promise<number> {
    return this.#page.evaluate((since, sound) => prospectProbe.longestSilence(since, sound), from, SOUND);
  }

  /** How often the page asked for the microphone. */
  microphoneRequests(): Promise<number> {
    return this.#page.evaluate(() => prospectProbe.microphoneRequests());
  }

  /** How many streams of sound came in during this time. */
  async voices(ms: number): Promise<number> {
    const before = await this.#page.evaluate(() => prospectProbe.received());
    await sleep(ms);
    const after = await this.#page.evaluate(() => prospectProbe.received());
    return Object.entries(after).filter(([ssrc, packets]) => packets > (before[ssrc] ?? 0)).length;
  }

  /** The volume of what the page plays now, 0 to 1; 0 when nothing plays. */
  volume(): Promise<number> {
    return this.#page.evaluate(() => prospectProbe.volume());
  }

  /** How the page has made up for losses so far. */
  repairs(): Promise<Repairs> {
    return this.#page.evaluate(() => prospectProbe.repairs());
  }

  /** Bytes and packets of sound that the page has sent. */
  sent(): Promise<{ bytes: number; packets: number }> {
    return this.#page.evaluate(() => prospectProbe.sent());
  }

  /** Bytes that left the page on its connections, keep-alive and reports included. */
  sentInAll(): Promise<number> {
    return this.#page.evaluate(() => prospectProbe.sentInAll());
  }

  /** Microphone tracks that are not stopped. */
  openMicrophones(): Promise<number> {
    return this.#page.evaluate(() => prospectProbe.openMicrophones());
  }

  /** Connections that are not closed. */
  openPeers(): Promise<number> {
    return this.#page.evaluate(() => prospectProbe.openPeers());
  }
}

/** True when there is nothing to hear in a recording, from its first moment to its last. */
export function isSilent(sound: Sound): boolean {
  return loudness(sound) < SOUND / 10;
}
