import { type ListeningPage, type PublishingPage, RtpPages } from '../../../relay/media/testing/rtp-pages.ts';
import type { StreamSeal } from '../../../relay/protocol/stream-seal.ts';
import { LivePage } from '../../../relay/signalling/testing/live-page.ts';
import { KeyRing } from '../../../widgets/e2ee/key-ring.ts';
import { Opener } from '../../../widgets/e2ee/opener.ts';
import { Sealer } from '../../../widgets/e2ee/sealer.ts';
import { streamOf, type TeamKey, whisperOf } from '../../../widgets/e2ee/stream-seal.ts';
import { keyBytes, type TestKey } from '../sealed-pages.ts';
import { waitUntil } from '../wait.ts';

/** An Opus frame of 20 ms that is silent (RFC 6716: CELT, full band, mono). */
const SILENCE = Uint8Array.of(0xf8, 0xff, 0xfe);
/** So many are sealed ahead: a minute. */
const FRAMES = 3_000;

export interface EarTapOptions {
  readonly relayUrl: string;
  /** The commercial's. */
  readonly token: string;
  readonly commercialId: string;
  readonly key: TestKey;
}

/** A commercial without a browser, who streams silence that is sealed and wears an earpiece: has the payloads of what is whispered as the relay passes them on. */
export class EarTap {
  readonly payloads: Buffer[] = [];
  /** What was told of each whisper. */
  readonly began: { readonly by: { readonly id: string }; readonly e2ee?: StreamSeal | undefined }[] = [];
  readonly #options: EarTapOptions;
  readonly #page: LivePage;
  readonly #pages: RtpPages;
  readonly #microphone: PublishingPage;

  private constructor(
    options: EarTapOptions,
    page: LivePage,
    pages: RtpPages,
    microphone: PublishingPage,
    ear: ListeningPage,
  ) {
    this.#options = options;
    this.#page = page;
    this.#pages = pages;
    this.#microphone = microphone;
    ear.onPayload = (payload) => this.payloads.push(Buffer.from(payload));
    page.socket.on('whisper:began', (whisper) => {
      this.began.push(whisper);
      page.socket.emit('whisper:shown', { id: whisper.id }, () => {});
    });
  }

  static async start(options: EarTapOptions): Promise<EarTap> {
    const pages = await RtpPages.start();
    const page = LivePage.dial(options.relayUrl, { token: options.token });
    const [microphone, ear] = await Promise.all([pages.publisher(), pages.listener()]);
    const tap = new EarTap(options, page, pages, microphone, ear);
    try {
      await page.until('session:ready');
      await tap.#stream();
      await page.until('whisper:offered', ({ offered }) => offered);
      const { sdp } = await page.request('whisper:connect', { mode: 'connect' });
      await page.request('whisper:answer', { sdp: await ear.answer(sdp) });
      await page.request('whisper:allow', { voice: true, cues: true, e2ee: true });
    } catch (error) {
      await tap.close();
      throw error;
    }
    return tap;
  }

  /** What the payloads of the newest whisper are, opened with the team's key; what cannot be opened is left out. */
  async opened(): Promise<readonly Buffer[]> {
    const { by, e2ee } = this.began.at(-1) ?? {};
    if (!by || !e2ee) throw new Error('No sealed whisper was told of.');
    const ring = new KeyRing();
    ring.setKeys([await teamKey(this.#options.key)]);
    const salt = Uint8Array.from(Buffer.from(e2ee.salt, 'base64url'));
    ring.addStream(whisperOf(by.id, this.#options.commercialId), { salt, tag: e2ee.tag });
    const opener = new Opener(ring);
    const frames: Buffer[] = [];
    for (const payload of this.payloads) {
      const opened = await opener.open(payload);
      if (typeof opened !== 'string') frames.push(Buffer.from(opened.frame));
    }
    return frames;
  }

  async close(): Promise<void> {
    this.#page.socket.disconnect();
    await this.#pages.close();
  }

  async #stream(): Promise<void> {
    const sealer = new Sealer(streamOf(this.#options.commercialId));
    sealer.use(await teamKey(this.#options.key));
    const frames: Uint8Array[] = [];
    while (frames.length < FRAMES) frames.push((await sealer.sealFrame(SILENCE)) ?? SILENCE);
    this.#microphone.payload = (number) => frames[number];
    const offer = await this.#microphone.offer();
    const { sdp } = await this.#page.request('publish:offer', { mode: 'connect', sdp: offer });
    await this.#microphone.speak(sdp);
    const { salt, tag } = sealer.seal;
    const e2ee: StreamSeal = { salt: Buffer.from(salt).toString('base64url'), tag };
    await this.#page.request('stream:start', { e2ee });
  }
}

/** An admin without a browser, who hears the commercial and speaks to them without sealing it. @returns the code with which the relay refuses */
export async function whisperUnsealed(relayUrl: string, token: string, commercialId: string): Promise<string> {
  const pages = await RtpPages.start();
  const page = LivePage.dial(relayUrl, { token });
  try {
    await page.until('session:ready');
    const [ear, microphone] = await Promise.all([pages.listener(), pages.publisher()]);
    const { sdp } = await page.request('listen:connect', { mode: 'connect' });
    await page.request('listen:answer', { sdp: await ear.answer(sdp) });
    await page.request('listen:select', { commercialId, e2ee: true });
    const offer = await microphone.offer();
    await microphone.speak((await page.request('whisper:offer', { mode: 'connect', sdp: offer })).sdp);
    await waitUntil('sound of the commercial', async () => ear.received > 0);
    await page.until('whisper:changed', ({ voice }) => voice);
    return await page.refused('whisper:begin', {});
  } finally {
    page.socket.disconnect();
    await pages.close();
  }
}

async function teamKey(test: TestKey): Promise<TeamKey> {
  return { id: test.id, key: await crypto.subtle.importKey('raw', keyBytes(test), 'HKDF', false, ['deriveBits']) };
}
