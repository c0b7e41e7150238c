import type { VerifiedReader } from '../auth/user.ts';
import { TokenBucket } from '../doors/token-bucket.ts';
import { RelayError } from '../errors.ts';

/** Requests of one person, a second in the long run, and at once. */
const PER_SECOND = 1;
const AT_ONCE = 20;
/** People whose pace is remembered; the one who came first is forgotten first. */
const MOST_PACES = 10_000;

/** How often each person may ask over HTTP. */
export class ReaderPaces {
  readonly #paces = new Map<string, TokenBucket>();

  /** @throws RelayError rate_limited */
  take({ role, id }: VerifiedReader): void {
    const key = `${role} ${id}`;
    const pace = this.#paces.get(key) ?? new TokenBucket(PER_SECOND, AT_ONCE);
    this.#paces.delete(key);
    this.#paces.set(key, pace);
    const [oldest] = this.#paces.keys();
    if (this.#paces.size > MOST_PACES && oldest !== undefined) this.#paces.delete(oldest);
    if (!pace.take()) throw new RelayError('rate_limited', 'Too many requests. Try again in a second.');
  }
}
