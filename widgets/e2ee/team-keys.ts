import { SALT_BYTES } from './stream-seal.ts';
import type { ToWorker } from './worker-messages.ts';

/** A key of a team, as the host gives it (property `e2eeKeys`). */
export interface E2eeKey {
  /** Your number of this key: 0 to 65,535, another for each newer one. It stands in each frame, so that a frame names its key. */
  readonly id: number;
  /** 16 to 64 random bytes; or the same as a CryptoKey for HKDF that allows `deriveBits`, whose bytes no script can read. */
  readonly key: Uint8Array | CryptoKey;
}

/** How another key takes the place of one that is in use (property `e2eeRotation`). */
export interface E2eeRotation {
  /** Milliseconds for which a key that has become the first only opens, before it also seals: so long all other pages may take to get it. 5,000 by default. */
  readonly useAfterMs?: number;
  /** Milliseconds for which a key that is in the list no more still opens. 60,000 by default. */
  readonly dropAfterMs?: number;
}

const USE_AFTER_MS = 5_000;
const DROP_AFTER_MS = 60_000;
/** More keys than any rotation of several teams needs; each is tried only for frames that name its number. */
const MAX_KEYS = 256;
const MAX_ID = 0xffff;
const MAX_BYTES = 64;

/** A key that is in use, and how to tell that the host gives the same one again. */
interface Held {
  readonly ref: number;
  readonly id: number;
  readonly key: CryptoKey;
  readonly given: Uint8Array | CryptoKey;
  drop: ReturnType<typeof setTimeout> | null;
}

/** @throws TypeError which says what is wrong, without a key */
function readKeys(keys: readonly E2eeKey[]): readonly E2eeKey[] {
  if (!Array.isArray(keys) || keys.length > MAX_KEYS)
    throw new TypeError(`e2eeKeys: a list of at most ${MAX_KEYS} keys`);
  for (const [at, each] of keys.entries()) {
    const { id, key } = (each ?? {}) as Partial<E2eeKey>;
    if (!Number.isInteger(id) || (id ?? -1) < 0 || (id ?? 0) > MAX_ID)
      throw new TypeError(`e2eeKeys[${at}].id: a whole number from 0 to ${MAX_ID}`);
    const fits =
      key instanceof Uint8Array
        ? key.length >= SALT_BYTES && key.length <= MAX_BYTES
        : key instanceof CryptoKey && key.algorithm.name === 'HKDF' && key.usages.includes('deriveBits');
    if (!fits)
      throw new TypeError(
        `e2eeKeys[${at}].key: a Uint8Array of ${SALT_BYTES} to ${MAX_BYTES} bytes, or a CryptoKey for HKDF that allows deriveBits`,
      );
  }
  return keys;
}

const isSame = ({ id, given }: Held, other: E2eeKey): boolean =>
  id === other.id &&
  (given === other.key ||
    (given instanceof Uint8Array &&
      other.key instanceof Uint8Array &&
      given.length === other.key.length &&
      given.every((byte, at) => byte === (other.key as Uint8Array)[at])));

/** Brings the host's list of keys to the worker: the first seals, all open; a change makes no gap. */
export class TeamKeys {
  readonly #post: (message: ToWorker) => void;
  readonly #changed: () => void;
  #held: readonly Held[] = [];
  #refs = 0;
  #sealing: Held | null = null;
  /** What takes its place soon. */
  #next: { readonly key: Held; readonly timer: ReturnType<typeof setTimeout> } | null = null;
  #run = 0;

  /** @param changed called when there is something to seal with, or nothing any more */
  constructor(post: (message: ToWorker) => void, changed: () => void) {
    this.#post = post;
    this.#changed = changed;
  }

  /** There is a key to seal with. */
  get seals(): boolean {
    return this.#sealing !== null;
  }

  /** Takes the host's newest list; the newest call wins. @throws TypeError when something in it cannot be used: then there is no key at all */
  async set(
    given: readonly E2eeKey[],
    { useAfterMs = USE_AFTER_MS, dropAfterMs = DROP_AFTER_MS }: E2eeRotation,
  ): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    let keys: readonly Held[];
    try {
      keys = await Promise.all(readKeys(given).map((each) => this.#hold(each)));
    } catch (error) {
      if (run === this.#run) this.clear();
      throw error;
    }
    if (run !== this.#run) return;
    const gone = this.#held.filter((one) => !keys.includes(one));
    for (const one of keys) {
      clearTimeout(one.drop ?? undefined);
      one.drop = null;
    }
    for (const one of gone) one.drop ??= setTimeout(() => this.#drop(one), dropAfterMs);
    const add = keys.filter((one) => !this.#held.includes(one));
    this.#held = [...keys, ...gone];
    this.#aim(keys[0] ?? null, useAfterMs);
    this.#tell(add, []);
  }

  /** Forgets all keys at once. Idempotent. */
  clear(): void {
    this.#run += 1;
    const held = this.#held;
    for (const { drop } of held) clearTimeout(drop ?? undefined);
    this.#held = [];
    this.#aim(null, 0);
    this.#tell(
      [],
      held.map(({ ref }) => ref),
    );
  }

  async #hold(each: E2eeKey): Promise<Held> {
    const known = this.#held.find((one) => isSame(one, each));
    if (known) return known;
    const { id, key } = each;
    this.#refs += 1;
    const ref = this.#refs;
    if (!(key instanceof Uint8Array)) return { ref, id, key, given: key, drop: null };
    const given = key.slice();
    const imported = await crypto.subtle.importKey('raw', given, 'HKDF', false, ['deriveBits']);
    return { ref, id, key: imported, given, drop: null };
  }

  /** Seals with this key: at once when there is none yet, else after a while, so that all others have it too. */
  #aim(first: Held | null, useAfterMs: number): void {
    if (first && first === this.#next?.key) return;
    clearTimeout(this.#next?.timer);
    this.#next = null;
    if (!first || !this.#sealing || first === this.#sealing) this.#sealing = first;
    else
      this.#next = {
        key: first,
        timer: setTimeout(() => {
          this.#use(first);
          this.#tell([], []);
        }, useAfterMs),
      };
  }

  #use(key: Held): void {
    clearTimeout(this.#next?.timer);
    this.#next = null;
    this.#sealing = key;
  }

  #drop(one: Held): void {
    // It is the one that seals when it is dropped before the next one's time has come.
    if (one === this.#sealing) {
      if (this.#next) this.#use(this.#next.key);
      else this.#sealing = null;
    }
    this.#held = this.#held.filter((other) => other !== one);
    this.#tell([], [one.ref]);
  }

  #tell(add: readonly Held[], drop: readonly number[]): void {
    this.#post({
      type: 'keys',
      add: add.map(({ ref, id, key }) => ({ ref, id, key })),
      drop,
      seals: this.#sealing?.ref ?? null,
    });
    this.#changed();
  }
}
