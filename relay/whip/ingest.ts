import type { VerifiedUser } from '../auth/user.ts';
import { RelayError } from '../errors.ts';
import { credentialsIn, withCredentials } from '../sdp/ice-fragment.ts';
import { oneAudio } from '../sdp/one-audio.ts';
import { readOffer } from '../sdp/read-offer.ts';
import { overloaded } from '../streams/overloaded.ts';
import type { Session } from '../streams/session.ts';
import type { StreamRegistry } from '../streams/stream-registry.ts';
import { WishError } from '../wish/problems.ts';
import { type Gone, RemotePeer, type StreamEnded } from '../wish/remote-peer.ts';
import { checkRoom, type Opened, openStreams, sessionHeaders, type WishOptions } from '../wish/wish-options.ts';
import { FRAGMENT } from '../wish/wish-routes.ts';
import { WishSession } from '../wish/wish-session.ts';
import { DeviceDemand } from './device-demand.ts';
import type { StoppedDevices, TellStopped } from './stopped-devices.ts';
import { TrafficWatch } from './traffic-watch.ts';

/** A device that sends nothing for so long has lost its network, which it is given `SESSION_GRACE` for besides. */
const SILENT_MS = 10_000;

const PAGE_ACTIVE = 'A page of the same user streams. A device never takes over from a page: stop that first.';

const DEVICE_CAME = 'Another device of the same user has come meanwhile.';

/** Devices that publish over WHIP: each is a session of its commercial, and its stream one like any other. */
export class Ingest {
  readonly #options: WishOptions;
  readonly #stopped: StoppedDevices;
  readonly #tellStopped: TellStopped;

  /** @param stopped those who are kept out @param tellStopped told of each who is from now on */
  constructor(options: WishOptions, stopped: StoppedDevices, tellStopped: TellStopped) {
    this.#options = options;
    this.#stopped = stopped;
    this.#tellStopped = tellStopped;
  }

  /**
   * Goes live. A device takes over from another device of the same user, and never from a page.
   * @param token names the token, without being it
   * @throws RelayError forbidden, sdp_invalid, e2ee_required, policy_devices, a PolicyReason, capacity, rate_limited, draining,
   *   media_unavailable, not_connected; WishError page_active, stopped_by_page, starting
   */
  async open(verified: VerifiedUser, offer: string, token: string): Promise<Opened> {
    const { user } = verified;
    const streams = openStreams(this.#options);
    if (user.role !== 'commercial') throw new RelayError('forbidden', 'Only a commercial may stream.');
    checkRoom(this.#options, user.id);
    const heldMs = this.#stopped.heldMs(user.id, token);
    if (heldMs > 0) {
      const text = 'A page of the same user has stopped this device. Come back with another token, or later.';
      throw new WishError('stopped_by_page', text, Math.ceil(heldMs / 1000));
    }
    if (isPage(streams, user.id)) throw new WishError('page_active', PAGE_ACTIVE);
    const audio = oneAudio(offer);
    const { mid } = readOffer(audio.offer);
    const { session } = streams.registry.open(verified, undefined, undefined, 'device');
    try {
      const device = this.#attach(session, streams, token, audio.offer, mid);
      const answer = audio.answer(await streams.publishing.offer(session, 'connect', audio.offer));
      await this.#start(session, streams);
      device.begin();
      if (session.ended) throw new RelayError('not_connected', 'The session ended meanwhile.');
      const headers = sessionHeaders(this.#options, '/whip', device.entry, user.id, [FRAGMENT]);
      return { status: 201, sdp: answer, headers };
    } catch (error) {
      session.end('left');
      throw error;
    }
  }

  async #start(session: Session, streams: StreamRegistry): Promise<void> {
    // Looked at again: the offer was awaited.
    if (isPage(streams, session.user.id)) throw new WishError('page_active', PAGE_ACTIVE);
    const isHere = streams.publishing.streamOf(session.user.id) !== null;
    if (!isHere && session.links.publish?.room.take() === false) throw overloaded();
    try {
      // At another relay a page keeps what it has, and a device does not: that relay is asked, whatever is known here.
      await streams.publishing.start(session, !isHere);
    } catch (error) {
      const isTaken = error instanceof RelayError && error.code === 'not_streaming';
      if (!isTaken) throw error;
      // Of several devices that come at a time the one that was asked for last stays.
      if (streams.find(session.user.id)?.newest?.device) throw new RelayError('not_connected', DEVICE_CAME);
      throw new WishError('page_active', PAGE_ACTIVE);
    }
  }

  #attach(session: Session, streams: StreamRegistry, token: string, offer: string, mid: string) {
    const { timers, config, book, logger } = this.#options;
    const { publishing } = streams;
    const demand = new DeviceDemand({
      timers,
      lingerMs: config.session.demandLingerMs,
      source: () => {
        const { publish } = session.links;
        if (!publish) throw new RelayError('forbidden', 'Only a commercial may stream.');
        return publish.produce();
      },
      seen: (version) => publishing.seen(session, version),
      onFailed: (err) => {
        logger.error({ err, session: session.label }, 'a device could not be paused or resumed');
        session.end('left');
      },
    });
    const peer = new RemotePeer(timers, config.session.graceMs, {
      onDemand: (change) => demand.changed(change),
      onGone: (gone, end) => this.#gone(session, token, gone, end),
      onEnded: () => {
        demand.close();
        traffic?.close();
        book.delete(entry);
        logger.info({ session: session.label, user: session.user.id }, 'device left');
      },
    });
    const entry = new WishSession({
      session,
      ice: credentialsIn(offer),
      mid,
      accept: null,
      restartIce: (ice) => publishing.offer(session, 'restart-ice', withCredentials(offer, ice)),
      end: () => {
        if (session.ended) return;
        publishing.stop(session);
        session.end('left');
      },
    });
    book.add(entry);
    session.attach(peer);
    logger.info({ session: session.label, user: session.user.id }, 'device came');
    let traffic: TrafficWatch | null = null;
    const begin = (): void => {
      if (session.ended) return;
      const patienceMs = SILENT_MS + config.session.graceMs;
      const bytes = async (): Promise<number> => (await session.links.publish?.bytesReceived()) ?? 0;
      traffic = new TrafficWatch(timers, patienceMs, bytes, () => session.end('grace_expired'));
      peer.media(session.links.publish?.state ?? 'closed');
      demand.begin();
    };
    return { entry, begin };
  }

  #gone(session: Session, token: string, gone: Gone, end: StreamEnded | null): void {
    const byPage = end?.why === 'stopped' || (end?.why === 'replaced' && !end.byDevice);
    if (byPage) {
      this.#stopped.add(session.user.id, token);
      this.#tellStopped(session.user.id, token);
    }
    session.end(gone === 'lost' ? 'grace_expired' : 'left');
  }
}

function isPage(streams: StreamRegistry, userId: string): boolean {
  const newest = streams.find(userId)?.newest;
  return newest !== null && newest !== undefined && !newest.device;
}
