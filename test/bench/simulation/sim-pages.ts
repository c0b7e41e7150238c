import type { NotificationName, PayloadOf } from '../../../relay/protocol/messages.ts';
import type { Peer } from '../../../relay/streams/peer.ts';
import type { Session } from '../../../relay/streams/session.ts';
import type { StreamRegistry } from '../../../relay/streams/stream-registry.ts';
import { sharedNow } from './plan.ts';

/** A page that takes everything at once, and keeps nothing. */
abstract class SimPage implements Peer {
  readonly congested = false;
  readonly silentForMs = 0;
  readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  abstract notify<N extends NotificationName>(name: N, payload: PayloadOf<N>): void;

  end(): void {}

  drop(): void {}
}

/** A commercial’s page: shows at once who listens, and says so. */
export class SimCommercial extends SimPage {
  readonly number: number;
  paused = false;
  readonly #registry: StreamRegistry;
  readonly #listeners = new Set<string>();

  constructor(number: number, session: Session, registry: StreamRegistry) {
    super(session);
    this.number = number;
    this.#registry = registry;
  }

  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  override notify<N extends NotificationName>(name: N, payload: PayloadOf<N>): void {
    if (name !== 'demand:changed') return;
    const { version, since, joined, left } = payload as PayloadOf<'demand:changed'>;
    if (since === null) this.#listeners.clear();
    for (const id of left) this.#listeners.delete(id);
    for (const { id } of joined) this.#listeners.add(id);
    // As over a socket: the answer comes later.
    queueMicrotask(() => this.#registry.publishing.seen(this.session, version));
  }
}

/** What is to be known of an admin’s page. */
export interface SimAdminEvents {
  /** A commercial of another node is heard, so many milliseconds after the click. */
  heard(ms: number): void;
  /** A row came. */
  row(id: string, status: string): void;
}

/** An admin’s page. */
export class SimAdmin extends SimPage {
  readonly team: number;
  readonly #events: SimAdminEvents;
  #selected: { readonly id: string; readonly at: number } | null = null;

  constructor(team: number, session: Session, events: SimAdminEvents) {
    super(session);
    this.team = team;
    this.#events = events;
  }

  /** A click. @param isHere the commercial is on this node: not measured */
  selecting(id: string, isHere: boolean): void {
    this.#selected = isHere ? null : { id, at: sharedNow() };
  }

  override notify<N extends NotificationName>(name: N, payload: PayloadOf<N>): void {
    if (name === 'roster:delta') {
      for (const { id, status } of (payload as PayloadOf<'roster:delta'>).changed) this.#events.row(id, status);
    } else if (name === 'listen:changed') {
      const { commercialId, status } = payload as PayloadOf<'listen:changed'>;
      if (status !== 'live' || commercialId !== this.#selected?.id) return;
      this.#events.heard(sharedNow() - this.#selected.at);
      this.#selected = null;
    }
  }
}
