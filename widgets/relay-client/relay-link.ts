import type { NotificationName, ParamsOf, PayloadOf, RequestName, ResultOf } from '../../relay/protocol/messages.ts';
import { type Fault, ProspectError } from '../shared/fault.ts';

/**
 * `idle`: no token. `connecting`: the first attempt. `online`: the relay said `session:ready`. `offline`: lost or not reached;
 * tried again by itself. `refused`: the relay said no, and only a new token (or a new element) can help. `closed`.
 */
export type LinkStatus = 'idle' | 'connecting' | 'online' | 'offline' | 'refused' | 'closed';

/** What the user wants holds at whatever node the page is: asked again there when the page went over in the midst of it. */
export const WISHES = /^(stream:(stop|pause|capture)|listen:(select|stop))$/;

/** Everything a link reports: the protocol's notifications, and its own events (without a colon). */
export type LinkEvents = { [N in NotificationName]: PayloadOf<N> } & {
  /** `status` or `fault` changed. */
  status: LinkStatus;
  /** The token ends in so many milliseconds. Once per token. */
  expiring: number;
  /** The network came back or changed: media paths may need a look too. */
  network: undefined;
  /** The page has gone over to a session at another node, as `prepareMove` made it ready; `session` is that one. */
  moved: undefined;
};

/** A session at another node, beside the present one, to which the page is about to go over. */
export interface NextSession {
  readonly session: PayloadOf<'session:ready'>;
  /** As of the link, over there. */
  request<N extends RequestName>(name: N, params: ParamsOf<N>, timeoutMs?: number): Promise<ResultOf<N>>;
  /**
   * A request that takes over from the present session. From then on the page goes over, in any case but one: the other node refuses it. What
   * comes over the present connection meanwhile is held back.
   */
  commit<N extends RequestName>(name: N, params: ParamsOf<N>): Promise<ResultOf<N>>;
}

/** Makes everything ready over there, and takes over. The link goes over when it resolves; it tries again later when it rejects. */
export type PrepareMove = (next: NextSession) => Promise<void>;

/** A connection to the relay that keeps itself alive; what the sessions need of it. */
export interface RelayLink {
  readonly status: LinkStatus;
  /** Of the newest connection, also after it was lost. */
  readonly session: PayloadOf<'session:ready'> | null;
  /** Why the relay cannot be used just now. */
  readonly fault: Fault | null;
  /** Set by who uses the link: what a page needs before it goes over to another node (`relay:move`). */
  prepareMove: PrepareMove | undefined;
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
