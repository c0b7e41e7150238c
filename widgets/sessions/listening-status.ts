import type { ListenStatus } from '../../relay/protocol/messages.ts';
import type { LinkStatus } from '../relay-client/relay-link.ts';
import type { MediaState } from './media-link.ts';
import type { ListeningStatus } from './state.ts';

export interface ListeningFacts {
  /** What the selected commercial is doing; null with nobody selected. */
  readonly selection: ListenStatus | null;
  readonly relay: LinkStatus;
  readonly media: MediaState;
  /** The browser refused to play without another click. */
  readonly blocked: boolean;
}

/** The one status that these facts make. Pure. */
export function listeningStatus({ selection, relay, media, blocked }: ListeningFacts): ListeningStatus {
  if (selection === null) {
    if (relay === 'online') return 'ready';
    return relay === 'connecting' || relay === 'offline' ? 'connecting' : 'idle';
  }
  const lost = media === 'recovering' || (media !== 'connected' && relay !== 'online');
  // A relay that said no has cut the media too; one that is only away has not.
  if (relay === 'refused' || lost) return 'reconnecting';
  if (selection !== 'live') return selection;
  if (blocked) return 'blocked';
  return media === 'connected' ? 'listening' : 'joining';
}
