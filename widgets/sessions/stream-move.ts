import type { PublishPeer } from '../relay-client/peer-connection.ts';
import type { NextSession } from '../relay-client/relay-link.ts';
import type { Demand } from './demand.ts';
import type { MediaLink } from './media-link.ts';

/** How long the older media goes on after the stream has gone over: until its listeners have, too. Shorter than the relay gives it. */
const LET_GO_MS = 2_000;

/** What a stream needs to go over to another node. */
export interface StreamMoveOptions<Track> {
  readonly media: MediaLink<PublishPeer<Track>>;
  readonly demand: Demand;
}

/** Takes a live stream to another node: the same track over a second connection, and the first one let go when nobody hears it any more. */
export class StreamMove<Track> {
  readonly #options: StreamMoveOptions<Track>;
  /** Where the stream is being started just now. */
  #next: NextSession | null = null;
  #ready: PublishPeer<Track> | null = null;

  constructor(options: StreamMoveOptions<Track>) {
    this.#options = options;
  }

  /**
   * The stream goes on over there once this resolves, unless `signal` says that it is over.
   * @param acknowledged the version of the policy's text that the user has, of which the other node knows nothing
   * @throws when it stays where it is
   */
  async prepare(next: NextSession, signal: AbortSignal, acknowledged: string | null): Promise<void> {
    const { media } = this.#options;
    const { iceServers } = next.session;
    const peer = await media.prepare(iceServers, async (made) => {
      const { sdp } = await next.request('publish:offer', {
        mode: 'connect',
        sdp: await made.offer(false, iceServers),
      });
      await made.accept(sdp);
    });
    if (signal.aborted) return;
    this.#next = next;
    try {
      // A node that does not ask for it refuses it: the start tells.
      if (acknowledged) await next.request('consent:give', { version: acknowledged }).catch(() => {});
      await next.commit('stream:start', { again: true });
      if (!signal.aborted) this.#ready = peer;
    } catch (error) {
      media.discard(peer);
      throw error;
    } finally {
      this.#next = null;
    }
  }

  /** The page has gone over. @returns whether the stream has */
  arrived(): boolean {
    const { media, demand } = this.#options;
    const peer = this.#ready;
    this.#ready = null;
    if (!peer) return false;
    demand.hold();
    const older = media.adopt(peer);
    setTimeout(() => {
      if (older) media.discard(older);
      demand.letGo();
    }, LET_GO_MS);
    return true;
  }

  /** The stream ends: also where it is being started. */
  stop(): void {
    this.#ready = null;
    this.#next?.request('stream:stop', {}).catch(() => {});
  }
}
