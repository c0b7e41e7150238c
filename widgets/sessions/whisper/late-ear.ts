import type { RelayLink } from '../../relay-client/relay-link.ts';
import type { DebugLog } from '../../shared/debug-log.ts';
import type { SessionSealing } from '../sealing.ts';
import type { EarControl, EarState } from '../whisper-state.ts';

/** What a session gives to its ear. */
export interface EarSurroundings<Track> {
  readonly relay: RelayLink;
  readonly log: DebugLog;
  /** What opens whispers that are sealed, as the stream is. */
  readonly sealing?: SessionSealing | undefined;
  /** The microphone of the stream; null while there is none. */
  microphone(): Track | null;
  /** A stream of this page is on at the relay. */
  isLive(): boolean;
  commit(state: EarState): void;
}

/** An ear, as its session has it. */
export interface EarHandle extends EarControl {
  /** The stream is on at the relay, or is there anew: a new one knows nothing of what was allowed. */
  begun(): void;
  /** The stream is over: the next one begins with no voice. Idempotent. */
  over(): void;
  /** Idempotent. */
  close(): void;
}

/** What an ear that comes late works with. */
export interface LateEarOptions<Track> extends Omit<EarSurroundings<Track>, 'commit'> {
  /** Has the code loaded; absent: nobody whispers to this session. */
  readonly loadEar?: () => Promise<{ makeEar(surroundings: EarSurroundings<Track>): EarHandle }>;
  /** Null: nobody may whisper. */
  commit(state: EarState | null): void;
}

/** The ear of a streaming session, whose code is loaded when a relay says for the first time that admins may whisper. */
export class LateEar<Track> {
  readonly #options: LateEarOptions<Track>;
  readonly #stopRelay: readonly (() => void)[];
  #ear: EarHandle | null = null;
  #coming = false;
  #offered = false;
  #state: EarState | null = null;
  #closed = false;

  constructor(options: LateEarOptions<Track>) {
    this.#options = options;
    const { relay } = options;
    this.#stopRelay = [
      relay.on('whisper:offered', ({ offered }) => this.#offer(offered)),
      // Said anew over each connection, where it still holds.
      relay.on('session:ready', ({ resumed }) => resumed || this.#offer(false)),
    ];
  }

  get control(): EarControl | null {
    return this.#ear;
  }

  /** The stream is on at the relay, or is there anew. */
  begun(): void {
    this.#ear?.begun();
  }

  /** The stream is over. Idempotent. */
  over(): void {
    this.#ear?.over();
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    for (const stop of this.#stopRelay) stop();
    this.#ear?.close();
  }

  #offer(offered: boolean): void {
    this.#offered = offered;
    const { loadEar } = this.#options;
    if (offered && loadEar && !this.#coming) void this.#load(loadEar);
    this.#tell();
  }

  async #load(load: NonNullable<LateEarOptions<Track>['loadEar']>): Promise<void> {
    this.#coming = true;
    const { makeEar } = await load();
    if (this.#closed) return;
    this.#ear = makeEar({
      ...this.#options,
      commit: (state) => {
        this.#state = state;
        this.#tell();
      },
    });
  }

  #tell(): void {
    this.#options.commit(this.#offered ? this.#state : null);
  }
}
