import type { RosterEntry } from '../protocol/messages.ts';
import type { Commercial } from './commercial.ts';
import type { NotifyAll, Peer } from './peer.ts';
import { isRunning, ROSTER_PIECE_CHARS, type RosterDelta, sizeOf } from './roster-rows.ts';
import { RosterTeam } from './roster-team.ts';
import { RosterWatcher } from './roster-watcher.ts';
import type { Session } from './session.ts';
import type { Timer, TimerSet } from './timers.ts';

/** Changes are gathered this long and sent together. */
export const ROSTER_INTERVAL_MS = 100;
/** Levels, of which there are many and each is soon past, are sent no more often than this. */
export const LEVELS_INTERVAL_MS = 250;
/** And in no more messages a second than this to all admins of a team: what they cost does not grow with the admins. */
const LEVEL_MESSAGES_PER_SECOND = 800;
/** A page that nobody looks at is sent rows no more often than this. */
export const HIDDEN_INTERVAL_MS = 2_000;

/** What the roster is made with. */
export interface RosterOptions {
  readonly timers: TimerSet;
  readonly notifyAll: NotifyAll;
  /** Told which teams are watched, whenever that changes. */
  readonly onWatched: (equipes: ReadonlySet<string>) => void;
}

/** Where a commercial stands. */
interface Place {
  readonly commercial: Commercial;
  readonly team: RosterTeam;
}

/**
 * What each connected admin sees: one snapshot, then what changed. A team's changes are one message, which is made and encoded once
 * for all admins who see the team. A page that reads slowly, or that nobody looks at, is left out of it and catches up with the latest by itself.
 */
export class Roster {
  readonly #options: RosterOptions;
  /** A team got its first watcher or lost its last one since `onWatched` was called. */
  #watchedChanged = false;
  readonly #teams = new Map<string, RosterTeam>();
  readonly #watchers = new Map<Session, RosterWatcher>();
  /** By the commercial's id: of two of the same id, who were known one after the other, the later one. */
  readonly #places = new Map<string, Place>();
  /** Teams about which there is something to tell. */
  readonly #dirty = new Set<RosterTeam>();
  /** Who is to catch up. */
  readonly #behind = new Set<RosterWatcher>();
  #timer: Timer | null = null;

  constructor(options: RosterOptions) {
    this.#options = options;
  }

  /** Sends the snapshot, and deltas from now on. Again, when the admin's teams have changed. */
  watch(session: Session): void {
    const before = this.#watchers.get(session);
    this.#leave(session);
    if (session.user.role !== 'admin') {
      this.#tellWatched();
      return;
    }
    const watcher = new RosterWatcher(session, session.user.equipes);
    // A page that connects anew says anew that it is hidden.
    watcher.hidden = before?.hidden === true && before.peer === watcher.peer;
    this.#watchers.set(session, watcher);
    const rows: RosterEntry[] = [];
    for (const name of watcher.equipes) {
      const team = this.#team(name);
      if (team.watchers.size === 0) this.#watchedChanged = true;
      team.watchers.add(watcher);
      for (const id of team.members.keys()) {
        const row = this.#rowOf(id);
        if (row) rows.push(row);
      }
    }
    // Whoever can be heard comes first.
    rows.sort((a, b) => Number(isRunning(b)) - Number(isRunning(a)));
    const commercials: RosterEntry[] = [];
    let size = 0;
    for (const row of rows) {
      size += sizeOf(row);
      if (size <= ROSTER_PIECE_CHARS) commercials.push(row);
      else watcher.rows.add(row.id);
    }
    session.notify('roster:snapshot', { commercials });
    if (watcher.behind) this.#behind.add(watcher);
    this.#schedule();
    this.#tellWatched();
  }

  /** Sends nothing more. Idempotent. */
  unwatch(session: Session): void {
    this.#leave(session);
    this.#tellWatched();
  }

  /** Whether nobody looks at the page. One that is seen again catches up at once. */
  pace(session: Session, hidden: boolean): void {
    const watcher = this.#watchers.get(session);
    if (!watcher || watcher.hidden === hidden) return;
    watcher.hidden = hidden;
    watcher.levels.clear();
    if (hidden) return;
    watcher.rest?.cancel();
    watcher.rest = null;
    for (const name of watcher.equipes) {
      const team = this.#teams.get(name);
      for (const [id, member] of team?.members ?? []) {
        if (member.status === 'live') (team?.waitsFor(id) ? watcher.rows : watcher.levels).add(id);
      }
    }
    if (!watcher.behind) return;
    this.#behind.add(watcher);
    this.#catchUp(watcher);
    this.#schedule();
  }

