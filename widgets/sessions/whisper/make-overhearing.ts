import { createPlayer } from '../../audio/player.ts';
import { createListenPeer } from '../../relay-client/peer-connection.ts';
import { Overhearing, type OverhearingSurroundings } from './overhearing.ts';

/** What hears others who whisper, on the real browser. */
export function makeOverhearing(surroundings: OverhearingSurroundings): Overhearing<MediaStreamTrack> {
  return new Overhearing({ ...surroundings, createPeer: createListenPeer, player: createPlayer() });
}
