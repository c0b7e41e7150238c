import { createPlayer } from '../audio/player.ts';
import { createListenPeer } from '../relay-client/peer-connection.ts';
import type { RelayLink } from '../relay-client/relay-link.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import { latePart } from '../shared/late-part.ts';
import { browserPage } from '../shared/page.ts';
import { rememberedVolume, rememberVolume } from '../shared/storage.ts';
import type { LinkOptions } from './held-link.ts';
import { ListeningSession } from './listening-session.ts';
import { sealedLink } from './sealed-link.ts';
import { Sealing } from './sealing.ts';
import type { ListeningControl } from './state.ts';

/** How a session begins to sound. */
export interface FirstSound {
  /** 0 to 1; null: as the user left it last, or full. */
  readonly volume: number | null;
  /** Whether it starts without sound. */
  readonly muted: boolean;
}

const whisperer = latePart(() => import('./whisper/make-whisperer.ts'));

/** A listening session on the real browser. */
export function makeListeningSession(
  link: RelayLink,
  { volume, muted, token, e2ee }: FirstSound & Pick<LinkOptions, 'token' | 'e2ee'>,
  log: DebugLog,
): ListeningControl {
  const sealing = new Sealing('open', e2ee(), token, log);
  return new ListeningSession({
    relay: sealedLink(link, sealing),
    sealing,
    createPeer: (iceServers, onState, onTrack) => createListenPeer(iceServers, onState, onTrack, sealing),
    loadWhisperer: () => whisperer.get(),
    player: createPlayer(),
    volume: volume ?? rememberedVolume() ?? 1,
    muted,
    rememberVolume,
    page: browserPage,
    log,
  });
}
