import type { RosterEntry } from '../protocol/messages.ts';
import type { Commercial } from './commercial.ts';
import { ROSTER_PIECE_CHARS, type RosterDelta, saysTheSame, sizeOf, type ToldRow, told } from './roster-rows.ts';
import type { RosterWatcher } from './roster-watcher.ts';
import type { Timer } from './timers.ts';

/** A team: who works in it, which admins see it, and what was told to all of these. */
export class RosterTeam {
  readonly name: string;
  readonly members = new Map<string, Commercial>();
  readonly watchers = new Set<RosterWatcher>();
  /** Runs for a while after levels were told. */
  levelsRest: Timer | null = null;
  /** Ids of members whose row may have changed, and of those who left, since they were collected. */
  readonly #dirty = new Set<string>();
  /**
   * Ids of members whose level changed. Who has once got in here is told, even when the level is the older one again: a watcher may have been shown the
   * other one meanwhile.
   */
  readonly #levels = new Set<string>();
  readonly #told = new Map<string, ToldRow>();

  constructor(name: string) {
    this.name = name;
  }

  get dirty(): boolean {
    return this.#dirty.size > 0;
  }

  get hasLevels(): boolean {
    return this.#levels.size > 0;
  }

  /** A change of this commercial's row waits to be told. */
  waitsFor(id: string): boolean {
    return this.#dirty.has(id);
  }

  /** Something about this member has changed, or they have come. */
  touch(commercial: Commercial): void {
    this.members.set(commercial.id, commercial);
    if (this.watchers.size > 0) this.#dirty.add(commercial.id);
  }

  /** No member any more. Who comes now is shown nothing of them, so that they are told whole when they come back. */
  remove(id: string): void {
    this.members.delete(id);
    this.#told.delete(id);
    this.#levels.delete(id);
    if (this.watchers.size > 0) this.#dirty.add(id);
  }

  /**
   * One watcher is shown the row as it is at this moment. When all were told another one, the change is told whole, even if it is taken back before
   * it is told: it is under way, or about to be reported.
   */
  shows(row: RosterEntry): void {
    const { id } = row;
    const now = told(row);
    const before = this.#told.get(id);
    if (before) {
      const sameLevel = before.row.level === row.level || this.#levels.has(id);
      if (this.#dirty.has(id) || !sameLevel || !saysTheSame(before, now)) this.#told.delete(id);
    } else if (this.watchers.size === 1 && !this.#dirty.has(id)) this.#told.set(id, now);
  }

  /** The last watcher has left: nobody knows anything. */
  forget(): void {
    this.#dirty.clear();
    this.#levels.clear();
    this.#told.clear();
    this.levelsRest?.cancel();
    this.levelsRest = null;
  }

  /** Rows that changed, one piece of them, and who left. Members of whom only the level changed wait for `takeLevels`. */
  collect(): Pick<RosterDelta, 'changed' | 'removed'> {
    const changed: RosterEntry[] = [];
    const removed: string[] = [];
    let size = 0;
    for (const id of this.#dirty) {
      if (size > ROSTER_PIECE_CHARS) break;
      this.#dirty.delete(id);
      const row = this.members.get(id)?.row();
      if (row) {
        if (!this.#news(id, row)) continue;
        changed.push(row);
        size += sizeOf(row);
      } else {
        removed.push(id);
        size += id.length;
      }
    }
    return { changed, removed };
  }

  /** The levels that changed, as they are now. */
  takeLevels(): RosterDelta['levels'] {
    const levels: RosterDelta['levels'] = [];
    for (const id of this.#levels) {
      const row = this.members.get(id)?.row();
      if (!row) continue;
      const { level } = row;
      const before = this.#told.get(id);
      if (before) this.#told.set(id, { ...before, row: { ...before.row, level } });
      levels.push({ id, level });
    }
    this.#levels.clear();
    return levels;
  }

  /** Whether the row is to be told whole. */
  #news(id: string, row: RosterEntry): boolean {
    const before = this.#told.get(id);
    const now = told(row);
    if (before && saysTheSame(before, now)) {
      if (before.row.level !== row.level) this.#levels.add(id);
      return false;
    }
    this.#told.set(id, now);
    this.#levels.delete(id);
    return true;
  }
}
