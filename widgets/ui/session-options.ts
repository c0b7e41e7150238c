import type { ReactiveControllerHost } from 'lit';
import type { E2eeSettings, SealingControl } from '../sessions/sealing.ts';
import type { ListeningStatus, ProspectFault, Store, StreamingStatus } from '../sessions/state.ts';
import type { E2eeHost } from './e2ee-properties.ts';
import type { TokenProvider } from './token-supply.ts';

/** What the controller needs of a session's state. Sessions keep one fault object per failure. */
export interface SessionState {
  readonly status: StreamingStatus | ListeningStatus;
  readonly fault: ProspectFault | null;
  /** A clock runs while there is one of these: the element is then rendered once a second. */
  readonly startedAt?: number | null;
  readonly listeningSince?: number | null;
}

/** What the controller needs of a session, beyond its state. */
export interface Session<S> extends Store<S> {
  readonly sealing?: SealingControl | undefined;
  setToken(token: string | null): void;
  onTokenExpiring(listener: (expiresInMs: number) => void): () => void;
  close(): void;
}

/** The element's properties that its session depends on. */
export interface SessionHost extends ReactiveControllerHost, HTMLElement, E2eeHost {
  token: string | null;
  readonly tokenProvider: TokenProvider | null;
  readonly relayUrl: string | null;
  readonly debug: boolean;
}

/** What every session is made with. */
export interface SessionSettings {
  readonly token: string | null;
  readonly relayUrl: string | null;
  /** Whether steps are written to the console now: `debug` may change in the middle of a stream. */
  readonly isDebug: () => boolean;
  /** Called with what names this page in the relay's log. */
  readonly onTrace: (traceId: string) => void;
  /** Aborted when the session is wanted no more; one that is there by then is closed. */
  readonly signal: AbortSignal;
  /** Sealed streams, as the element's properties say now. */
  readonly e2ee: () => E2eeSettings;
}

/** How an element makes and follows its session. */
export interface SessionOptions<S, C> {
  /** The state while there is no session. */
  readonly initial: S;
  /** Makes the session with the element's attributes of this moment, at once or when its code is there. May throw: the element then shows the failure. */
  open(settings: SessionSettings): C | Promise<C>;
  /** The session is there. */
  opened?(session: C): void;
  /** Called after each change of state, before the element renders it. */
  changed?(state: S, previous: S): void;
  /** How many milliseconds after the last rendering this change may be shown; by default at once. Infinity: with whatever is shown next. */
  pace?(state: S, previous: S): number;
}
