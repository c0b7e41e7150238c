import type { StreamEnd } from '../audit/audit-entries.ts';
import type { TransportState } from '../media/media.ts';
import type { NotificationName, PayloadOf } from '../protocol/messages.ts';
import type { Peer } from '../streams/peer.ts';
import type { Timer, TimerSet } from '../streams/timers.ts';

/** A device or player that has not brought its media up after this long has gone. Browsers and FFmpeg give up sooner. */
export const CONNECT_WITHIN_MS = 30_000;

/** Why the other end is given up. `lost`: its media is gone; `moved`: the node stops, and it shall connect to another. */
export type Gone = 'lost' | 'moved' | 'stream_ended' | 'selection_ended';

/** How a device's stream has ended. */
export interface StreamEnded {
  readonly why: StreamEnd;
  /** Another device has taken over. */
  readonly byDevice: boolean;
}

/** What a remote peer tells whoever owns its session. Each after what brought it about is done. */
export interface RemotePeerEvents {
  /** It is to be ended. At most once. @param end of the stream, where that ended */
  readonly onGone: (gone: Gone, end: StreamEnded | null) => void;
  /** The session is over. Once. */
  readonly onEnded: () => void;
  /** Who listens to the device has changed: nobody is heard before this version is acknowledged. */
  readonly onDemand?: (demand: PayloadOf<'demand:changed'>) => void;
}

/**
 * A device (WHIP) or a player (WHEP) at the other end of a session. It has no signalling connection that could be lost: its media says
 * whether it is there, and nothing can be told to it but by ending that.
 */
export class RemotePeer implements Peer {
  readonly congested = false;
  readonly silentForMs = 0;
  readonly #events: RemotePeerEvents;
  readonly #timers: TimerSet;
  readonly #graceMs: number;
  #timer: Timer | null;
  #isGone = false;
  #ended = false;

  /** @param graceMs how long a lost media path is waited for */
  constructor(timers: TimerSet, graceMs: number, events: RemotePeerEvents) {
    this.#events = events;
    this.#timers = timers;
    this.#graceMs = graceMs;
    this.#timer = timers.after(CONNECT_WITHIN_MS, () => this.#gone('lost'));
  }

  notify<N extends NotificationName>(name: N, payload: PayloadOf<N>): void {
    if (name === 'media:lost') this.#gone('lost');
    if (name === 'relay:move') this.#gone('moved');
    if (name === 'listen:ended') this.#gone('selection_ended');
    if (isDemand(name, payload)) queueMicrotask(() => this.#ended || this.#events.onDemand?.(payload));
  }

  media(state: TransportState): void {
    if (this.#ended) return;
    this.#timer?.cancel();
    this.#timer = null;
    if (state === 'connected') return;
    const patienceMs = state === 'disconnected' ? this.#graceMs : CONNECT_WITHIN_MS;
    this.#timer = this.#timers.after(patienceMs, () => this.#gone('lost'));
  }

  streamEnded(why: StreamEnd, byDevice: boolean): void {
    this.#gone('stream_ended', { why, byDevice });
  }

  end(): void {
    this.drop();
  }

  drop(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#timer?.cancel();
    this.#events.onEnded();
  }

  /** In a moment: what is going on just now is not to be ended from within. */
  #gone(gone: Gone, end: StreamEnded | null = null): void {
    if (this.#isGone) return;
    this.#isGone = true;
    queueMicrotask(() => this.#ended || this.#events.onGone(gone, end));
  }
}

function isDemand(
  name: NotificationName,
  _payload: PayloadOf<NotificationName>,
): _payload is PayloadOf<'demand:changed'> {
  return name === 'demand:changed';
}
