import type { SessionUser } from '../../relay/protocol/messages.ts';
import { LoadPage } from './load-page.ts';
import { Ear, Voice } from './media.ts';
import type { Speech } from './speech.ts';
import type { TokenSource } from './tokens.ts';

/** Where everybody goes. */
export interface Place {
  readonly url: URL;
  readonly tokens: TokenSource;
}

/** A commercial who is live. Sends audio while somebody listens, as the widgets do, and says at once whom it shows. */
export class LiveCommercial {
  readonly page: LoadPage;
  readonly #voice: Voice;
  readonly #speech: Speech;

  private constructor(page: LoadPage, voice: Voice, speech: Speech) {
    this.page = page;
    this.#voice = voice;
    this.#speech = speech;
    const listeners = new Set<string>();
    page.on('demand:changed', ({ version, since, joined, left }) => {
      void page.request('demand:seen', { version }).catch(() => {});
      if (since === null) listeners.clear();
      for (const id of left) listeners.delete(id);
      for (const { id } of joined) listeners.add(id);
      if (listeners.size > 0) speech.start(voice);
      else speech.stop(voice);
    });
  }

  /** Resolves once live. @throws LoadError */
  static async join(place: Place, user: SessionUser, speech: Speech): Promise<LiveCommercial> {
    const page = await LoadPage.open(place.url, user, place.tokens);
    const voice = new Voice(user.id);
    const commercial = new LiveCommercial(page, voice, speech);
    try {
      const { sdp } = await page.request('publish:offer', { mode: 'connect', sdp: await voice.offer() });
      voice.answered(sdp);
      await voice.connected();
      await page.request('stream:start');
      return commercial;
    } catch (error) {
      commercial.close();
      throw error;
    }
  }

  /** Ends the stream as a person would, and closes. */
  async leave(): Promise<void> {
    await this.page.request('stream:stop').catch(() => {});
    this.close();
  }

  /** Idempotent. The relay is told nothing. */
  close(): void {
    this.#speech.stop(this.#voice);
    this.#voice.close();
    this.page.close();
  }
}

/** An admin who hears one commercial. */
export class ListeningAdmin {
  readonly page: LoadPage;
  readonly ear: Ear;
  /** When the commercial was selected, by `performance.now()`: the click. */
  selectedAt = 0;

  private constructor(page: LoadPage, ear: Ear) {
    this.page = page;
    this.ear = ear;
  }

  /** Resolves once the commercial is selected; the sound comes later. @throws LoadError */
  static async join(place: Place, user: SessionUser, commercialId: string): Promise<ListeningAdmin> {
    const page = await LoadPage.open(place.url, user, place.tokens);
    const admin = new ListeningAdmin(page, new Ear(user.id));
    try {
      // Ahead of the click, as the widgets do it.
      const { sdp } = await page.request('listen:connect', { mode: 'connect' });
      await page.request('listen:answer', { sdp: await admin.ear.answer(sdp) });
      await admin.ear.connected();
      admin.selectedAt = performance.now();
      await page.request('listen:select', { commercialId });
      return admin;
    } catch (error) {
      admin.close();
      throw error;
    }
  }

  /** Milliseconds from the click to the first packet; null before. */
  get clickToHeardMs(): number | null {
    const { firstAt } = this.ear.packets;
    return firstAt === null ? null : firstAt - this.selectedAt;
  }

  /** Stops listening as a person would, and closes. */
  async leave(): Promise<void> {
    await this.page.request('listen:stop').catch(() => {});
    await this.page.request('listen:disconnect').catch(() => {});
    this.close();
  }

  /** Idempotent. The relay is told nothing. */
  close(): void {
    this.ear.close();
    this.page.close();
  }
}
