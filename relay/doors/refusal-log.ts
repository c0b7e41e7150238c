import type { Logger } from '../logger.ts';
import { TokenBucket } from './token-bucket.ts';

/** Lines a second in the long run, and at once: a flood of refusals must not fill the disk. */
const LINES_PER_SECOND = 5;
const LINES_AT_ONCE = 100;
/** Origins are short; what is longer is no origin. */
const MAX_ORIGIN_LENGTH = 200;

/** Why somebody was refused, in the words that they were told. */
export interface Refusal {
  /** The stable code. */
  readonly code: string;
  readonly reason: string;
  /** The `Origin` header of the page (RFC 6454, 7); undefined when it sent none. */
  readonly origin: string | undefined;
  /** The trace id that the page was told; absent: it was told none. */
  readonly trace?: string;
}

/** One line in the log for each refusal, as long as they do not come in a flood; then the next line says how many had none. */
export class RefusalLog {
  readonly #logger: Logger;
  readonly #lines: TokenBucket;
  #unlogged = 0;

  /** @param now milliseconds of a clock that never jumps */
  constructor(logger: Logger, now?: () => number) {
    this.#logger = logger;
    this.#lines = new TokenBucket(LINES_PER_SECOND, LINES_AT_ONCE, now);
  }

  add({ code, reason, origin, trace }: Refusal, message: string): void {
    if (!this.#lines.take()) {
      this.#unlogged += 1;
      return;
    }
    const unlogged = this.#unlogged;
    this.#unlogged = 0;
    this.#logger.info(
      {
        code,
        reason,
        origin: origin?.slice(0, MAX_ORIGIN_LENGTH) ?? null,
        ...(trace && { trace }),
        ...(unlogged > 0 && { unlogged }),
      },
      message,
    );
  }
}
