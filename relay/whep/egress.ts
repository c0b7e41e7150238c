import type { VerifiedUser } from '../auth/user.ts';
import { RelayError } from '../errors.ts';
import { credentialsIn } from '../sdp/ice-fragment.ts';
import { oneAudio } from '../sdp/one-audio.ts';
import { takesOurPayloadType } from '../sdp/read-listen-offer.ts';
import { overloaded } from '../streams/overloaded.ts';
import type { Session } from '../streams/session.ts';
import type { StreamRegistry } from '../streams/stream-registry.ts';
import { WishError } from '../wish/problems.ts';
import { RemotePeer } from '../wish/remote-peer.ts';
import { checkRoom, type Opened, openStreams, sessionHeaders, type WishOptions } from '../wish/wish-options.ts';
import { FRAGMENT, SDP } from '../wish/wish-routes.ts';
import { WishSession } from '../wish/wish-session.ts';

const PAGE_ACTIVE = 'A page of the same user listens. A player never takes over from a page: stop that first.';

/** Whom a player wants to hear, and why. */
export interface Wish {
  readonly commercialId: string;
  /** One of the policy's purposes, where it asks for one. */
  readonly purpose: string | null;
}

/** Players that listen over WHEP: each is a session of its admin, and its listening one like any other: named, counted and limited. */
export class Egress {
  readonly #options: WishOptions;

  constructor(options: WishOptions) {
    this.#options = options;
  }

  /**
   * Listens: with an answer where the player's offer takes the relay's payload type, else with the relay's own offer, which the player
   * answers within 30 s. A player takes over from another player of the same user, and never from a page.
   * @throws RelayError forbidden, sdp_invalid, e2ee_required, a PolicyReason, capacity, rate_limited, draining, media_unavailable;
   *   WishError page_active, starting
   */
  async open(verified: VerifiedUser, offer: string, wish: Wish): Promise<Opened> {
    const { user } = verified;
    const streams = openStreams(this.#options);
    if (user.role !== 'admin') throw new RelayError('forbidden', 'Only an admin may listen.');
    checkRoom(this.#options, user.id);
    const audio = oneAudio(offer);
    const isTaken = takesOurPayloadType(audio.offer);
    const { session } = streams.registry.open(verified, undefined, undefined, 'player');
    try {
      const older = this.#options.book.of(user.id);
      // Its selection goes on here: it ends as replaced, and not before this one is allowed.
      for (const { session: before } of older) session.follow(before.id);
      const { entry, peer } = this.#attach(session, streams, isTaken ? audio.offer : null);
      select(session, streams, wish);
      for (const each of older) each.end();
      // Of a page at another relay this one knows nothing before it has asked.
      if (!(await streams.listening.settled(session))) throw new WishError('page_active', PAGE_ACTIVE);
      const sdp = isTaken
        ? audio.answer(await streams.listening.take(session, audio.offer))
        : muxOnly(await streams.listening.connect(session, 'connect'));
      if (session.ended) throw new RelayError('not_connected', 'The session ended meanwhile.');
      if (isTaken) peer.media(session.links.listen?.state ?? 'closed');
      const accepts = isTaken ? [FRAGMENT] : [SDP, FRAGMENT];
      const headers = sessionHeaders(this.#options, '/whep/sessions', entry, user.id, accepts);
      return { status: isTaken ? 201 : 406, sdp, headers };
    } catch (error) {
      session.end('left');
      throw error;
    }
  }

  /** @param offer null: the relay offers */
  #attach(session: Session, streams: StreamRegistry, offer: string | null) {
    const { timers, config, book, logger } = this.#options;
    const { listening } = streams;
    const peer = new RemotePeer(timers, config.session.graceMs, {
      onGone: (gone) => session.end(gone === 'lost' ? 'grace_expired' : 'left'),
      onEnded: () => {
        book.delete(entry);
        logger.info({ session: session.label, user: session.user.id }, 'player left');
      },
    });
    const entry = new WishSession({
      session,
      ice: offer === null ? null : credentialsIn(offer),
      mid: offer === null ? null : midOf(offer),
      accept: offer === null ? (sdp) => listening.answer(session, sdp) : null,
      restartIce: () => listening.connect(session, 'restart-ice'),
      end: () => {
        if (session.ended) return;
        listening.stop(session);
        session.end('left');
      },
    });
    book.add(entry);
    session.attach(peer);
    logger.info({ session: session.label, user: session.user.id }, 'player came');
    return { entry, peer };
  }
}

/** What a page of the same user hears, here or at another relay, it keeps. */
function select(session: Session, { listening }: StreamRegistry, { commercialId, purpose }: Wish): void {
  if (session.links.listen?.room.take() === false) throw overloaded();
  try {
    listening.select(session, commercialId, true, purpose);
  } catch (error) {
    const isTaken = error instanceof RelayError && error.code === 'not_listening';
    throw isTaken ? new WishError('page_active', PAGE_ACTIVE) : error;
  }
}

/** Each m-section of a session says so (draft-ietf-wish-whep-03, 4.6.1). */
function muxOnly(sdp: string): string {
  return sdp.replace('a=rtcp-mux\r\n', 'a=rtcp-mux\r\na=rtcp-mux-only\r\n');
}

function midOf(offer: string): string | null {
  return /^a=mid:(.+?)\r?$/m.exec(offer)?.[1] ?? null;
}
