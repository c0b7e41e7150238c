/**
 * The elements' events: typed classes, bubbling and composed, so that a host can listen on the element, on a container or on the
 * document. The same values are fields of the event and in its `detail`.
 */
import type { Commercial, ListeningStatus, StreamingStatus } from '../sessions/state.ts';
import type { Mender } from '../shared/fault.ts';

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
  /** Who can mend it: `'user'`, `'administrator'` or `'network'`. */
  readonly mender: Mender;
  /** What names the page in the relay's log, for support: no secret. Null when the relay has not answered yet. */
  readonly traceId: string | null;
}

/** What the end of a token carries. */
export interface TokenExpiry {
  /** Milliseconds until the token ends. */
  readonly expiresInMs: number;
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

/** What a change of the list carries. */
export interface RosterChange {
  /** Everybody in the list, live first. */
  readonly commercials: readonly Commercial[];
  /** False: some may be missing for the moment, because part of the service cannot be reached. */
  readonly complete: boolean;
}

/** What a choice of a purpose carries. */
export interface PurposeChange {
  /** The id of the policy's purpose. */
  readonly purpose: string;
}

/** What the events of both elements have in common. */
export abstract class ProspectEvent<D extends object> extends CustomEvent<D> {
  /**
   * The element that reports. The same as `target`, except for the last events of an element that was removed while it was in use: those are told on the
   * element, and once more from where it stood in the document, so that listeners at a container or at the document learn of the end.
   */
  source: HTMLElement | null = null;

  constructor(type: string, detail: D) {
    super(type, { detail, bubbles: true, composed: true });
    Object.assign(this, detail);
  }
}

/** `prospect-state-change`: the element's `state` changed. */
export class ProspectStateChangeEvent<S extends string = StreamingStatus | ListeningStatus>
  extends ProspectEvent<StateChange<S>>
  implements StateChange<S>
{
  declare readonly state: S;
  declare readonly previous: S;

  constructor(detail: StateChange<S>) {
    super('prospect-state-change', detail);
  }
}

/** `prospect-error`: something failed; the element shows it in words too. */
export class ProspectErrorEvent extends ProspectEvent<ErrorReport> implements ErrorReport {
  declare readonly code: string;
  declare readonly message: string;
  declare readonly reason: string;
  declare readonly recoverable: boolean;
  declare readonly mender: Mender;
  declare readonly traceId: string | null;

  constructor(detail: ErrorReport) {
    super('prospect-error', detail);
  }
}

/**
 * `prospect-token-expiring`: set a fresh `token` within `expiresInMs` milliseconds; the audio goes on. Comes again with growing pauses until
 * there is one, with 0 after the end or a refusal. With a `tokenProvider` there is nothing to do.
 */
export class ProspectTokenExpiringEvent extends ProspectEvent<TokenExpiry> implements TokenExpiry {
  declare readonly expiresInMs: number;

  constructor(expiresInMs: number) {
    super('prospect-token-expiring', { expiresInMs });
  }
}

/** `prospect-listen-change`: another commercial is listened to or waited for, nobody is, or what the panel does with them changed. */
export class ProspectListenChangeEvent extends ProspectEvent<ListenChange> implements ListenChange {
  declare readonly commercialId: string | null;
  declare readonly name: string | null;
  declare readonly status: ListeningStatus;

  constructor(detail: ListenChange) {
    super('prospect-listen-change', detail);
  }
}

/** `prospect-roster-change`: a row of the list changed (who is there, who is live, who speaks). For maps and other views. */
export class ProspectRosterChangeEvent extends ProspectEvent<RosterChange> implements RosterChange {
  declare readonly commercials: readonly Commercial[];
  declare readonly complete: boolean;

  constructor(commercials: readonly Commercial[], complete = true) {
    super('prospect-roster-change', { commercials, complete });
  }
}

/** `prospect-purpose-change`: the admin chose why they listen, as the relay's policy asks. */
export class ProspectPurposeChangeEvent extends ProspectEvent<PurposeChange> implements PurposeChange {
  declare readonly purpose: string;

  constructor(purpose: string) {
    super('prospect-purpose-change', { purpose });
  }
}

declare global {
  // Of elements, of the document and of the window alike: the events bubble up to both.
  interface GlobalEventHandlersEventMap {
    'prospect-state-change': ProspectStateChangeEvent;
    'prospect-error': ProspectErrorEvent;
    'prospect-token-expiring': ProspectTokenExpiringEvent;
    'prospect-listen-change': ProspectListenChangeEvent;
    'prospect-roster-change': ProspectRosterChangeEvent;
    'prospect-purpose-change': ProspectPurposeChangeEvent;
  }
}
