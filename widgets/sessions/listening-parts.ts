import type { IceServer } from '../../relay/protocol/messages.ts';
import type { Player } from '../audio/player.ts';
import type { ListenPeer } from '../relay-client/peer-connection.ts';
import type { RelayLink } from '../relay-client/relay-link.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import type { Page } from '../shared/page.ts';
import type { SessionSealing } from './sealing.ts';
import type { ListeningState } from './state.ts';
import type { LateWhispererOptions } from './whisper/late-whisperer.ts';

/** Everything a listening session works with. `Track` is a MediaStreamTrack in a browser. */
export interface ListeningParts<Track> extends Pick<LateWhispererOptions, 'loadWhisperer'> {
  readonly relay: RelayLink;
  createPeer(iceServers: readonly IceServer[], onState: () => void, onTrack: (track: Track) => void): ListenPeer;
  /** What opens sealed streams, where there are any. */
  readonly sealing?: SessionSealing;
  readonly player: Player<Track>;
  /** 0 to 1. */
  readonly volume: number;
  /** Whether the session starts without sound. */
  readonly muted?: boolean;
  rememberVolume(volume: number): void;
  readonly page: Page;
  readonly log: DebugLog;
}

/** The state of a session that has just been made. */
export const NOT_LISTENING: ListeningState = {
  status: 'idle',
  userId: null,
  online: false,
  commercials: Object.freeze([]),
  selectedId: null,
  selected: null,
  others: Object.freeze([]),
  listeningSince: null,
  level: 0,
  quality: 'unknown',
  delay: null,
  levelling: true,
  outputs: Object.freeze([]),
  output: '',
  picksOutput: false,
  volume: 1,
  muted: false,
  fault: null,
  replaced: null,
  partial: false,
  sealed: false,
  purpose: null,
  policy: null,
  whisper: null,
};
