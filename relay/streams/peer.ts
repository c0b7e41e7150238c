import type { StreamEnd } from '../audit/audit-entries.ts';
import type { TransportState } from '../media/media.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import type { NotificationName, PayloadOf } from '../protocol/messages.ts';

/** Tells several pages the same at once: what goes over the wire is made once for all of them. */
export type NotifyAll = <N extends NotificationName>(peers: readonly Peer[], name: N, payload: PayloadOf<N>) => void;

/** Tells one page after the other. */
export const notifyEach: NotifyAll = (peers, name, payload) => {
  for (const peer of peers) peer.notify(name, payload);
};

/** The page at the other end of a session, while it has a connection. None of its methods throws. */
export interface Peer {
  /** True while the page reads more slowly than the relay writes: what can be sent later as a whole should wait. */
  readonly congested: boolean;
  /** Milliseconds since anything at all came from the page: a request, or the answer to a heartbeat. */
  readonly silentForMs: number;
  notify<N extends NotificationName>(name: N, payload: PayloadOf<N>): void;
  /** Sends `session:ended`, then closes the connection. */
  end(code: ErrorCode, message: string): void;
  /** Closes the connection without a word: the same page has a newer one. */
  drop(): void;
  /** The state of the session's media connection changed. For peers that cannot see it themselves: a page does. */
  media?(state: TransportState): void;
  /**
   * The session's stream has ended, for whatever reason. A page is told by `stream:ended` where it does not know.
   * @param byDevice a device has taken over
   */
  streamEnded?(why: StreamEnd, byDevice: boolean): void;
}
