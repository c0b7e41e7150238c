/**
 * The elements' events: typed classes, bubbling and composed, so that a host can listen on the element, on a container or on the
 * document. The same values are in the event's own fields and in `detail`.
 */
import type { Commercial, ListeningStatus, StreamingStatus } from '../sessions/state.ts';

/** What a state change carries. */
export interface StateChange<S extends string = StreamingStatus | ListeningStatus> {
  /** The state now; the element's `state`. */
  readonly state: S;
  /** The state before. */
  readonly previous: S;
}

/** What an error carries. */
export interface ErrorReport {
  /** The stable code; see the protocol document and the README. */
  readonly code: string;
  /** What is wrong and what to do, in the element's language, for people. */
  readonly message: string;
  /** The technical text in English, for logs. */
  readonly reason: string;
  /** True when a tap or a little time can mend it; false when the host, an administrator or the browser must change something. */
  readonly recoverable: boolean;
}

/** What the change of the heard commercial carries. */
export interface ListenChange {
  /** The selected commercial's id, or null when nobody is listened to. */
  readonly commercialId: string | null;
  /** The selected commercial's name, or null. */
  readonly name: string | null;
  /** The panel's state now. */
  readonly status: ListeningStatus;
}

abstract class ProspectEvent<D> extends CustomEvent<D> {
  constructor(type: string, detail: D) {
    super(type, { detail, bubbles: true, composed: true });
  }
}

/** `prospect-state-change`: the element's `state` changed. */
export class ProspectStateChangeEvent<S extends string = StreamingStatus | ListeningStatus> extends ProspectEvent<
  StateChange<S>
> {
  constructor(detail: StateChange<S>) {
    super('prospect-state-change', detail);
  }
  get state(): S {
    return this.detail.state;
  }
  get previous(): S {
    return this.detail.previous;
  }
}

/** `prospect-error`: something failed; the element shows it in words too. */
export class ProspectErrorEvent extends ProspectEvent<ErrorReport> {
  constructor(detail: ErrorReport) {
    super('prospect-error', detail);
  }
  get code(): string {
    return this.detail.code;
  }
  get message(): string {
    return this.detail.message;
  }
  get recoverable(): boolean {
    return this.detail.recoverable;
  }
}

/** `prospect-token-expiring`: set a fresh `token` within `expiresInMs` milliseconds; the audio goes on. */
export class ProspectTokenExpiringEvent extends ProspectEvent<{ readonly expiresInMs: number }> {
  constructor(expiresInMs: number) {
    super('prospect-token-expiring', { expiresInMs });
  }
  get expiresInMs(): number {
    return this.detail.expiresInMs;
  }
}

/** `prospect-listen-change`: another commercial is listened to or waited for, nobody is, or what the panel does with them changed. */
export class ProspectListenChangeEvent extends ProspectEvent<ListenChange> {
  constructor(detail: ListenChange) {
    super('prospect-listen-change', detail);
  }
  get commercialId(): string | null {
    return this.detail.commercialId;
  }
  get status(): ListeningStatus {
    return this.detail.status;
  }
}

/** `prospect-roster-change`: a row of the list changed (who is there, who is live, who speaks). For maps and other views. */
export class ProspectRosterChangeEvent extends ProspectEvent<{ readonly commercials: readonly Commercial[] }> {
  constructor(commercials: readonly Commercial[]) {
    super('prospect-roster-change', { commercials });
  }
  get commercials(): readonly Commercial[] {
    return this.detail.commercials;
  }
}

declare global {
  interface HTMLElementEventMap {
    'prospect-state-change': ProspectStateChangeEvent;
    'prospect-error': ProspectErrorEvent;
    'prospect-token-expiring': ProspectTokenExpiringEvent;
    'prospect-listen-change': ProspectListenChangeEvent;
    'prospect-roster-change': ProspectRosterChangeEvent;
  }
}
