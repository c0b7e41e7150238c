import type { Page } from 'puppeteer-core';
import { type ListeningPage, RtpPages } from '../../../relay/media/testing/rtp-pages.ts';
import { LivePage } from '../../../relay/signalling/testing/live-page.ts';
import { waitUntil } from '../wait.ts';
import type { Sound } from '../wav.ts';

/** What passes the relay: the payloads of the packets that it has after SRTP, in the order in which they come. */
export class PacketTap {
  readonly payloads: Buffer[] = [];
  readonly #page: LivePage;
  readonly #pages: RtpPages;
  #ear: ListeningPage | null = null;

  private constructor(page: LivePage, pages: RtpPages) {
    this.#page = page;
    this.#pages = pages;
  }

  /** Takes what the relay passes on to this admin of this commercial. */
  static async start(relayUrl: string, token: string, commercialId: string): Promise<PacketTap> {
    const pages = await RtpPages.start();
    const page = LivePage.dial(relayUrl, { token });
    const tap = new PacketTap(page, pages);
    try {
      await waitUntil('session:ready', async () => page.heard.some(({ name }) => name === 'session:ready'));
      const ear = await pages.listener();
      tap.#ear = ear;
      ear.onPayload = (payload) => tap.payloads.push(Buffer.from(payload));
      const { sdp } = await page.request('listen:connect', { mode: 'connect' });
      await page.request('listen:answer', { sdp: await ear.answer(sdp) });
      await page.request('listen:select', { commercialId, e2ee: true });
    } catch (error) {
      await tap.close();
      throw error;
    }
    return tap;
  }

  async close(): Promise<void> {
    this.#page.socket.disconnect();
    this.#ear?.close();
    await this.#pages.close();
  }
}

/** What a decoder makes of them as Opus, frame by frame, in Chromium; it goes on after what it cannot decode. */
export async function decodeOpus(page: Page, payloads: readonly Buffer[]): Promise<Sound> {
  const decoded = await page.evaluate(
    decodeInPage,
    payloads.map((payload) => payload.toString('base64')),
  );
  const pcm = Buffer.from(decoded, 'base64');
  return {
    rate: 48_000,
    samples: Float32Array.from({ length: pcm.length / 2 }, (_, at) => pcm.readInt16LE(2 * at) / 32_767),
  };
}

/** Runs in the page. */
async function decodeInPage(payloads: readonly string[]): Promise<string> {
  const parts: Int16Array[] = [];
  const newDecoder = (): AudioDecoder => {
    const decoder = new AudioDecoder({
      output: (data) => {
        const samples = new Float32Array(data.numberOfFrames);
        data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
        parts.push(Int16Array.from(samples, (sample) => Math.max(-1, Math.min(1, sample)) * 32_767));
        data.close();
      },
      error: () => {},
    });
    decoder.configure({ codec: 'opus', sampleRate: 48_000, numberOfChannels: 1 });
    return decoder;
  };
  let decoder = newDecoder();
  for (const [at, payload] of payloads.entries()) {
    const data = Uint8Array.from(atob(payload), (char) => char.charCodeAt(0));
    if (decoder.state === 'closed') decoder = newDecoder();
    decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp: at * 20_000, data }));
    await decoder.flush().catch(() => {});
  }
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer), offset);
    offset += part.byteLength;
  }
  let text = '';
  for (let start = 0; start < bytes.length; start += 8_192)
    text += String.fromCharCode(...bytes.subarray(start, start + 8_192));
  return btoa(text);
}
