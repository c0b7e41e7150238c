import { ClusterError } from '../cluster-error.ts';
import {
  type ClaimHolder,
  type ClaimOutcome,
  type ClaimWish,
  type ClusterStore,
  type KeepOutcome,
  type NamedHolder,
  NEXT_REACH,
} from './cluster-store.ts';

interface Entry<T> {
  readonly value: T;
  readonly until: number;
}

/** A `ClusterStore` in this process, which several nodes share: for tests. It can be away, frozen, and lose everything. */
export class MemoryStore implements ClusterStore {
  readonly #now: () => number;
  readonly #values = new Map<string, Entry<string>>();
  readonly #numbers = new Map<string, Entry<number>>();
  readonly #claims = new Map<string, Entry<ClaimHolder>>();
  #waiting: (() => void)[] | null = null;
  /** True: every call fails at once, without effect. */
  away = false;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Calls neither end nor have an effect, until `thaw`. */
  freeze(): void {
    this.#waiting ??= [];
  }

  /** What was called meanwhile is done now, in order. */
  thaw(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const go of waiting) go();
  }

  /** As a server that restarts empty. */
  clear(): void {
    for (const map of [this.#values, this.#numbers, this.#claims]) map.clear();
  }

  hold(name: string, value: string, ttlMs: number, over: string | null): Promise<string | null> {
    return this.#step(() => {
      const current = this.#read(this.#values, name);
      if (current !== null && current !== value && current !== over) return current;
      this.#values.set(name, { value, until: this.#now() + ttlMs });
      return null;
    });
  }

  letGo(name: string, value: string): Promise<void> {
    return this.#step(() => {
      if (this.#read(this.#values, name) === value) this.#values.delete(name);
    });
  }

  next(name: string, least: number, ttlMs: number): Promise<number> {
    return this.#step(() => {
      const last = this.#read(this.#numbers, name) ?? 0;
      const value = last >= least && last < least + NEXT_REACH ? last + 1 : least;
      this.#numbers.set(name, { value, until: this.#now() + ttlMs });
      return value;
    });
  }

  claim(names: readonly string[], wish: ClaimWish, ttlMs: number): Promise<ClaimOutcome> {
    return this.#step((): ClaimOutcome => {
      const current = this.#holder(names);
      const { node, epoch, session, again, predecessor } = wish;
      if (again && current && current.session !== session && current.session !== predecessor) {
        return { taken: false, holder: current };
      }
      const order = Math.max((current?.order ?? 0) + 1, this.#now() * 1000);
      this.#write(names, { node, epoch, session, order }, ttlMs);
      return { taken: true, order, previous: current };
    });
  }

  keep(claims: readonly NamedHolder[], ttlMs: number): Promise<readonly KeepOutcome[]> {
    return this.#step(() =>
      claims.map(({ names, holder }) => {
        const current = this.#holder(names);
        const other = current && !isSame(current, holder) ? current : null;
        if (other && isAbove(other, holder)) return { kept: false, other };
        this.#write(names, holder, ttlMs);
        return { kept: true, other };
      }),
    );
  }

  release(names: readonly string[], holder: Pick<ClaimHolder, 'node' | 'epoch' | 'session'>): Promise<void> {
    return this.#step(() => {
      for (const name of names) {
        const current = this.#read(this.#claims, name);
        if (current && isSame(current, holder)) this.#claims.delete(name);
      }
    });
  }

  #step<T>(act: () => T): Promise<T> {
    if (this.away) return Promise.reject(new ClusterError('bus_down', 'the store is away'));
    const waiting = this.#waiting;
    if (!waiting) return Promise.resolve(act());
    return new Promise((resolve) => waiting.push(() => resolve(act())));
  }

  #read<T>(map: Map<string, Entry<T>>, name: string): T | null {
    const entry = map.get(name);
    if (!entry) return null;
    if (entry.until > this.#now()) return entry.value;
    map.delete(name);
    return null;
  }

  #holder(names: readonly string[]): ClaimHolder | null {
    let best: ClaimHolder | null = null;
    for (const name of names) {
      const found = this.#read(this.#claims, name);
      if (found && (!best || found.order > best.order)) best = found;
    }
    return best;
  }

  #write(names: readonly string[], value: ClaimHolder, ttlMs: number): void {
    for (const name of names) this.#claims.set(name, { value, until: this.#now() + ttlMs });
  }
}

function isSame(one: ClaimHolder, other: Pick<ClaimHolder, 'node' | 'epoch' | 'session'>): boolean {
  return one.node === other.node && one.epoch === other.epoch && one.session === other.session;
}

/** Of equal orders (made while the store was away) all must find the same one higher. */
function isAbove(one: ClaimHolder, other: ClaimHolder): boolean {
  if (one.order !== other.order) return one.order > other.order;
  return `${one.node} ${one.session}` > `${other.node} ${other.session}`;
}
