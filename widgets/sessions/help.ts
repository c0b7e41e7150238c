import type { RelayLink } from '../relay-client/relay-link.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import { type Fault, toFault } from '../shared/fault.ts';
import type { HelpState } from './help-state.ts';

/** How long it is shown why help is no longer asked for. */
const SHOWN_MS = 10_000;

/** What the asking for help works with. */
export interface HelpOptions {
  readonly relay: RelayLink;
  readonly log: DebugLog;
  readonly commit: (state: HelpState) => void;
  readonly onFault: (fault: Fault) => void;
}

/** The flag on the admins' row. What is shown is what the relay has confirmed; a relay that has forgotten it is asked again. */
export class Help {
  readonly #options: HelpOptions;
  readonly #stopRelay: (() => void)[];
  #since: number | null = null;
  /** Who asks: another user of this page does not. */
  #asker: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: HelpOptions) {
    this.#options = options;
    const { relay } = options;
    this.#stopRelay = [
      relay.on('help:changed', ({ askedForMs, reason }) => this.#show(askedForMs, reason)),
      relay.on('session:ready', ({ resumed }) => resumed || this.#askAgain()),
      relay.on('moved', () => this.#askAgain()),
    ];
  }

  /** Never rejects. */
  async ask(on: boolean, again = false): Promise<void> {
    const { relay, log, onFault } = this.#options;
    try {
      const { askedForMs } = await relay.request('help:ask', again ? { on, again } : { on });
      this.#show(askedForMs, askedForMs === null ? 'taken_back' : null);
    } catch (error) {
      const fault = toFault(error);
      log('help:ask failed', fault.code);
      if (again) this.#show(null, null);
      else onFault(fault);
    }
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stopRelay) stop();
  }

  #askAgain(): void {
    if (this.#since === null) return;
    if (this.#options.relay.session?.user.id === this.#asker) void this.ask(true, true);
    else this.#show(null, null);
  }

  #show(askedForMs: number | null, reason: HelpState['helpEnd']): void {
    clearTimeout(this.#timer);
    // Told again at a resume; it was shown when it happened.
    const helpEnd = this.#since === null ? null : reason;
    this.#since = askedForMs === null ? null : Date.now() - askedForMs;
    this.#asker = this.#options.relay.session?.user.id ?? null;
    this.#options.commit({ helpSince: this.#since, helpEnd });
    if (helpEnd) this.#timer = setTimeout(() => this.#show(null, null), SHOWN_MS);
  }
}
