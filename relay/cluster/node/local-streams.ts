import type { Commercial } from '../../streams/commercial.ts';
import type { WhisperHome } from '../../streams/whispering/whisper-home.ts';

/** What the cluster needs of this node's own streams. `StreamRegistry` has it. */
export interface LocalStreams {
  find(id: string): Commercial | null;
  /** The commercial of this id, known or not yet. Follow it with `touch`. */
  obtain(id: string): Commercial;
  commercials(): Iterable<Commercial>;
  /** What is known of the commercial from elsewhere has changed. */
  touch(commercial: Commercial): void;
  /** A page of the same user, at another node, wants this stream to end. One that is not there has ended already. */
  stopStream(userId: string, streamId: string): void;
  /** Whispers to the commercials of this node. */
  readonly whispers: WhisperHome;
  /** False: commercials of other nodes may be missing. */
  covered(complete: boolean): void;
}
