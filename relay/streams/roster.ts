import type { RosterEntry } from '../protocol/messages.ts';
import type { Commercial } from './commercial.ts';
import type { Session } from './session.ts';
import type { Timer, TimerSet } from './timers.ts';

/** Changes are gathered this long and sent together. */
export const ROSTER_INTERVAL_MS = 100;

/**
 * About how many characters of rows go into one message. More follow in deltas, each when the connection has taken the one before: thousands of long names in
 * one piece would be taken for a page that does not read, above all with long polling, where everything waits for the next request.
 */
export const ROSTER_PIECE_CHARS = 128 * 1024;
/** Of a row in JSON, without its texts. */
const ROW_FRAME_CHARS = 130;

/** A stream exists. */
const isRunning = ({ status }: RosterEntry): boolean => status !== 'ready' && status !== 'offline';

const sizeOf = ({ id, name, equipe }: RosterEntry): number => ROW_FRAME_CHARS + id.length + name.length + equipe.length;

/** A team: who works in it, and which admins see it. */
interface Equipe {
  readonly members: Set<Commercial>;
  readonly watchers: Set<Watcher>;
}

/** A connected admin and what the page does not know yet. */
interface Watcher {
  readonly session: Session;
  readonly equipes: readonly string[];
  /** Commercials whose row changed, or left what this admin may see. */
  readonly stale: Set<Commercial>;
}

/**
 * What each connected admin sees: one snapshot, then the rows that changed. The cost of a change is one row for each admin of
 * the teams concerned, however many are connected. A page that reads slowly gets fewer deltas, each with the latest rows.
 */
export class Roster {
  readonly #timers: TimerSet;
  readonly #onWatched: (equipes: ReadonlySet<string>) => void;
  /** A team got its first watcher or lost its last one since `onWatched` was called. */
  #watchedChanged = false;
  readonly #equipes = new Map<string, Equipe>();
  readonly #watchers = new Map<Session, Watcher>();
  readonly #placed = new Map<Commercial, string>();
  readonly #behind = new Set<Watcher>();
  #timer: Timer | null = null;

  /** @param onWatched told which teams are watched, whenever that changes */
  constructor(timers: TimerSet, onWatched: (equipes: ReadonlySet<string>) => void) {
    this.#timers = timers;
    this.#onWatched = onWatched;
  }

  /** Sends the snapshot, and deltas from now on. Again, when the admin's teams have changed. */
  watch(session: Session): void {
    this.#leave(session);
    if (session.user.role !== 'admin') {
      this.#tellWatched();
      return;
    }
    const watcher: Watcher = { session, equipes: [...new Set(session.user.equipes)], stale: new Set() };
    this.#watchers.set(session, watcher);
    const rows: [Commercial, RosterEntry][] = [];
    for (const name of watcher.equipes) {
      const equipe = this.#equipe(name);
      if (equipe.watchers.size === 0) this.#watchedChanged = true;
      equipe.watchers.add(watcher);
      for (const member of equipe.members) {
        const row = member.row();
        if (row) rows.push([member, row]);
      }
    }
    // Whoever can be heard comes first.
    rows.sort(([, a], [, b]) => Number(isRunning(b)) - Number(isRunning(a)));
    const commercials: RosterEntry[] = [];
    let size = 0;
    for (const [member, row] of rows) {
      size += sizeOf(row);
      if (size <= ROSTER_PIECE_CHARS) commercials.push(row);
      else watcher.stale.add(member);
    }
    session.notify('roster:snapshot', { commercials });
    if (watcher.stale.size > 0) this.#behind.add(watcher);
    this.#schedule();
    this.#tellWatched();
  }

  /** Sends nothing more. Idempotent. */
  unwatch(session: Session): void {
    this.#leave(session);
    this.#tellWatched();
  }

  #tellWatched(): void {
    if (!this.#watchedChanged) return;
    this.#watchedChanged = false;
    const watched = [...this.#equipes].flatMap(([name, { watchers }]) => (watchers.size > 0 ? [name] : []));
    this.#onWatched(new Set(watched));
  }

  #leave(session: Session): void {
    const watcher = this.#watchers.get(session);
    if (!watcher) return;
    this.#watchers.delete(session);
    this.#behind.delete(watcher);
    for (const name of watcher.equipes) {
      const equipe = this.#equipes.get(name);
      equipe?.watchers.delete(watcher);
      if (equipe?.watchers.size === 0) this.#watchedChanged = true;
      this.#prune(name);
    }
  }

  /** Something about this commercial's row changed, their team included; without a user they are no longer known. */
  touch(commercial: Commercial): void {
    this.#place(commercial, commercial.user?.equipe);
  }

  #place(commercial: Commercial, name: string | undefined): void {
    const before = this.#placed.get(commercial);
    if (before !== undefined) this.#markStale(before, commercial);
    if (name !== before) {
      if (before !== undefined) {
        this.#equipes.get(before)?.members.delete(commercial);
        this.#placed.delete(commercial);
        this.#prune(before);
      }
      if (name !== undefined) {
        this.#equipe(name).members.add(commercial);
        this.#placed.set(commercial, name);
        this.#markStale(name, commercial);
      }
    }
  }

  #markStale(name: string, commercial: Commercial): void {
    for (const watcher of this.#equipes.get(name)?.watchers ?? []) {
      watcher.stale.add(commercial);
      this.#behind.add(watcher);
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#behind.size === 0) return;
    this.#timer ??= this.#timers.after(ROSTER_INTERVAL_MS, () => {
      this.#timer = null;
      this.#flush();
    });
  }

  #flush(): void {
    const rows = new Map<Commercial, RosterEntry | null>();
    for (const watcher of [...this.#behind]) {
      if (watcher.session.peer?.congested) continue;
      const changed: RosterEntry[] = [];
      const removed = new Set<string>();
      let size = 0;
      for (const commercial of watcher.stale) {
        if (size > ROSTER_PIECE_CHARS) break;
        watcher.stale.delete(commercial);
        let row = rows.get(commercial);
        if (row === undefined) {
          row = this.#placed.has(commercial) ? commercial.row() : null;
          rows.set(commercial, row);
        }
        if (row && watcher.equipes.includes(row.equipe)) {
          changed.push(row);
          size += sizeOf(row);
        } else {
          removed.add(commercial.id);
          size += commercial.id.length;
        }
      }
      if (watcher.stale.size === 0) this.#behind.delete(watcher);
      // One who was let go may have a successor of the same id; it is never in an earlier piece, because the set keeps the order.
      for (const { id } of changed) removed.delete(id);
      watcher.session.notify('roster:delta', { changed, removed: [...removed] });
    }
    this.#schedule(); // those who are congested, or get more
  }

  #equipe(name: string): Equipe {
    const known = this.#equipes.get(name);
    if (known) return known;
    const equipe: Equipe = { members: new Set(), watchers: new Set() };
    this.#equipes.set(name, equipe);
    return equipe;
  }

  #prune(name: string): void {
    const equipe = this.#equipes.get(name);
    if (equipe && equipe.members.size === 0 && equipe.watchers.size === 0) this.#equipes.delete(name);
  }
}
