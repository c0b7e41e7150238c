import type { IceServer } from '../../relay/protocol/messages.ts';
import type { MicrophonePermission } from '../audio/microphone-permission.ts';
import type { WakeLock } from '../audio/wake-lock.ts';
import type { PublishPeer } from '../relay-client/peer-connection.ts';
import type { RelayLink } from '../relay-client/relay-link.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import type { Page } from '../shared/page.ts';
import type { Choices, PageMemory } from '../shared/storage.ts';
import type { CaptureOptions } from './capture.ts';
import type { SessionSealing } from './sealing.ts';
import type { StreamingState } from './state.ts';
import type { LateEarOptions } from './whisper/late-ear.ts';

/** Everything a streaming session works with. `Track` is a MediaStreamTrack in a browser. */
export interface StreamingParts<Track>
  extends Pick<CaptureOptions<Track>, 'openMicrophone' | 'createLevelMeter'>,
    Pick<LateEarOptions<Track>, 'loadEar'> {
  readonly relay: RelayLink;
  createPeer(iceServers: readonly IceServer[], onState: () => void): PublishPeer<Track>;
  holdWakeLock(onHeld: (held: boolean) => void): WakeLock;
  /** What sees to it that nothing goes out unsealed, where that is wanted. */
  readonly sealing?: SessionSealing;
  /** Resolves when the element has rendered the newest state: what a commercial cannot see yet is not acknowledged. */
  shown(): Promise<unknown>;
  readonly permission: MicrophonePermission;
  /** What the next page in this tab finds. */
  readonly memory: PageMemory;
  /** What this browser keeps. */
  readonly choices: Choices;
  readonly page: Page;
  readonly log: DebugLog;
}

/** The state of a session that has just been made. */
export const NOT_STREAMING: StreamingState = {
  status: 'idle',
  online: false,
  startedAt: null,
  listeners: Object.freeze([]),
  recentListeners: Object.freeze([]),
  newListeners: Object.freeze([]),
  listenedToday: Object.freeze([]),
  uncertain: false,
  elsewhere: null,
  ended: null,
  asking: false,
  sending: false,
  level: 0,
  voiceShown: false,
  sealed: false,
  interruption: null,
  needsTap: false,
  screenMayLock: false,
  fault: null,
  replaced: false,
  helpSince: null,
  helpEnd: null,
  objection: false,
  policy: null,
  ear: null,
};
