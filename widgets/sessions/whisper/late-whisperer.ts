import type { PayloadOf } from '../../../relay/protocol/messages.ts';
import type { Player } from '../../audio/player.ts';
import type { RelayLink } from '../../relay-client/relay-link.ts';
import type { DebugLog } from '../../shared/debug-log.ts';
import type { Page } from '../../shared/page.ts';
import type { SessionSealing } from '../sealing.ts';
import type { WhisperControl, WhisperState } from '../whisper-state.ts';

/** What a session gives to its whisperer. */
export interface WhispererSurroundings {
  readonly relay: RelayLink;
  readonly page: Page;
  readonly log: DebugLog;
  /** What seals whispers to who is heard sealed. */
  readonly sealing?: SessionSealing | undefined;
  /**
   * How the session sounds. `duck`: the commercial is heard less loudly while the admin speaks, or as before: the microphone would send them their own voice.
   * `accompany`: another player is as loud, muted, and on the same output.
   */
  sound(): { duck(on: boolean): void; accompany(player: Player<never>): void };
  commit(state: WhisperState): void;
}

/** A whisperer, as its session has it. */
export interface WhispererHandle extends WhisperControl {
  /** What the relay says of the selected commercial. */
  changed(told: PayloadOf<'whisper:changed'>): void;
  /** Somebody else is selected, or nobody. Idempotent. */
  turned(): void;
  /** Idempotent. */
  close(): void;
}

/** What a whisperer that comes late works with. */
export interface LateWhispererOptions extends Omit<WhispererSurroundings, 'commit'> {
  /** Has the code loaded; absent: this session never whispers. */
  readonly loadWhisperer?: () => Promise<{ makeWhisperer(surroundings: WhispererSurroundings): WhispererHandle }>;
  /** Null: nothing is known of whispers to whom is selected. */
  commit(state: WhisperState | null): void;
}

/** The whisperer of a listening session, whose code is loaded when a relay says for the first time what may be whispered to somebody. */
export class LateWhisperer {
  readonly #options: LateWhispererOptions;
  readonly #stopRelay: readonly (() => void)[];
  #whisperer: WhispererHandle | null = null;
  #coming = false;
  /** What the relay said last of whom is selected. */
  #told: PayloadOf<'whisper:changed'> | null = null;
  #selectedId: string | null = null;
  #closed = false;

  constructor(options: LateWhispererOptions) {
    this.#options = options;
    this.#stopRelay = [
      options.relay.on('whisper:changed', (told) => {
        this.#told = told;
        this.#look();
      }),
      // A new connection begins with nothing.
      options.relay.on('session:ready', () => {
        this.#told = null;
        this.#whisperer?.turned();
        this.#options.commit(null);
      }),
    ];
  }

  get control(): WhisperControl | null {
    return this.#whisperer;
  }

  /** @param selectedId who is heard now; null: nobody */
  select(selectedId: string | null): void {
    if (selectedId === this.#selectedId) return;
    this.#selectedId = selectedId;
    this.#whisperer?.turned();
    this.#options.commit(null);
    this.#look();
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    for (const stop of this.#stopRelay) stop();
    this.#whisperer?.close();
  }

  #look(): void {
    const told = this.#told?.commercialId === this.#selectedId ? this.#told : null;
    if (!told) return;
    if (this.#whisperer) this.#whisperer.changed(told);
    else if (!this.#coming && this.#options.loadWhisperer) void this.#load(this.#options.loadWhisperer);
  }

  async #load(load: NonNullable<LateWhispererOptions['loadWhisperer']>): Promise<void> {
    this.#coming = true;
    const { makeWhisperer } = await load();
    if (this.#closed) return;
    this.#whisperer = makeWhisperer({
      ...this.#options,
      commit: (state) => {
        if (this.#told?.commercialId === this.#selectedId) this.#options.commit(state);
      },
    });
    this.#look();
  }
}
