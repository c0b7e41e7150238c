import { join } from 'node:path';
import { chainsIn, dayOf, dayPath, daysIn } from './chain/days.ts';
import { linesOf } from './chain/lines.ts';
import { type ChainRecord, readLine } from './chain/record.ts';

/** One record, and whose it is. */
export type TrailRecord = ChainRecord & { readonly chain: string };

/** How far a reader got in one day: the last number that it was given of each chain. */
export interface TrailPlace {
  readonly day: string;
  readonly seen: Readonly<Record<string, number>>;
}

/** What is looked for. */
export interface TrailSearch {
  /** First and last day, in UTC, both included. */
  readonly from: string;
  readonly to: string;
  readonly wanted: (record: ChainRecord) => boolean;
}

/** A part of what is looked for. */
export interface TrailQuery extends TrailSearch {
  /** Goes on after this place. */
  readonly after?: TrailPlace | null;
  /** Most records that are given. */
  readonly limit: number;
  /** Most lines that are looked at; a day that was begun is read to its end. */
  readonly mostLines?: number;
}

/** A part of what was looked for, the oldest first. */
export interface TrailPage {
  readonly records: readonly TrailRecord[];
  /** Where to go on; null: that was all. */
  readonly next: TrailPlace | null;
}

/** All chains below `AUDIT_DIR` as one trail, in the order of their times. Reading disturbs nobody who writes. */
export class TrailReader {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** The chains that are there. @throws what the file system says */
  chains(): string[] {
    return chainsIn(this.#root);
  }

  /** All that is looked for, the oldest first. One day is in memory at a time. @throws what the file system says */
  async *records({ from, to, wanted }: TrailSearch): AsyncGenerator<TrailRecord> {
    for (const [day, chains] of this.#days(from, to)) yield* (await this.#readDay(day, chains, {}, wanted)).records;
  }

  /** A page of it. @throws what the file system says */
  async read({ from, to, after, limit, mostLines = Number.POSITIVE_INFINITY, wanted }: TrailQuery): Promise<TrailPage> {
    const records: TrailRecord[] = [];
    let lines = 0;
    for (const [day, chains] of this.#days(from, to)) {
      if (after && day < after.day) continue;
      if (lines >= mostLines) return { records, next: { day, seen: {} } };
      const seen = after?.day === day ? after.seen : {};
      const ofDay = await this.#readDay(day, chains, seen, wanted);
      lines += ofDay.lines;
      const taken = ofDay.records.slice(0, limit - records.length);
      records.push(...taken);
      if (taken.length < ofDay.records.length) return { records, next: { day, seen: advanced(seen, taken) } };
    }
    return { records, next: null };
  }

  /** The chains that have something of each day, the oldest day first. */
  #days(from: string, to: string): [day: string, chains: string[]][] {
    const byDay = new Map<string, string[]>();
    for (const chain of this.chains()) {
      for (const day of daysIn(join(this.#root, chain))) {
        if (day >= from && day <= to) byDay.set(day, [...(byDay.get(day) ?? []), chain]);
      }
    }
    return [...byDay].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** What is wanted of one day, and how many records were looked at for it. @param seen what is left out: the last numbers given before */
  async #readDay(day: string, chains: readonly string[], seen: TrailPlace['seen'], wanted: TrailSearch['wanted']) {
    let lines = 0;
    const byChain: TrailRecord[][] = [];
    for (const chain of chains) {
      const ofChain: TrailRecord[] = [];
      byChain.push(ofChain);
      for await (const record of this.#day(chain, day)) {
        lines += 1;
        if (record.seq > (seen[chain] ?? 0) && wanted(record)) ofChain.push({ ...record, chain });
      }
    }
    return { lines, records: merge(byChain) };
  }

  async *#day(chain: string, day: string): AsyncGenerator<ChainRecord> {
    for await (const { text } of linesOf(dayPath(join(this.#root, chain), day))) {
      const read = readLine(text);
      if (read) yield read.record;
    }
  }
}

/** The first day of those that end today and are so many. */
export function daysBack(count: number, now = Date.now()): string {
  return dayOf(now - (count - 1) * 86_400_000);
}

/** By time between chains; within one by its own order, whatever its clock did. */
function merge(chains: readonly TrailRecord[][]): TrailRecord[] {
  const waiting = chains.map((records) => ({ records, next: 0 }));
  const merged: TrailRecord[] = [];
  for (;;) {
    let first: { records: TrailRecord[]; next: number } | null = null;
    let record: TrailRecord | null = null;
    for (const candidate of waiting) {
      const head = candidate.records[candidate.next];
      if (!head || (record && record.at <= head.at)) continue;
      first = candidate;
      record = head;
    }
    if (!first || !record) return merged;
    merged.push(record);
    first.next += 1;
  }
}

function advanced(seen: TrailPlace['seen'], taken: readonly TrailRecord[]): TrailPlace['seen'] {
  const next = { ...seen };
  for (const { chain, seq } of taken) next[chain] = Math.max(next[chain] ?? 0, seq);
  return next;
}
