import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { dayPath, daysIn, headsIn } from './days.ts';
import { isGenuine, readHead } from './head.ts';
import { GENESIS, type ReadRecord, readLine } from './record.ts';

/** Where a chain goes on. */
export interface ChainEnd {
  /** Number and hash of the last record; 0 and `GENESIS` before the first. */
  readonly seq: number;
  readonly hash: string;
  /** The day to which that record belongs; null before the first. */
  readonly day: string | null;
  /** Number of the day's first record. */
  readonly firstOfDay: number;
  /** Time of the last record, in milliseconds since the epoch. */
  readonly at: number;
  /** The one who wrote last had closed the trail. */
  readonly clean: boolean;
  /** Bytes of a half written record that were cut off. */
  readonly tornBytes: number;
  /** Records that a head was signed for and that are not there. */
  readonly missing: number;
  /** Records at the end that no head was signed for. */
  readonly unsigned: number;
  /** The public key of the head that was signed last. */
  readonly key: string | null;
}

const NOTHING: ChainEnd = {
  seq: 0,
  hash: GENESIS,
  day: null,
  firstOfDay: 1,
  at: 0,
  clean: true,
  tornBytes: 0,
  missing: 0,
  unsigned: 0,
  key: null,
};

/**
 * Finds where a chain ends, and cuts off what a crash left half written. Where a signed head names later records than are there, the chain
 * goes on after those: the gap stays visible for good. @throws what the file system says
 */
export function resumeChain(folder: string): ChainEnd {
  const found = lastRecord(folder);
  const end = { ...found, unsigned: Math.max(0, found.seq - lastSigned(folder)) };
  const newest = headsIn(folder).at(-1);
  const head = newest === undefined ? null : readHead(folder, newest);
  if (!head || head === 'unreadable') return end;
  const { key } = head;
  if (head.last <= end.seq) return { ...end, key };
  const { first, last, day } = head;
  return { ...end, key, seq: last, hash: head.head, day, firstOfDay: first, clean: false, missing: last - end.seq };
}

/** Number of the last record that a head was signed for; 0 when there is none. */
function lastSigned(folder: string): number {
  for (const day of headsIn(folder).reverse()) {
    const head = readHead(folder, day);
    if (head !== null && head !== 'unreadable' && isGenuine(head)) return head.last;
  }
  return 0;
}

function lastRecord(folder: string): ChainEnd {
  let tornBytes = 0;
  // The last day may have nothing but a record that was torn.
  for (const day of daysIn(folder).reverse()) {
    const bytes = readFileSync(dayPath(folder, day));
    const whole = bytes.lastIndexOf(10) + 1;
    if (whole < bytes.length) {
      tornBytes += bytes.length - whole;
      cut(dayPath(folder, day), whole);
    }
    const lines = bytes.toString('utf8', 0, whole).split('\n').filter(Boolean);
    const read = firstRecord(lines.toReversed());
    if (!read) continue;
    const { seq, at, event } = read.record;
    return {
      ...NOTHING,
      seq,
      hash: read.hash,
      day,
      firstOfDay: firstRecord(lines)?.record.seq ?? seq,
      at: Date.parse(at),
      clean: event === 'trail_closed' && tornBytes === 0,
      tornBytes,
    };
  }
  return { ...NOTHING, tornBytes, clean: tornBytes === 0 };
}

/** The first line that is a record. Of a day with many it reads no more than it must. */
function firstRecord(lines: readonly string[]): ReadRecord | null {
  for (const line of lines) {
    const read = readLine(line);
    if (read) return read;
  }
  return null;
}

function cut(path: string, size: number): void {
  const file = openSync(path, 'r+');
  try {
    ftruncateSync(file, size);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
