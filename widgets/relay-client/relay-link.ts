import type { NotificationName, ParamsOf, PayloadOf, RequestName, ResultOf } from '../../relay/protocol/messages.ts';
import { type Fault, ProspectError } from '../shared/fault.ts';

/**
 * `idle`: no token. `connecting`: the first attempt. `online`: the relay said `session:ready`. `offline`: lost or not reached;
 * tried again by itself. `refused`: the relay said no, and only a new token (or a new element) can help. `closed`.
 */
export type LinkStatus = 'idle' | 'connecting' | 'online' | 'offline' | 'refused' | 'closed';

/** Everything a link reports: the protocol's notifications, and its own events (without a colon). */
export type LinkEvents = { [N in NotificationName]: PayloadOf<N> } & {
  /** `status` or `fault` changed. */
  status: LinkStatus;
  /** The token ends in so many milliseconds. Once per token. */
  expiring: number;
  /** The network came back or changed: media paths may need a look too. */
  network: undefined;
};

/** A connection to the relay that keeps itself alive; what the sessions need of it. */
export interface RelayLink {
  readonly status: LinkStatus;
  /** Of the newest connection, also after it was lost. */
  readonly session: PayloadOf<'session:ready'> | null;
  /** Why the relay cannot be used just now. */
  readonly fault: Fault | null;
  on<N extends keyof LinkEvents>(name: N, listener: (payload: LinkEvents[N]) => void): () => void;
  /** @throws ProspectError with a code of the relay's error-codes.ts, or `request_timeout`, or `relay_unreachable` */
  request<N extends RequestName>(name: N, params: ParamsOf<N>, timeoutMs?: number): Promise<ResultOf<N>>;
  /** Sends what needs no answer, and is lost when there is no connection. */
  send<N extends RequestName>(name: N, params: ParamsOf<N>): void;
  /** How long to wait for what usually takes `usualMs` milliseconds: longer where round trips to the relay are slow. */
  patienceMs(usualMs: number): number;
  /** Use this token from now on; null disconnects. */
  setToken(token: string | null): void;
  /** Something looks broken: find out quickly whether the socket still works, and replace it if not. */
  check(): void;
  /** Idempotent. */
  close(): void;
}

/** Resolves when the link is online; rejects when it is refused, closed, aborted, or the time is up. */
export function untilOnline(link: RelayLink, timeoutMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      settle();
      const { code, message } = link.fault ?? { code: 'relay_unreachable', message: 'The relay cannot be reached.' };
      reject(new ProspectError(code, message));
    };
    const look = (): void => {
      if (link.status === 'online') {
        settle();
        resolve();
      } else if (!['connecting', 'offline'].includes(link.status)) fail();
    };
    const stopListening = link.on('status', look);
    const timer = setTimeout(fail, timeoutMs);
    const settle = (): void => {
      stopListening();
      clearTimeout(timer);
      signal.removeEventListener('abort', fail);
    };
    signal.addEventListener('abort', fail);
    look();
  });
}
