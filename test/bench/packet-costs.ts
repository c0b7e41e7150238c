/**
 * `npm run bench -- --packets`: what a listener costs the relay with packets of 20, 40 and 60 ms. One relay’s media for each, all at
 * the same time and with pages of the same kind, so that what else the machine does hits all; what counts is their ratio.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { AudioMedia } from '../../relay/media/audio-media.ts';
import { type PublishingPage, RtpPages } from '../../relay/media/testing/rtp-pages.ts';
import { textTable } from '../harness/text-table.ts';
import { waitUntil } from '../harness/wait.ts';

/** What was measured with one packet time. */
export interface PacketCost {
  readonly packetMs: number;
  readonly listeners: number;
  /** Packets that each listener got in a second, on average. */
  readonly packetsPerSecond: number;
  /** Processor time of the media worker for each listener, in milliseconds a second. */
  readonly cpuMsPerSecond: number;
}

const UNHEARD = { onState: () => undefined, onLost: () => undefined };

/** One relay's media with one commercial and so many admins who hear them. */
class Room {
  readonly #media: AudioMedia;
  readonly #voice: PublishingPage;
  readonly #ears: readonly { readonly received: number }[];
  readonly #packetMs: number;

  private constructor(
    media: AudioMedia,
    voice: PublishingPage,
    ears: readonly { readonly received: number }[],
    packetMs: number,
  ) {
    this.#media = media;
    this.#voice = voice;
    this.#ears = ears;
    this.#packetMs = packetMs;
  }

  static async open(pages: RtpPages, listeners: number, packetMs: number): Promise<Room> {
    const listen = [{ ip: '127.0.0.1', announcedAddress: null }];
    const media = await AudioMedia.create(
      { workers: 1, basePort: 0, listen, audioBitrate: 32_000, audioPacketMs: packetMs },
      pino({ level: 'silent' }),
    );
    try {
      const voice = await pages.publisher();
      const publishing = await media.createPublishTransport(UNHEARD);
      await voice.speak(await publishing.answer(await voice.offer()));
      const source = await publishing.produce();
      const ears: { readonly received: number }[] = [];
      for (let i = 0; i < listeners; i++) {
        const ear = await pages.listener();
        const listening = await media.createListenTransport(UNHEARD);
        await listening.accept(await ear.answer(listening.offer()));
        await listening.hear(source);
        ears.push(ear);
      }
      await waitUntil('everybody hears', () => ears.every(({ received }) => received > 5), 60_000);
      return new Room(media, voice, ears, packetMs);
    } catch (error) {
      await media.close();
      throw error;
    }
  }

  async read(): Promise<{ cpuMs: number; received: number }> {
    const [worker] = await this.#media.dump();
    if (worker === undefined) throw new Error('The media worker ended.');
    const received = this.#ears.reduce((sum, ear) => sum + ear.received, 0);
    return { cpuMs: worker.usage.ru_utime + worker.usage.ru_stime, received };
  }

  async measure(ms: number): Promise<PacketCost> {
    const start = performance.now();
    const before = await this.read();
    await sleep(ms);
    const after = await this.read();
    const listenerSeconds = (this.#ears.length * (performance.now() - start)) / 1000;
    return {
      packetMs: this.#packetMs,
      listeners: this.#ears.length,
      packetsPerSecond: (after.received - before.received) / listenerSeconds,
      cpuMsPerSecond: (after.cpuMs - before.cpuMs) / listenerSeconds,
    };
  }

  async close(): Promise<void> {
    this.#voice.close();
    await this.#media.close();
  }
}

/** Measures all packet times at the same time. @param ms for how long */
export async function measurePacketCosts(
  packetTimes: readonly number[],
  listeners: number,
  ms: number,
): Promise<PacketCost[]> {
  const pages = await RtpPages.start();
  const rooms: Room[] = [];
  try {
    for (const packetMs of packetTimes) rooms.push(await Room.open(pages, listeners, packetMs));
    return await Promise.all(rooms.map((room) => room.measure(ms)));
  } finally {
    for (const room of rooms) await room.close();
    await pages.close();
  }
}

/** The table for people; the last column compares with the first line. */
export function renderPacketCosts(costs: readonly PacketCost[]): string {
  const base = costs[0]?.cpuMsPerSecond ?? Number.NaN;
  return textTable([
    ['packet', 'packets a second', 'processor time for each listener', ''],
    ...costs.map(({ packetMs, packetsPerSecond, cpuMsPerSecond }) => [
      `${packetMs} ms`,
      packetsPerSecond.toFixed(1),
      `${cpuMsPerSecond.toFixed(2)} ms a second`,
      `${Math.round((cpuMsPerSecond / base) * 100)} %`,
    ]),
  ]);
}
