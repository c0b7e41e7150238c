import type { VoiceLevel } from '../../protocol/messages.ts';
import type { Commercial } from '../../streams/commercial.ts';
import { askedForMs } from '../../streams/help-call.ts';
import type { Timer, TimerSet } from '../../streams/timers.ts';
import type { ClusterBus } from '../bus/cluster-bus.ts';
import { type BodyOf, MAX_NAMES, type ResultOf, teamTopic } from '../bus-protocol.ts';
import type { CommercialRow } from '../bus-rows.ts';
import type { LocalStreams } from './local-streams.ts';

/** A team's changes are published at once, and those that follow within this time together. */
export const ROWS_INTERVAL_MS = 100;
/** Rows in one message; more follow in the next. About 350 bytes each. */
const ROWS_PIECE = 500;

/** About how many characters of listeners go into one page. */
const NAMES_PIECE_CHARS = 64 * 1024;
/** Of a listener in JSON, without its texts. */
const NAME_FRAME_CHARS = 20;

/** What was told of a commercial. */
interface Told {
  readonly row: CommercialRow;
  /** The row without what changes by itself, or travels apart. */
  readonly shape: string;
}

/** Somebody who is not of a team any more: their number, and the team they are of now. */
type Gone = Omit<BodyOf<'rows'>['gone'][number], 'id'>;

/** What a team's followers do not know yet. */
interface Team {
  readonly changed: Set<string>;
  readonly gone: Map<string, Gone>;
  readonly levels: Set<string>;
  timer: Timer | null;
  flushing: boolean;
}

/** What the rows are made with. */
export interface LocalRowsOptions {
  readonly bus: ClusterBus;
  readonly timers: TimerSet;
  readonly streams: () => LocalStreams;
}

/** Tells the other nodes of this node's own commercials: changes to whoever follows the team, everybody of a team to who asks. */
export class LocalRows {
  readonly #options: LocalRowsOptions;
  readonly #told = new Map<string, Told>();
  /** Team -> ids of those who were told of: each admin who comes makes other nodes ask for a team. */
  readonly #members = new Map<string, Set<string>>();
  readonly #teams = new Map<string, Team>();
  #version = 0;

  constructor(options: LocalRowsOptions) {
    this.#options = options;
    options.bus.answer('snapshot', (_from, body) => this.page(body));
  }

  /** Commercials whom others were told of, for leak tests. */
  get size(): number {
    return this.#told.size;
  }

