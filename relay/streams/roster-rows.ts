import type { PayloadOf, RosterEntry } from '../protocol/messages.ts';

/** What one `roster:delta` says. */
export type RosterDelta = PayloadOf<'roster:delta'>;

/**
 * About how many characters of rows go into one message. More follow in deltas, each when the connection has taken the one before: thousands of long names in
 * one piece would be taken for a page that does not read, above all with long polling, where everything waits for the next request.
 */
export const ROSTER_PIECE_CHARS = 128 * 1024;
/** Of a row in JSON, without its texts. */
const ROW_FRAME_CHARS = 150;
/** Two reports of one stream's start differ by rounding, and those of another relay by their way. */
const SAME_START_MS = 1_000;

/** A row's size in characters, about. */
export const sizeOf = ({ id, name, equipe }: RosterEntry): number =>
  ROW_FRAME_CHARS + id.length + name.length + equipe.length;

/** A stream exists. */
export const isRunning = ({ status }: RosterEntry): boolean => status !== 'ready' && status !== 'offline';

/** A row as it was told, and when what it told of began, by the monotonic clock. */
export interface ToldRow {
  readonly row: RosterEntry;
  readonly startedAt: number | null;
  /** The same of the call for help. */
  readonly askedAt: number | null;
  /** When they may be heard again. */
  readonly againAt: number | null;
}

/** The row as something that is told now. */
export const told = (row: RosterEntry): ToldRow => ({
  row,
  startedAt: beganAt(row.liveForMs),
  askedAt: beganAt(row.helpForMs),
  againAt: row.barred?.againInMs == null ? null : performance.now() + row.barred.againInMs,
});

function beganAt(forMs: number | null): number | null {
  return forMs === null ? null : performance.now() - forMs;
}

function isSameStart(a: number | null, b: number | null): boolean {
  return a === null || b === null ? a === b : Math.abs(a - b) < SAME_START_MS;
}

/** Whether both say the same, but for the level. */
export function saysTheSame(a: ToldRow, b: ToldRow): boolean {
  return (
    isSameStart(a.startedAt, b.startedAt) &&
    isSameStart(a.askedAt, b.askedAt) &&
    isSameStart(a.againAt, b.againAt) &&
    a.row.barred?.reason === b.row.barred?.reason &&
    a.row.status === b.row.status &&
    a.row.listenerCount === b.row.listenerCount &&
    a.row.interruption === b.row.interruption &&
    a.row.name === b.row.name &&
    a.row.equipe === b.row.equipe
  );
}
