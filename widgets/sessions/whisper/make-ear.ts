import { createEarPlayer } from '../../audio/ear-player.ts';
import { createListenPeer } from '../../relay-client/peer-connection.ts';
import { Ear } from './ear.ts';
import type { EarSurroundings } from './late-ear.ts';

/** The ear of a streaming session on the real browser. */
export function makeEar(surroundings: EarSurroundings<MediaStreamTrack>): Ear<MediaStreamTrack> {
  return new Ear({ ...surroundings, createPeer: createListenPeer, player: createEarPlayer() });
}
