import type { LinkStatus } from '../relay-client/relay-link.ts';
import type { MediaState } from './media-link.ts';
import type { StreamingStatus } from './state.ts';

/** What a streaming session is at, before the network comes into it. */
export type StreamingPhase = 'off' | 'starting' | 'live' | 'stopping';

export interface StreamingFacts {
  readonly phase: StreamingPhase;
  readonly relay: LinkStatus;
  readonly media: MediaState;
  readonly paused: boolean;
  readonly captureLost: boolean;
}

/** The one status that these facts make. Pure. */
export function streamingStatus({ phase, relay, media, paused, captureLost }: StreamingFacts): StreamingStatus {
  if (phase === 'starting' || phase === 'stopping') return phase;
  if (phase === 'live') {
    if (captureLost) return 'interrupted';
    if (pathLost(relay, media)) return 'reconnecting';
    return paused ? 'paused' : 'live';
  }
  if (relay === 'online') return 'ready';
  return relay === 'connecting' || relay === 'offline' ? 'connecting' : 'idle';
}

/**
 * No sound can leave. While the media path holds, a lost signalling socket is nobody's business; a relay that said no has cut the
 * media too.
 */
export function pathLost(relay: LinkStatus, media: MediaState): boolean {
  return relay === 'refused' || media === 'recovering' || (media !== 'connected' && relay !== 'online');
}