  /** The commercial may have changed, as far as this node's own pages go. */
  look(commercial: Commercial): void {
    const before = this.#told.get(commercial.id);
    const next = rowOf(commercial);
    if (!next) {
      if (before) this.#forget(before.row, null);
      return;
    }
    const shape = shapeOf(next, commercial.help?.startedAt ?? null);
    if (before?.shape === shape) {
      if (before.row.stream?.level !== next.stream?.level) this.#level(before, next.stream?.level ?? 0);
      return;
    }
    if (before && before.row.equipe !== next.equipe) this.#forget(before.row, next.equipe);
    this.#version += 1;
    const row = { ...next, version: this.#version };
    this.#told.set(row.id, { row, shape });
    this.#members.set(row.equipe, (this.#members.get(row.equipe) ?? new Set()).add(row.id));
    const team = this.#team(row.equipe);
    team.gone.delete(row.id);
    team.changed.add(row.id);
    this.#schedule(row.equipe, team);
  }

  /** Everybody of these teams, a page of them. */
  page({ equipes, after, names }: BodyOf<'snapshot'>): ResultOf<'snapshot'> {
    const members = [...new Set(equipes)].flatMap((equipe) => [...(this.#members.get(equipe) ?? [])]);
    const ids = members.filter((id) => after === null || id > after).sort();
    const rows: CommercialRow[] = [];
    const listeners: ResultOf<'snapshot'>['listeners'] = [];
    let size = 0;
    for (const id of ids) {
      if (rows.length >= ROWS_PIECE || size > NAMES_PIECE_CHARS) break;
      const row = this.#now(id);
      if (!row) continue;
      rows.push(row);
      const infos = names ? (this.#options.streams().find(id)?.listenerInfos().slice(0, MAX_NAMES) ?? []) : [];
      if (infos.length === 0) continue;
      listeners.push({ id, infos });
      size += infos.reduce((sum, info) => sum + info.id.length + info.name.length + NAME_FRAME_CHARS, 0);
    }
    return { asOf: this.#version, rows, listeners, more: ids.length > rows.length };
  }

  /** Says what is still to be said, such as why streams ended, without waiting. */
  close(): void {
    for (const [equipe, team] of this.#teams) {
      team.timer?.cancel();
      while (this.#publish(equipe, team));
    }
    this.#teams.clear();
  }

  #level(before: Told, level: VoiceLevel): void {
    const { row } = before;
    if (!row.stream) return;
    this.#told.set(row.id, { ...before, row: { ...row, stream: { ...row.stream, level } } });
    const team = this.#team(row.equipe);
    team.levels.add(row.id);
    this.#schedule(row.equipe, team);
  }

  /** @param now the team that they are of by now; null: none that is known */
  #forget({ id, equipe }: CommercialRow, now: string | null): void {
    this.#told.delete(id);
    const members = this.#members.get(equipe);
    members?.delete(id);
    if (members?.size === 0) this.#members.delete(equipe);
    this.#version += 1;
    const team = this.#team(equipe);
    team.changed.delete(id);
    team.levels.delete(id);
    team.gone.set(id, { version: this.#version, equipe: now });
    this.#schedule(equipe, team);
  }

  #team(equipe: string): Team {
    const known = this.#teams.get(equipe);
    if (known) return known;
    const team: Team = { changed: new Set(), gone: new Map(), levels: new Set(), timer: null, flushing: false };
    this.#teams.set(equipe, team);
    return team;
  }

  #schedule(equipe: string, team: Team): void {
    if (team.timer || team.flushing) return;
    team.flushing = true;
    // What one event brings about is told together.
    queueMicrotask(() => {
      team.flushing = false;
      this.#flush(equipe, team);
    });
  }

  #flush(equipe: string, team: Team): void {
    if (!this.#publish(equipe, team)) {
      if (this.#teams.get(equipe) === team) this.#teams.delete(equipe);
      return;
    }
    team.timer = this.#options.timers.after(ROWS_INTERVAL_MS, () => {
      team.timer = null;
      this.#flush(equipe, team);
    });
  }

  /** One message of what is not known yet. @returns false when there is nothing */
  #publish(equipe: string, team: Team): boolean {
    const changed = take(team.changed, ROWS_PIECE).flatMap((id) => this.#now(id) ?? []);
    const gone = [...team.gone].slice(0, ROWS_PIECE).map(([id, what]) => ({ id, ...what }));
    for (const { id } of gone) team.gone.delete(id);
    const levels = take(team.levels, ROWS_PIECE).flatMap((id): BodyOf<'rows'>['levels'] => {
      const stream = this.#told.get(id)?.row.stream;
      return stream && !changed.some((row) => row.id === id) ? [[id, stream.level]] : [];
    });
    if (changed.length + gone.length + levels.length === 0) return false;
    this.#options.bus.publish(teamTopic(equipe), 'rows', { changed, gone, levels });
    return true;
  }

  /** The row that was told, with the time as of now. */
  #now(id: string): CommercialRow | null {
    const row = this.#told.get(id)?.row;
    if (!row) return null;
    const { stream, help } = this.#options.streams().find(id) ?? {};
    const helpForMs = row.helpForMs === null || !help ? row.helpForMs : askedForMs(help);
    if (!row.stream) return { ...row, helpForMs };
    return { ...row, helpForMs, stream: { ...row.stream, liveForMs: stream?.liveForMs ?? row.stream.liveForMs } };
  }
}

/** A row before it is numbered. */
type Unnumbered = Omit<CommercialRow, 'version'>;

function rowOf(commercial: Commercial): Unnumbered | null {
  const { id, localUser: user, present, stream, lastEnd, help } = commercial;
  if (!user) return null;
  return {
    id,
    name: user.name,
    equipe: user.equipe,
    present: present.size > 0,
    listenerCount: commercial.listenerInfos().length,
    helpForMs: help && askedForMs(help),
    stream: stream && {
      id: stream.id,
      order: stream.order,
      status: stream.status,
      interruption: stream.interruption,
      level: stream.level,
      liveForMs: stream.liveForMs,
      attended: stream.attended,
      ...(stream.seal && { e2ee: stream.seal }),
      ...(stream.device && { device: true as const }),
    },
    ended: lastEnd,
  };
}

/** @param askedAt when the call for help began, which does not change by itself */
function shapeOf({ stream, helpForMs: _helpForMs, ...row }: Unnumbered, askedAt: number | null): string {
  if (!stream) return JSON.stringify([row, askedAt]);
  const { level: _level, liveForMs: _liveForMs, ...rest } = stream;
  return JSON.stringify([row, askedAt, rest]);
}

/** Takes up to `count` ids out, the oldest first. */
function take(from: Set<string>, count: number): string[] {
  const taken = [...from].slice(0, count);
  for (const id of taken) from.delete(id);
  return taken;
}
