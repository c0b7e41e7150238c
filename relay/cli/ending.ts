import { constants } from 'node:os';
import type { Logger } from '../logger.ts';
import type { RelayServer } from '../relay-server.ts';
import { EXIT } from './command.ts';

/** Closing must be over by then, or the process ends anyway; under the 10 s that orchestrators commonly give. */
const STOP_WITHIN_MS = 4_500;

/** Signals that come together are one: on Ctrl-C the terminal signals every process, and npm passes its own on. */
const SAME_SIGNAL_MS = 500;

/** The end of the relay's process, by signals or by order: begun once, and over within 5 s unless pages go over to other relays first. */
export class Ending {
  readonly #starting: Promise<RelayServer>;
  readonly #logger: Logger;
  readonly #exit: (code: number) => void;
  #begun = false;
  #signalledAt: number | null = null;

  /**
   * Signals during the start count too: the start is finished, then undone.
   * @param exit ends the process, once its last lines are written
   */
  constructor(starting: Promise<RelayServer>, logger: Logger, exit: (code: number) => void) {
    this.#starting = starting;
    this.#logger = logger;
    this.#exit = exit;
  }

  /** @param reload what SIGHUP does; null: there is nothing to read or to open anew, and it stops the relay */
  obeySignals(reload: ((relay: RelayServer) => void) | null): void {
    process.on('SIGTERM', (signal) => this.#onSignal(signal));
    process.on('SIGINT', (signal) => this.#onSignal(signal));
    process.on('SIGHUP', (signal) => {
      // From a terminal, SIGHUP means that it was closed: staying would leave a relay that nobody sees on its ports.
      if (reload === null || process.stdout.isTTY) this.#onSignal(signal);
      else void this.#starting.then(reload).catch(() => {});
    });
    // Whoever started it with an IPC channel is gone, by whatever death: the same.
    process.on('disconnect', () => this.#onSignal('SIGHUP'));
  }

  /** @param how `drain`: once the pages are with other relays, where there are some; `now`: also in the midst of that */
  begin(why: string, how: 'drain' | 'now'): void {
    // Which ends the waiting for pages, too.
    if (how === 'now') void this.#starting.then((relay) => relay.close()).catch(() => {});
    if (this.#begun) return;
    this.#begun = true;
    this.#logger.info({ why }, 'relay stopping');
    const limit = this.#limit();
    this.#starting
      .then(async (relay) => {
        if (how === 'drain') {
          const drain = relay.drain();
          if (drain.status.moving) clearTimeout(limit);
          await drain.over;
          this.#limit();
        }
        await relay.close();
      })
      // A start that failed has been reported where it was awaited.
      .catch((error: unknown) => this.#logger.error({ err: error }, 'closing failed'))
      .finally(() => {
        this.#logger.info('relay stopped');
        this.#exit(EXIT.done);
      });
  }

  #onSignal(signal: NodeJS.Signals): void {
    if (this.#signalledAt !== null && performance.now() - this.#signalledAt > SAME_SIGNAL_MS) {
      process.exit(128 + (constants.signals[signal] ?? 0));
    }
    this.#signalledAt ??= performance.now();
    this.begin(signal, signal === 'SIGTERM' ? 'drain' : 'now');
  }

  /** Not unref'd: if the last handle went away while closing hangs, the process would end without a word. */
  #limit(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#logger.error('closing took too long; the process ends anyway');
      this.#exit(EXIT.done);
    }, STOP_WITHIN_MS);
  }
}
