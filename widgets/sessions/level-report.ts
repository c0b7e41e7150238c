import type { VoiceLevel } from '../../relay/protocol/messages.ts';
import type { RelayLink } from '../relay-client/relay-link.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import { tell } from './relay-use.ts';

/** How often a level is sent with an answer wanted: its absence may be the first sign of a dead connection. The others are soon past. */
const ANSWER_MS = 2_000;

/** Tells the relay how loud the commercial speaks. */
export class LevelReport {
  readonly #relay: RelayLink;
  readonly #log: DebugLog;
  #answeredAt = Number.NEGATIVE_INFINITY;

  constructor(relay: RelayLink, log: DebugLog) {
    this.#relay = relay;
    this.#log = log;
  }

  /** @param heard whether somebody listens: else nothing of what is said leaves the phone, unless the host wants it and the commercial is told so */
  tell(level: VoiceLevel, heard: boolean): void {
    if (!heard && !this.#relay.session?.voiceWithoutListeners) return;
    const now = performance.now();
    if (now - this.#answeredAt < ANSWER_MS) this.#relay.send('stream:voice', { level });
    else {
      this.#answeredAt = now;
      void tell(this.#relay, this.#log, 'stream:voice', { level });
    }
  }
}
