import { createLevelMeter } from '../audio/level-meter.ts';
import { openMicrophone } from '../audio/microphone.ts';
import { microphonePermission } from '../audio/microphone-permission.ts';
import { holdWakeLock } from '../audio/wake-lock.ts';
import { createPublishPeer } from '../relay-client/peer-connection.ts';
import type { RelayLink } from '../relay-client/relay-link.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import { browserPage } from '../shared/page.ts';
import { browserChoices, tabMemory } from '../shared/storage.ts';
import type { StreamingControl } from './state.ts';
import { StreamingSession } from './streaming-session.ts';

/** A streaming session on the real browser. @param shown resolves when the element has rendered the newest state */
export function makeStreamingSession(relay: RelayLink, shown: () => Promise<unknown>, log: DebugLog): StreamingControl {
  const page = browserPage;
  return new StreamingSession({
    relay,
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
