import { type ListeningPage, type PublishingPage, RtpPages } from '../../../relay/media/testing/rtp-pages.ts';
import type { SessionUser } from '../../../relay/protocol/messages.ts';
import type { LivePage } from '../../../relay/signalling/testing/live-page.ts';
import { eventually, type RealRelay } from './real-relay.ts';

/** A commercial who is live and an admin who hears it: real signalling, real media. */
export class HearingPair {
  readonly commercial: LivePage;
  readonly admin: LivePage;
  readonly voice: PublishingPage;
  readonly ear: ListeningPage;
  /** Every session description that was exchanged. */
  readonly descriptions: readonly string[];
  readonly #pages: RtpPages;

  private constructor(parts: {
    commercial: LivePage;
    admin: LivePage;
    voice: PublishingPage;
    ear: ListeningPage;
    pages: RtpPages;
    descriptions: readonly string[];
  }) {
    this.commercial = parts.commercial;
    this.admin = parts.admin;
    this.voice = parts.voice;
    this.ear = parts.ear;
    this.#pages = parts.pages;
    this.descriptions = parts.descriptions;
  }

  /** Resolves once the admin hears the commercial. @param at where the admin's page connects */
  static async start(relay: RealRelay, commercial: SessionUser, admin: SessionUser, at = relay): Promise<HearingPair> {
    const pages = await RtpPages.start();
    const speaking = await relay.join(commercial);
    const voice = await pages.publisher();
    const published = await voice.offer();
    const { sdp } = await speaking.request('publish:offer', { mode: 'connect', sdp: published });
    await voice.speak(sdp);
    await speaking.request('stream:start');
    const listening = await at.join(admin);
    const ear = await pages.listener();
    const offer = await listening.request('listen:connect', { mode: 'connect' });
    const answer = await ear.answer(offer.sdp);
    await listening.request('listen:answer', { sdp: answer });
    await listening.request('listen:select', { commercialId: commercial.id });
    await eventually('the admin hears the commercial', () => ear.received > 5);
    ear.take();
    const descriptions = [published, sdp, offer.sdp, answer];
    return new HearingPair({ commercial: speaking, admin: listening, voice, ear, pages, descriptions });
  }

  async close(): Promise<void> {
    this.commercial.socket.disconnect();
    this.admin.socket.disconnect();
    this.voice.close();
    this.ear.close();
    await this.#pages.close();
  }
}
