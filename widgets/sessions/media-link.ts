import type { IceServer } from '../../relay/protocol/messages.ts';
import type { Peer } from '../relay-client/peer-connection.ts';
import type { RelayLink } from '../relay-client/relay-link.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import { type Fault, type PageFaultCode, ProspectError, toFault, traced } from '../shared/fault.ts';

/** `connecting`: for the first time. `recovering`: it was (or should be) connected, and is being mended. */
export type MediaState = 'closed' | 'connecting' | 'connected' | 'recovering';

/** As in the requests `publish:offer` and `listen:connect`. */
export type NegotiationMode = 'connect' | 'restart-ice';

export interface MediaLinkOptions<P extends Peer> {
  readonly relay: RelayLink;
  createPeer(iceServers: readonly IceServer[], onState: () => void): P;
  /** Exchanges descriptions with the relay; with `connect`, also whatever must follow on a new transport. */
  negotiate(peer: P, mode: NegotiationMode, timeoutMs: number): Promise<void>;
  /** `state` or `peer` changed. */
  onChange(): void;
  readonly log: DebugLog;
}

/** On a phone `disconnected` often passes within a second or two. */
const DISCONNECTED_GRACE_MS = 2_000;
/** How long a restarted or rebuilt connection gets before the next step. */
const RESTART_PATIENCE_MS = 4_000;
const CONNECT_PATIENCE_MS = 8_000;
const REQUEST_PATIENCE_MS = 4_000;
const MAX_PAUSE_MS = 8_000;
/** Each round that fails gets half as long again, up to this many times: on a slow path ICE and DTLS alone take ten seconds. */
const LONGEST_FACTOR = 4;
/**
 * With the relay within reach, a connection that does not come in the time of so many answers of three seconds, or of slower ones
 * where round trips are long, meets a blocked path: say so, and go on trying. ICE and DTLS alone take six round trips.
 */
const FAILED_AFTER_ANSWERS = 5;
const ANSWER_MS = 3_000;
/** @param traceId by which the relay's log has the page */
const failure = (traceId: string | undefined): ProspectError =>
  new ProspectError(
    'media_failed' satisfies PageFaultCode,
    traced(
      'The relay answers, but no audio connection comes about: its media ports or announced address are out of reach.',
      traceId,
    ),
  );

/**
 * Keeps one media connection alive: after trouble it restarts ICE, then rebuilds the connection, then goes on rebuilding with
 * growing pauses until closed. While the relay cannot be reached it waits; ICE may well mend itself meanwhile.
 */
export class MediaLink<P extends Peer> {
  readonly #options: MediaLinkOptions<P>;
  #peer: P | null = null;
  /** Being negotiated; takes the place of `#peer` when the relay has agreed. */
  #next: P | null = null;
  /** Made ready to take the present one's place, or kept for a moment after it was replaced. */
  readonly #beside = new Set<P>();
  #draining = false;
  #state: MediaState = 'closed';
  /** Raised by every open and close: what an older one awaited is then void. */
  #run = 0;
  #opening = false;
  #recovering = false;
  /** The relay no longer has our transport: nothing but a rebuild helps. */
  #mustRebuild = false;
  /** The path may be another one now, whatever ICE still believes. */
  #mustRestart = false;
  #graceTimer: ReturnType<typeof setTimeout> | undefined;
  #failedTimer: ReturnType<typeof setTimeout> | undefined;
  #fault: Fault | null = null;
  #wake: (() => void) | null = null;

  constructor(options: MediaLinkOptions<P>) {
    this.#options = options;
    const { relay } = options;
    relay.on('media:lost', () => this.rebuild());
    relay.on('network', () => this.pathChanged());
    relay.on('relay:draining', () => {
      this.#draining = true;
    });
    relay.on('status', (status) => {
      // A relay that stopped on purpose took the media with it; ICE would notice only seconds later.
      if (this.#draining && status !== 'online') {
        this.#draining = false;
        this.rebuild();
      }
    });
  }

  /** Why there is no connection although the relay is within reach, once that has lasted; else null. */
  get fault(): Fault | null {
    return this.#fault;
  }

  get state(): MediaState {
    return this.#state;
  }

  /** The newest connection, or null while closed. */
  get peer(): P | null {
    return this.#peer;
  }

