import { type Fault, type PageFaultCode, ProspectError, toFault } from '../shared/fault.ts';

/** Why another token is wanted. */
export type TokenReason =
  /** There is none yet. */
  | 'start'
  /** The present one ends soon. */
  | 'expiring'
  /** The present one has ended. */
  | 'expired'
  /** The relay refused the present one for another reason. */
  | 'refused';

/** What a token provider is called with. */
export interface TokenRequest {
  readonly reason: TokenReason;
  /** Aborted when the answer is no longer wanted: give it to `fetch`. */
  readonly signal: AbortSignal;
}

/** Fetches a fresh JSON Web Token from the host's server. A rejection is tried again, with growing pauses. */
export type TokenProvider = (request: TokenRequest) => Promise<string> | string;

/** What a supply is made with. */
export interface TokenSupplyOptions {
  /** A token has come. */
  deliver(token: string): void;
  /** The provider failed, and is called again by itself; null: it works again. */
  failed(fault: Fault | null): void;
}

/** A provider that has not answered after this long is given up, and called again. */
const ANSWER_WITHIN_MS = 20_000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Keeps an element supplied with tokens by the host's function: one call at a time, with a time limit, again after growing pauses
 * while it fails. What an older call answers after all is left alone.
 */
export class TokenSupply {
  readonly #options: TokenSupplyOptions;
  #run: AbortController | null = null;

  constructor(options: TokenSupplyOptions) {
    this.#options = options;
  }

  /** Gets a token, unless one is under way already. */
  ask(provider: TokenProvider, reason: TokenReason): void {
    if (this.#run) return;
    const run = new AbortController();
    this.#run = run;
    void this.#supply(provider, reason, run.signal);
  }

  /** What is under way is no longer wanted. Idempotent. */
  stop(): void {
    this.#run?.abort();
    this.#run = null;
    this.#options.failed(null);
  }

  async #supply(provider: TokenProvider, reason: TokenReason, signal: AbortSignal): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        const token = await answerOf(provider, reason, signal);
        if (signal.aborted) return;
        this.#run = null;
        this.#options.failed(null);
        this.#options.deliver(token);
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#options.failed(toFault(error));
      }
      await sleep(pause * (0.75 + Math.random() / 2), signal);
    }
  }
}

/** @throws ProspectError token_provider_failed */
async function answerOf(provider: TokenProvider, reason: TokenReason, signal: AbortSignal): Promise<string> {
  const call = new AbortController();
  const end = (): void => call.abort();
  signal.addEventListener('abort', end);
  const timer = setTimeout(end, ANSWER_WITHIN_MS);
  const givenUp = new Promise<never>((_, reject) => {
    call.signal.addEventListener('abort', () => reject(new Error(`no answer within ${ANSWER_WITHIN_MS / 1000} s`)));
  });
  try {
    // Within `try`: a provider may throw before it returns a promise.
    const token: unknown = await Promise.race([provider({ reason, signal: call.signal }), givenUp]);
    if (typeof token !== 'string' || token.trim() === '') throw new Error('it returned no text');
    return token.trim();
  } catch (error) {
    const code: PageFaultCode = 'token_provider_failed';
    const why = error instanceof Error ? error.message : String(error);
    throw new ProspectError(code, `The tokenProvider failed (${reason}): ${why}`, { cause: error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
