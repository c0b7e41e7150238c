import type { ListenerInfo } from '../../relay/protocol/messages.ts';
import type { PageMemory } from '../shared/storage.ts';
import type { Listened } from './state.ts';

const NAME = 'listened';
/** More than this of one day are not kept: the oldest go. */
export const MAX_ENTRIES = 100;

/** An entry while it is being written: when it began, by a clock that nobody sets. */
interface Open {
  readonly entry: Listened;
  readonly since: number;
}

/**
 * Who listened to this user today, as far as this tab knows. Only those are written down whom the page has acknowledged to the relay as
 * shown, for nobody else can have heard anything. Kept over reloads, cleared for another user.
 */
export class ListenedToday {
  readonly #memory: PageMemory;
  readonly #onChange: (list: readonly Listened[]) => void;
  #user: string | null = null;
  #list: readonly Listened[] = [];
  readonly #open = new Map<string, Open>();

  constructor(memory: PageMemory, onChange: (list: readonly Listened[]) => void) {
    this.#memory = memory;
    this.#onChange = onChange;
  }

  /** Whose list it is from now on. */
  use(user: string): void {
    if (user === this.#user) return;
    this.#user = user;
    this.#open.clear();
    this.#set(this.#kept(user));
  }

  /** These are shown, and the relay has taken that in. */
  shown(listeners: readonly ListenerInfo[]): void {
    const began = listeners.filter(({ id }) => !this.#open.has(id));
    if (began.length === 0) return;
    const entries = began.map(({ id, name }): Listened => Object.freeze({ id, name, from: Date.now(), ms: null }));
    for (const entry of entries) this.#open.set(entry.id, { entry, since: performance.now() });
    this.#set([...this.#list, ...entries]);
  }

  /** Nobody but these listens any more. */
  only(listeners: readonly ListenerInfo[]): void {
    const ids = new Set(listeners.map(({ id }) => id));
    const over = new Map<Listened, Listened>();
    for (const [id, { entry, since }] of this.#open) {
      if (ids.has(id)) continue;
      this.#open.delete(id);
      over.set(entry, Object.freeze({ ...entry, ms: Math.round(performance.now() - since) }));
    }
    if (over.size > 0) this.#set(this.#list.map((entry) => over.get(entry) ?? entry));
  }

  #set(list: readonly Listened[]): void {
    const today = new Date().toDateString();
    const kept = list.filter(({ from }) => new Date(from).toDateString() === today).slice(-MAX_ENTRIES);
    this.#list = Object.freeze(kept);
    this.#memory.write(NAME, { user: this.#user, list: kept });
    this.#onChange(this.#list);
  }

  #kept(user: string): readonly Listened[] {
    const kept = this.#memory.read(NAME);
    if (!kept || typeof kept !== 'object' || !('user' in kept && 'list' in kept)) return [];
    return kept.user === user && Array.isArray(kept.list) ? kept.list.flatMap(readEntry) : [];
  }
}

/** Storage is anybody's on this origin: what is not as it was written is left out. */
function readEntry(entry: Partial<Listened> | null): readonly Listened[] {
  const { id, name, from, ms } = entry ?? {};
  const known = typeof id === 'string' && typeof name === 'string' && typeof from === 'number';
  return known ? [Object.freeze({ id, name, from, ms: typeof ms === 'number' ? ms : null })] : [];
}