  /** All connections over which something may flow. */
  get peers(): readonly P[] {
    return [...(this.#peer ? [this.#peer] : []), ...this.#beside];
  }

  isBeside(peer: P): boolean {
    return this.#beside.has(peer);
  }

  /**
   * A second connection beside the present one, over another session. Resolves when it stands. Whoever asked for it adopts or discards it.
   * @throws what `negotiate` threw, or ProspectError media_failed
   */
  async prepare(iceServers: readonly IceServer[], negotiate: (peer: P) => Promise<void>): Promise<P> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => {});
    const fail = (): void => reject(failure(this.#options.relay.session?.traceId));
    const peer = this.#options.createPeer(iceServers, () => {
      if (this.#peer === peer) this.#onPeerState(peer.state);
      else if (peer.state === 'connected') resolve();
      else if (peer.state === 'failed' || peer.state === 'closed') fail();
    });
    this.#beside.add(peer);
    const timer = setTimeout(fail, CONNECT_PATIENCE_MS);
    try {
      this.#options.onChange();
      await negotiate(peer);
      await promise;
      return peer;
    } catch (error) {
      this.discard(peer);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Goes over to a connection that was prepared. @returns the older one, which stays beside it until it is discarded */
  adopt(peer: P): P | null {
    const older = this.#peer;
    this.#run += 1;
    clearTimeout(this.#graceTimer);
    this.#opening = this.#recovering = this.#mustRebuild = this.#mustRestart = this.#draining = false;
    this.#wake?.();
    this.#next?.close();
    this.#next = null;
    this.#beside.delete(peer);
    if (older) this.#beside.add(older);
    this.#peer = peer;
    this.#set('connected');
    this.#options.onChange();
    if (peer.state !== 'connected') this.#onPeerState(peer.state);
    return older;
  }

  /** Idempotent. */
  discard(peer: P): void {
    if (this.#beside.delete(peer)) peer.close();
  }

  /** Makes the connection, if there is none yet. Rejects when it cannot be negotiated; the link is then closed. */
  async open(): Promise<void> {
    if (this.#state !== 'closed') return;
    const run = ++this.#run;
    this.#opening = true;
    this.#set('connecting');
    try {
      await this.#build(run, 2 * REQUEST_PATIENCE_MS);
    } catch (error) {
      if (run === this.#run) this.close();
      throw error;
    }
    if (run !== this.#run) return;
    this.#opening = false;
    // Negotiated; from here on ICE and DTLS decide.
    if (this.#mustRebuild || this.#mustRestart || this.#peer?.state === 'failed') this.#recover();
    else if (this.state !== 'connected') this.#grace(CONNECT_PATIENCE_MS);
  }

  /** The relay is back (`session:ready`). `kept`: it still has our transport. */
  relayReady(kept: boolean): void {
    if (this.#state === 'closed') return;
    this.#awaitConnection(true);
    if (!kept) this.rebuild();
    else this.pathChanged();
  }

  /**
   * The network may have changed under the connection: restart ICE even if it looks connected. A browser takes some seven
   * seconds to notice that packets go nowhere; where the old path holds, it carries the audio until the new one stands.
   */
  pathChanged(): void {
    if (this.#state === 'closed') return;
    this.#mustRestart = true;
    this.#recover();
  }

  /** The relay's side of the connection is gone. */
  rebuild(): void {
    if (this.#state === 'closed') return;
    this.#mustRebuild = true;
    this.#recover();
  }

  /**
   * Lets go of the connection at once; the browser's part of it is closed after `told`, so that the relay hears of the end from
   * us and does not take it for a loss. Idempotent.
   */
  close(told?: Promise<unknown>): void {
    this.#run += 1;
    clearTimeout(this.#graceTimer);
    this.#opening = this.#recovering = this.#mustRebuild = this.#mustRestart = false;
    this.#wake?.();
    const peers = [this.#next, ...this.peers];
    this.#next = this.#peer = null;
    this.#beside.clear();
    const end = (): void => {
      for (const peer of peers) peer?.close();
    };
    if (told) void told.then(end);
    else end();
    this.#set('closed');
  }

  #set(state: MediaState): void {
    if (state === this.#state) return;
    this.#options.log(`media ${state}`);
    this.#state = state;
    this.#awaitConnection();
    this.#options.onChange();
  }

  /** The time counts from the beginning, and anew from the relay's return: without it, the network is away as a whole. */
  #awaitConnection(anew = false): void {
    const done = this.#state === 'connected' || this.#state === 'closed';
    if (done) this.#fault = null;
    if (done || anew) {
      clearTimeout(this.#failedTimer);
      this.#failedTimer = undefined;
    }
    if (done) return;
    this.#failedTimer ??= setTimeout(() => {
      if (this.#options.relay.status !== 'online') return;
      this.#fault = toFault(failure(this.#options.relay.session?.traceId));
      this.#options.onChange();
    }, FAILED_AFTER_ANSWERS * this.#options.relay.patienceMs(ANSWER_MS));
  }

  /** A new connection in place of the present one, which is kept until the relay has agreed: it may mend itself meanwhile. */
  async #build(run: number, patienceMs: number): Promise<void> {
    const { relay, createPeer, negotiate } = this.#options;
    const peer = createPeer(relay.session?.iceServers ?? [], () => {
      if (this.#peer === peer) this.#onPeerState(peer.state);
    });
    this.#next = peer;
    this.#mustRebuild = this.#mustRestart = false;
    try {
      await negotiate(peer, 'connect', patienceMs);
    } catch (error) {
      peer.close();
      // Who knows whether the relay has closed the older transport.
      if (run === this.#run) this.#mustRebuild = true;
      throw error;
    }
    if (run !== this.#run) {
      peer.close();
      return;
    }
    this.#next = null;
    this.#peer?.close();
    this.#peer = peer;
    this.#options.onChange();
    if (peer.state === 'connected') this.#onPeerState('connected');
  }

  #onPeerState(state: RTCPeerConnectionState): void {
    this.#options.log(`peer ${state}`);
    if (state === 'connected') {
      clearTimeout(this.#graceTimer);
      // A rebuild that is due goes on: this is the older connection.
      if (this.#mustRebuild) return;
      this.#wake?.();
      this.#set('connected');
    } else if (state === 'disconnected') this.#grace(DISCONNECTED_GRACE_MS);
    else if (state === 'failed' || state === 'closed') this.#recover();
  }

  #grace(ms: number): void {
    clearTimeout(this.#graceTimer);
    this.#graceTimer = setTimeout(() => {
      if (!this.#mended()) this.#recover();
    }, ms);
  }

  #recover(): void {
    clearTimeout(this.#graceTimer);
    // `open` looks at the outcome itself.
    if (this.#opening) return;
    // A connection that stands may well go on standing: nothing is lost until it says so.
    if (this.#mustRebuild || this.#peer?.state !== 'connected') this.#set('recovering');
    this.#wake?.();
    if (!this.#recovering) void this.#recoveryLoop();
  }

  async #recoveryLoop(): Promise<void> {
    const { relay, negotiate, log } = this.#options;
    const run = ++this.#run;
    this.#recovering = true;
    let restarted = false;
    let rebuilds = 0;
    let factor = 1;
    // When the relay is away the loop ends; `relayReady` starts it again.
    while (run === this.#run && relay.status === 'online' && !this.#mended()) {
      const restart = !this.#mustRebuild && (!restarted || this.#mustRestart) ? this.#peer : null;
      try {
        if (restart) {
          // Lowered before: the path may change again meanwhile.
          this.#mustRestart = false;
          await negotiate(restart, 'restart-ice', factor * REQUEST_PATIENCE_MS).catch((error: unknown) => {
            if (run === this.#run) this.#mustRestart = true;
            throw error;
          });
          restarted = true;
        } else {
          if (rebuilds > 0) await this.#pause(Math.min(500 * 2 ** rebuilds, MAX_PAUSE_MS));
          if (run !== this.#run) return;
          rebuilds += 1;
          await this.#build(run, factor * REQUEST_PATIENCE_MS);
        }
        if (run === this.#run && !this.#mended() && !this.#mustRestart)
          await this.#pause(factor * (restart ? RESTART_PATIENCE_MS : CONNECT_PATIENCE_MS));
      } catch (error) {
        if (run !== this.#run) return;
        const { code, message } = toFault(error);
        log(`media ${restart ? 'restart' : 'rebuild'} failed: ${message}`, code);
        if (code === 'request_timeout') {
          relay.check();
          await this.#pause(REQUEST_PATIENCE_MS);
        } else if (code !== 'relay_unreachable') this.#mustRebuild = true;
      }
      factor = Math.min(factor * 1.5, LONGEST_FACTOR);
    }
    if (run !== this.#run) return;
    this.#recovering = false;
    if (this.#mended()) this.#set('connected');
  }

  #mended(): boolean {
    return !this.#mustRebuild && !this.#mustRestart && this.#peer?.state === 'connected';
  }

  /** Waits, or less when something happens. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
    });
  }
}
