import { createPlayer } from '../audio/player.ts';
import { createListenPeer } from '../relay-client/peer-connection.ts';
import type { RelayLink } from '../relay-client/relay-link.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import { browserPage } from '../shared/page.ts';
import { rememberedVolume, rememberVolume } from '../shared/storage.ts';
import type { ListeningSessionOptions } from './create-listening-session.ts';
import { ListeningSession } from './listening-session.ts';
import type { ListeningControl } from './state.ts';

/** A listening session on the real browser. */
export function makeListeningSession(
  relay: RelayLink,
  { volume, muted }: Pick<ListeningSessionOptions, 'volume' | 'muted'>,
  log: DebugLog,
): ListeningControl {
  return new ListeningSession({
    relay,
    createPeer: createListenPeer,
    player: createPlayer(),
    volume: volume ?? rememberedVolume() ?? 1,
    muted,
    rememberVolume,
    page: browserPage,
    log,
  });
}
