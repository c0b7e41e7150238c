import type { Commercial } from '../sessions/state.ts';

/** So many are told of at a time: the newest. */
const MOST = 3;

/** Who of those that the admin asked about has gone live. */
export class News {
  #ids: readonly string[] = [];

  /** Those to be told of, while they are live. */
  of(commercials: readonly Commercial[]): readonly Commercial[] {
    if (this.#ids.length === 0) return [];
    return commercials.filter(({ id, status }) => status === 'live' && this.#ids.includes(id));
  }

  /** @returns whether somebody of them has gone live between these two rosters; who is live in the first one that comes is no news */
  look(now: readonly Commercial[], before: readonly Commercial[], watched: readonly string[]): boolean {
    if (watched.length === 0 || before.length === 0 || now === before) return false;
    const streaming = new Set(
      before.filter(({ status }) => status !== 'ready' && status !== 'offline').map(({ id }) => id),
    );
    const fresh = now.filter(({ id, status }) => status === 'live' && watched.includes(id) && !streaming.has(id));
    if (fresh.length === 0) return false;
    this.#ids = [...this.#ids, ...fresh.map(({ id }) => id)].slice(-MOST);
    return true;
  }

  /** They were seen, or are heard by now. */
  drop(id: string): void {
    this.#ids = this.#ids.filter((each) => each !== id);
  }
}