  /** Something about this commercial's row changed, their team included; without a user they are no longer known. */
  touch(commercial: Commercial): void {
    const { id, user } = commercial;
    const before = this.#places.get(id);
    if (!user && before?.commercial !== commercial) return;
    if (before && before.team.name !== user?.equipe) {
      before.team.remove(id);
      this.#places.delete(id);
      this.#note(before.team);
      this.#prune(before.team);
    }
    if (user) {
      const team = this.#team(user.equipe);
      team.touch(commercial);
      this.#places.set(id, { commercial, team });
      this.#note(team);
    }
    this.#schedule();
  }

  #note(team: RosterTeam): void {
    if (team.dirty) this.#dirty.add(team);
  }

  #tellWatched(): void {
    if (!this.#watchedChanged) return;
    this.#watchedChanged = false;
    const watched = [...this.#teams.values()].filter(({ watchers }) => watchers.size > 0).map(({ name }) => name);
    this.#options.onWatched(new Set(watched));
  }

  #leave(session: Session): void {
    const watcher = this.#watchers.get(session);
    if (!watcher) return;
    this.#watchers.delete(session);
    this.#behind.delete(watcher);
    watcher.rest?.cancel();
    for (const name of watcher.equipes) {
      const team = this.#teams.get(name);
      if (!team) continue;
      team.watchers.delete(watcher);
      if (team.watchers.size > 0) continue;
      this.#watchedChanged = true;
      team.forget();
      this.#dirty.delete(team);
      this.#prune(team);
    }
  }

  #schedule(): void {
    if (this.#behind.size === 0 && this.#dirty.size === 0) return;
    this.#timer ??= this.#options.timers.after(ROSTER_INTERVAL_MS, () => {
      this.#timer = null;
      this.#flush();
    });
  }

  #flush(): void {
    for (const team of this.#dirty) {
      const { changed, removed } = team.collect();
      if (!team.dirty) this.#dirty.delete(team);
      const gone: string[] = [];
      for (const id of removed) {
        if (!this.#places.has(id)) gone.push(id);
        // Who went to another team has not left those who see both.
        else for (const watcher of team.watchers) this.#keepFor(watcher, () => watcher.rows.add(id));
      }
      this.#tell(team, { changed, levels: this.#takeLevels(team), removed: gone });
    }
    for (const watcher of this.#behind) this.#catchUp(watcher);
    this.#schedule(); // what did not fit into one piece, and those who are congested
  }

  /** The levels that changed, unless some were told just now: then a timer tells them. */
  #takeLevels(team: RosterTeam): RosterDelta['levels'] {
    if (team.levelsRest || !team.hasLevels) return [];
    const restMs = Math.max(LEVELS_INTERVAL_MS, (team.watchers.size / LEVEL_MESSAGES_PER_SECOND) * 1_000);
    team.levelsRest = this.#options.timers.after(restMs, () => {
      team.levelsRest = null;
      this.#tell(team, { changed: [], levels: this.#takeLevels(team), removed: [] });
      this.#schedule();
    });
    return team.takeLevels();
  }

  #tell(team: RosterTeam, delta: RosterDelta): void {
    if (delta.changed.length === 0 && delta.levels.length === 0 && delta.removed.length === 0) return;
    const peers: Peer[] = [];
    for (const watcher of team.watchers) {
      if (!watcher.inStep) this.#keepFor(watcher, () => watcher.miss(delta));
      else if (watcher.peer) peers.push(watcher.peer);
    }
    if (peers.length > 0) this.#options.notifyAll(peers, 'roster:delta', delta);
  }

  #keepFor(watcher: RosterWatcher, keep: () => void): void {
    keep();
    if (watcher.behind && !watcher.rest) this.#behind.add(watcher);
  }

  /** Tells one watcher what was missed, if the connection takes it. */
  #catchUp(watcher: RosterWatcher): void {
    if (watcher.peer?.congested) return;
    watcher.session.notify(
      'roster:delta',
      watcher.catchUp((id) => this.#rowOf(id)),
    );
    if (watcher.hidden) {
      watcher.rest = this.#options.timers.after(HIDDEN_INTERVAL_MS, () => {
        watcher.rest = null;
        if (watcher.behind) this.#behind.add(watcher);
        this.#schedule();
      });
    }
    if (watcher.rest || !watcher.behind) this.#behind.delete(watcher);
  }

  /** The row as it is now, to be shown to one watcher. */
  #rowOf(id: string): RosterEntry | null {
    const place = this.#places.get(id);
    const row = place?.commercial.row() ?? null;
    if (row) place?.team.shows(row);
    return row;
  }

  #team(name: string): RosterTeam {
    const known = this.#teams.get(name);
    if (known) return known;
    const team = new RosterTeam(name);
    this.#teams.set(name, team);
    return team;
  }

  #prune(team: RosterTeam): void {
    if (team.members.size === 0 && team.watchers.size === 0) this.#teams.delete(team.name);
  }
}
