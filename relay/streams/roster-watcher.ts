import type { RosterEntry } from '../protocol/messages.ts';
import type { Peer } from './peer.ts';
import { ROSTER_PIECE_CHARS, type RosterDelta, sizeOf } from './roster-rows.ts';
import type { Session } from './session.ts';
import type { Timer } from './timers.ts';

/** A connected admin, and what the page does not know that it should. */
export class RosterWatcher {
  readonly session: Session;
  readonly peer: Peer | null;
  readonly equipes: readonly string[];
  /** Nobody looks at the page: levels are of no use to it, and rows can wait. */
  hidden = false;
  /** Runs for a while after a hidden page was told something. */
  rest: Timer | null = null;
  /** Ids of commercials whose row changed, or left what this admin may see. */
  readonly rows = new Set<string>();
  /** Ids of commercials of whom the level changed. */
  readonly levels = new Set<string>();

  constructor(session: Session, equipes: readonly string[]) {
    this.session = session;
    this.peer = session.peer;
    this.equipes = [...new Set(equipes)];
  }

  /** The page has missed something: until it has caught up it is told by itself, and not with the others. */
  get behind(): boolean {
    return this.rows.size > 0 || this.levels.size > 0;
  }

  /** Whether the page is told what all are told. */
  get inStep(): boolean {
    return !this.behind && !this.hidden && !this.peer?.congested;
  }

  /** Keeps for later what the others are told now. */
  miss({ changed, levels, removed }: RosterDelta): void {
    for (const { id } of changed) this.rows.add(id);
    for (const id of removed) this.rows.add(id);
    if (!this.hidden) for (const { id } of levels) this.levels.add(id);
  }

  /**
   * What was missed, as it is now; one piece of it, when it is much.
   * @param rowOf the row of the commercial of this id, whatever the team
   */
  catchUp(rowOf: (id: string) => RosterEntry | null): RosterDelta {
    const delta: RosterDelta = { changed: [], levels: [], removed: [] };
    const visible = (id: string): RosterEntry | null => {
      const row = rowOf(id);
      return row && this.equipes.includes(row.equipe) ? row : null;
    };
    let size = 0;
    for (const id of this.rows) {
      if (size > ROSTER_PIECE_CHARS) return delta;
      this.rows.delete(id);
      this.levels.delete(id);
      const row = visible(id);
      if (row) delta.changed.push(row);
      else delta.removed.push(id);
      size += row ? sizeOf(row) : id.length;
    }
    for (const id of this.levels) {
      const level = visible(id)?.level;
      if (level !== undefined) delta.levels.push({ id, level });
    }
    this.levels.clear();
    return delta;
  }
}
