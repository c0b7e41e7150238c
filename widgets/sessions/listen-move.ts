import type { ParamsOf, ResultOf } from '../../relay/protocol/messages.ts';
import type { ListenPeer } from '../relay-client/peer-connection.ts';
import type { NextSession } from '../relay-client/relay-link.ts';
import type { MediaLink } from './media-link.ts';

/** A node that was just connected to knows the commercials of the others a moment later; nothing is lost by waiting for them. */
const ROSTER_MS = 1_000;
/** So long the new audio is waited for while the older one is heard. */
const AUDIO_MS = 2_000;
const LOOK_MS = 20;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What a selection needs to go over to another node. */
export interface ListenMoveOptions<Track> {
  readonly media: MediaLink<ListenPeer>;
  /** Whom the user wants to hear now, and why. */
  wanted(): ParamsOf<'listen:select'> | null;
  /** Whether that one is heard now. */
  hears(): boolean;
  /** Plays this track in place of the one before. */
  play(track: Track): void;
}

/** Takes what is heard to another node: played from there when it has come, and only then let go of here. */
export class ListenMove<Track> {
  readonly #options: ListenMoveOptions<Track>;
  /** What came over connections that are not played yet. */
  readonly #tracks = new WeakMap<ListenPeer, Track>();
  #ready: ListenPeer | null = null;

  constructor(options: ListenMoveOptions<Track>) {
    this.#options = options;
  }

  /** A track came over this connection. @returns true when it is not to be played yet */
  keep(peer: ListenPeer, track: Track): boolean {
    if (!this.#options.media.isBeside(peer)) return false;
    this.#tracks.set(peer, track);
    return true;
  }

  /** @returns the state of the selection over there. @throws when it stays where it is */
  async prepare(next: NextSession): Promise<ResultOf<'listen:select'> | null> {
    const { media, wanted } = this.#options;
    await pause(ROSTER_MS);
    if (wanted() === null) return null;
    if (media.state === 'connecting') throw new Error('The media is still being connected.');
    const { iceServers } = next.session;
    const peer = await media.prepare(iceServers, async (made) => {
      const { sdp: offer } = await next.request('listen:connect', { mode: 'connect' });
      await next.request('listen:answer', { sdp: await made.answer(offer, iceServers) });
    });
    try {
      let answer: ResultOf<'listen:select'> | null = null;
      for (let asked: string | null = ''; asked !== keyOf(wanted()); ) {
        const params = wanted();
        asked = keyOf(params);
        answer = params && (await next.commit('listen:select', { ...params, again: true }));
        if (params === null) await next.commit('listen:stop', {});
        else if (this.#options.hears()) await arrival(peer);
      }
      this.#ready = peer;
      return answer;
    } catch (error) {
      media.discard(peer);
      throw error;
    }
  }

  /** The page has gone over. @returns whether its media has */
  arrived(): boolean {
    const { media, play } = this.#options;
    const peer = this.#ready;
    this.#ready = null;
    if (!peer || !media.isBeside(peer)) return false;
    const older = media.adopt(peer);
    const track = this.#tracks.get(peer);
    if (track !== undefined) play(track);
    if (older) media.discard(older);
    return true;
  }
}

const keyOf = (params: ParamsOf<'listen:select'> | null): string | null =>
  params && `${params.commercialId}\0${params.purpose ?? ''}`;

/** Resolves when audio has come over this connection, or has not come for too long. */
async function arrival(peer: ListenPeer): Promise<void> {
  for (let waited = 0; waited < AUDIO_MS; waited += LOOK_MS) {
    const sample = await peer.sample().catch(() => null);
    if (!sample || sample.packetsReceived > 0) return;
    await pause(LOOK_MS);
  }
}
