import { createLevelMeter } from '../audio/level-meter.ts';
import { openMicrophone } from '../audio/microphone.ts';
import { microphonePermission } from '../audio/microphone-permission.ts';
import { holdWakeLock } from '../audio/wake-lock.ts';
import { createPublishPeer } from '../relay-client/peer-connection.ts';
import { RelayClient } from '../relay-client/relay-client.ts';
import { createDebugLog } from '../shared/debug-log.ts';
import { browserPage } from '../shared/page.ts';
import { resolveRelayUrl } from '../shared/relay-url.ts';
import { browserChoices, tabMemory } from '../shared/storage.ts';
import { WIDGET_VERSION } from '../shared/version.ts';
import type { StreamingControl } from './state.ts';
import { StreamingSession } from './streaming-session.ts';

export interface StreamingSessionOptions {
  /** The host's token; null until there is one. */
  readonly token: string | null;
  /** The `relay-url` attribute; null for the page's own host. A bad one becomes the state's fault. */
  readonly relayUrl: string | null;
  /** Whether every step is written to `console.debug`; asked at each. */
  readonly isDebug: () => boolean;
  /** Called with what names this page in the relay's log, at each connection. */
  readonly onTrace: (traceId: string) => void;
  /** Resolves when the element has rendered the newest state. */
  readonly shown: () => Promise<unknown>;
}

/** A streaming session on the real browser and relay. Connects at once when there is a token. */
export function createStreamingSession({
  token,
  relayUrl,
  isDebug,
  onTrace,
  shown,
}: StreamingSessionOptions): StreamingControl {
  const log = createDebugLog('prospect-stream-button', isDebug);
  const page = browserPage;
  return new StreamingSession({
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
    openMicrophone,
    createLevelMeter,
    createPeer: createPublishPeer,
    holdWakeLock: (onHeld) => holdWakeLock(page, onHeld),
    shown,
    permission: microphonePermission,
    memory: tabMemory,
    choices: browserChoices,
    page,
    log,
  });
}
