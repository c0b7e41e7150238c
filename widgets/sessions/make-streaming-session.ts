import { createLevelMeter } from '../audio/level-meter.ts';
import { openMicrophone } from '../audio/microphone.ts';
import { microphonePermission } from '../audio/microphone-permission.ts';
import { holdWakeLock } from '../audio/wake-lock.ts';
import { createPublishPeer } from '../relay-client/peer-connection.ts';
import type { RelayLink } from '../relay-client/relay-link.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import { latePart } from '../shared/late-part.ts';
import { browserPage } from '../shared/page.ts';
import { browserChoices, tabMemory } from '../shared/storage.ts';
import type { LinkOptions } from './held-link.ts';
import { sealedLink } from './sealed-link.ts';
import { Sealing } from './sealing.ts';
import type { StreamingControl } from './state.ts';
import type { StreamingParts } from './streaming-parts.ts';
import { StreamingSession } from './streaming-session.ts';

const ear = latePart(() => import('./whisper/make-ear.ts'));

/** A streaming session on the real browser. */
export function makeStreamingSession(
  link: RelayLink,
  { shown, token, e2ee }: Pick<StreamingParts<unknown>, 'shown'> & Pick<LinkOptions, 'token' | 'e2ee'>,
  log: DebugLog,
): StreamingControl {
  const page = browserPage;
  const sealing = new Sealing('seal', e2ee(), token, log);
  return new StreamingSession({
    relay: sealedLink(link, sealing),
    sealing,
    openMicrophone,
    createLevelMeter,
    createPeer: (iceServers, onState) => createPublishPeer(iceServers, onState, sealing),
    loadEar: () => ear.get(),
    holdWakeLock: (onHeld) => holdWakeLock(page, onHeld),
    shown,
    permission: microphonePermission,
    memory: tabMemory,
    choices: browserChoices,
    page,
    log,
  });
}
