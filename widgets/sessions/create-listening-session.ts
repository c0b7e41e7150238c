import { createPlayer } from '../audio/player.ts';
import { createListenPeer } from '../relay-client/peer-connection.ts';
import { RelayClient } from '../relay-client/relay-client.ts';
import { createDebugLog } from '../shared/debug-log.ts';
import { latePart } from '../shared/late-part.ts';
import { browserPage } from '../shared/page.ts';
import { resolveRelayUrl } from '../shared/relay-url.ts';
import { rememberedVolume, rememberVolume } from '../shared/storage.ts';
import { WIDGET_VERSION } from '../shared/version.ts';
import { ListeningSession } from './listening-session.ts';
import type { ListeningControl } from './state.ts';

const mediaKeys = latePart(() => import('./media-keys.ts'));

export interface ListeningSessionOptions {
  /** The host's token; null until there is one. */
  readonly token: string | null;
  /** The `relay-url` attribute; null for the page's own host. A bad one becomes the state's fault. */
  readonly relayUrl: string | null;
  /** Whether every step is written to `console.debug`; asked at each. */
  readonly isDebug: () => boolean;
  /** Called with what names this page in the relay's log, at each connection. */
  readonly onTrace: (traceId: string) => void;
  /** 0 to 1; null: as the user left it last, or full. */
  readonly volume: number | null;
  /** Whether it starts without sound. */
  readonly muted: boolean;
}

/** A listening session on the real browser and relay. Connects at once when there is a token. */
export function createListeningSession({
  token,
  relayUrl,
  isDebug,
  onTrace,
  volume,
  muted,
}: ListeningSessionOptions): ListeningControl {
  const log = createDebugLog('prospect-listen-panel', isDebug);
  const page = browserPage;
  const session = new ListeningSession({
    relay: new RelayClient({
      resolveAddress: () => resolveRelayUrl(relayUrl),
      token,
      version: WIDGET_VERSION,
      page,
      log,
      onTrace: (traceId) => {
        log('trace', traceId);
        onTrace(traceId);
      },
    }),
    createPeer: createListenPeer,
    player: createPlayer(),
    volume: volume ?? rememberedVolume() ?? 1,
    muted,
    rememberVolume,
    page,
    log,
  });
  void mediaKeys.get().then(({ followMediaKeys }) => followMediaKeys(session));
  return session;
}
