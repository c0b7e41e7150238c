import { openMicrophone } from '../../audio/microphone.ts';
import { createPublishPeer } from '../../relay-client/peer-connection.ts';
import { latePart } from '../../shared/late-part.ts';
import type { WhispererSurroundings } from './late-whisperer.ts';
import { Whisperer } from './whisperer.ts';

const overhearing = latePart(() => import('./make-overhearing.ts'));

/** The whisperer of a listening session on the real browser. */
export function makeWhisperer(surroundings: WhispererSurroundings): Whisperer<MediaStreamTrack> {
  return new Whisperer({
    ...surroundings,
    openMicrophone,
    createPeer: createPublishPeer,
    loadOverhearing: () => overhearing.get(),
  });
}
