import { RelayClient } from '../relay-client/relay-client.ts';
import type { LinkEvents, RelayLink } from '../relay-client/relay-link.ts';
import { createDebugLog, type DebugLog } from '../shared/debug-log.ts';
import { Emitter } from '../shared/emitter.ts';
import { browserPage } from '../shared/page.ts';
import { resolveRelayUrl } from '../shared/relay-url.ts';
import { WIDGET_VERSION } from '../shared/version.ts';
import type { E2eeSettings } from './sealing.ts';

/** What comes is kept for this long; a page that has nobody for it by then connects anew when it has. */
const KEPT_MS = 20_000;

/** What both elements say of the connection that they want. */
export interface LinkOptions {
  /** The host's token; null until there is one. */
  readonly token: string | null;
  /** The `relay-url` attribute; null for the page's own host. A bad one becomes the state's fault. */
  readonly relayUrl: string | null;
  /** Whether every step is written to `console.debug`; asked at each. */
  readonly isDebug: () => boolean;
  /** Called with what names this page in the relay's log, at each connection. */
  readonly onTrace: (traceId: string) => void;
  /** Sealed streams, as the host wants them now. */
  readonly e2ee: () => E2eeSettings;
  /** Aborted when nobody wants the session any more. */
  readonly signal: AbortSignal;
}

/** A connection under way, for a session whose code is under way too. */
export interface HeldLink {
  readonly log: DebugLog;
  /** The session is there: what has come meanwhile is told when it listens, and `told` is called. */
  take<S>(made: (relay: RelayLink) => S): S;
}

/** Connects to the relay at once when there is a token, and keeps what it says until somebody takes it. @param name before each line of the log */
export function heldLink(name: string, { token, relayUrl, isDebug, onTrace, signal }: LinkOptions): HeldLink {
  const log = createDebugLog(name, isDebug);
  let events = new Emitter<LinkEvents>();
  const connect = (): RelayClient =>
    new RelayClient({
      resolveAddress: () => resolveRelayUrl(relayUrl),
      token,
      version: WIDGET_VERSION,
      page: browserPage,
      events,
      log,
      onTrace: (traceId) => {
        log('trace', traceId);
        onTrace(traceId);
      },
    });
  events.hold();
  let relay = connect();
  const close = (): void => relay.close();
  const timer = setTimeout(close, KEPT_MS);
  const give = (): void => {
    clearTimeout(timer);
    close();
  };
  signal.addEventListener('abort', give);
  return {
    log,
    take(made) {
      clearTimeout(timer);
      signal.removeEventListener('abort', give);
      if (relay.status === 'closed') {
        events = new Emitter();
        relay = connect();
      }
      const session = made(relay);
      events.release();
      return session;
    },
  };
}
