import { z } from 'zod';
import { dayPath, daysIn, headsIn } from './days.ts';
import { isGenuine, readHead, type SignedHead } from './head.ts';
import { linesOf } from './lines.ts';
import { type ChainRecord, GENESIS, readLine } from './record.ts';
import { fingerprint } from './signing-key.ts';

/** What can be wrong with a chain. */
export type ProblemCode =
  /** A line is no record. */
  | 'unreadable'
  /** A record does not name the hash of the one before: one of the two was changed, or stands where it does not belong. */
  | 'changed'
  /** Numbers are missing. */
  | 'gap'
  /** A signed head names records that are not there. */
  | 'truncated'
  /** The records of a signed day are gone, and no record says that they were deleted. */
  | 'day_missing'
  /** A day that was followed by another has no head. */
  | 'head_missing'
  /** More records at the end are not signed than a crash can leave: a head was removed or put back, or records were added. */
  | 'unsigned'
  /** A head is no head, or was not signed by the key that it names. */
  | 'head_forged'
  /** A head was signed by a key that is not the chain's, or not the one that was asked for. */
  | 'foreign_key'
  /** The records are not those that were signed. */
  | 'head_mismatch'
  /** The first record is not the beginning of the chain, and no record says that what was before was deleted. */
  | 'beginning_missing'
  /** The hash that was kept elsewhere is not in the chain: its end was cut off, or all of it made anew. */
  | 'anchor_missing';

/** One thing that is wrong, and where. */
export interface Problem {
  readonly code: ProblemCode;
  readonly day: string;
  /** Number of the record at which it showed; null where it is not about one. */
  readonly seq: number | null;
  readonly message: string;
}

/** What a look at a whole chain came to. */
export interface ChainReport {
  readonly records: number;
  readonly days: readonly string[];
  /** Public keys by which its heads are signed. */
  readonly keys: readonly string[];
  /** Hash of the last record. */
  readonly head: string;
  /** Records at the end for which no head is signed yet. */
  readonly unsigned: number;
  readonly problems: readonly Problem[];
  /** What the chain itself says happened: crashes, clocks, lost entries, deleted days. */
  readonly notes: readonly string[];
}

/** What a chain is held against. */
export interface VerifyOptions {
  /** The public key (SPKI, DER, base64), or its fingerprint, as written down elsewhere; left out: whatever the chain says of itself. */
  readonly key?: string | undefined;
  /** A hash that was written down elsewhere, and must be in the chain. */
  readonly anchor?: string | undefined;
}

const keyRecord = z.looseObject({ key: z.string() });
const deletedRecord = z.looseObject({ through: z.string(), last: z.number(), head: z.string() });
/** A relay signs about each second; a disk may be slow, and a crash leaves what came since. Longer than this nothing stays unsigned. */
const UNSIGNED_MS = 60_000;
/** Of what a changed file makes, the first few say enough. */
const MOST_PROBLEMS = 100;

/** Reads a whole chain and says what does not fit. @throws what the file system says */
export async function verifyChain(folder: string, options: VerifyOptions = {}): Promise<ChainReport> {
  return new Verification(folder, options).run();
}

class Verification {
  readonly #folder: string;
  readonly #options: VerifyOptions;
  readonly #problems: Problem[] = [];
  readonly #notes: string[] = [];
  readonly #keys = new Set<string>();
  readonly #heads = new Map<string, SignedHead>();
  #records = 0;
  #hash = GENESIS;
  #seq = 0;
  /** Number of the last record that a head was signed for. */
  #signed = 0;
  /** Times of the records after it. */
  #unsigned: string[] = [];
  #anchored = false;
  #beginning: { readonly day: string; readonly record: ChainRecord } | null = null;
  /** What records say was deleted, by their numbers. */
  readonly #deletions = new Map<number, z.infer<typeof deletedRecord>>();
  #day = '';

  constructor(folder: string, options: VerifyOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  async run(): Promise<ChainReport> {
    const days = daysIn(this.#folder);
    const before = headsIn(this.#folder);
    for (const day of before) this.#takeHead(day);
    for (const day of days) await this.#readDay(day, day === days.at(-1));
    this.#signMore();
    this.#judgeBeginning();
    this.#judgeHeads(days);
    this.#judgeEnd();
    const { anchor } = this.#options;
    if (anchor !== undefined && !this.#anchored)
      this.#problem(
        'anchor_missing',
        null,
        `No record has the hash ${anchor}: records were cut off, or all made anew.`,
      );
    return {
      records: this.#records,
      days,
      keys: [...new Set([...this.#heads.values()].map(({ key }) => key))],
      head: this.#hash,
      unsigned: Math.max(0, this.#seq - this.#signed),
      problems: this.#problems,
      notes: this.#notes,
    };
  }

  #takeHead(day: string): void {
    this.#day = day;
    const head = readHead(this.#folder, day);
    if (head === null) return;
    if (head === 'unreadable' || !isGenuine(head)) {
      this.#problem('head_forged', null, 'The head is not one that was signed.');
      return;
    }
    this.#heads.set(day, head);
    this.#signed = Math.max(this.#signed, head.last);
  }

  async #readDay(day: string, isLast: boolean): Promise<void> {
    this.#day = day;
    const head = this.#heads.get(day);
    let number = 0;
    for await (const { text, whole } of linesOf(dayPath(this.#folder, day))) {
      number += 1;
      if (text === '') continue;
      if (!whole && isLast) {
        this.#notes.push(`line ${number} of ${day} is half written: by a crash, or just now.`);
        continue;
      }
      const read = readLine(text);
      if (!read) {
        this.#problem('unreadable', null, `Line ${number} is no record.`);
        continue;
      }
      this.#take(read.record, read.hash);
      if (head && read.record.seq === head.last && read.hash !== head.head)
        this.#problem('head_mismatch', head.last, `Record ${head.last} is not the one that was signed.`);
    }
    if (!head) {
      if (!isLast && !this.#isDeleted(day)) this.#problem('head_missing', null, 'The day has no signed head.');
      return;
    }
    if (this.#seq < head.last)
      this.#problem('truncated', this.#seq, `${head.last - this.#seq} signed records at the end of the day are gone.`);
    else if (!isLast && this.#seq > head.last)
      this.#problem(
        'head_mismatch',
        head.last,
        `${this.#seq - head.last} records follow the last one that was signed.`,
      );
  }

  #take(record: ChainRecord, hash: string): void {
    const { seq, prev } = record;
    if (this.#beginning === null) this.#beginning = { day: this.#day, record };
    else if (seq !== this.#seq + 1) this.#problem('gap', seq, `Record ${seq} follows record ${this.#seq}.`);
    else if (prev !== this.#hash)
      this.#problem('changed', seq, `Record ${seq} does not fit the one before: one of the two was changed.`);
    this.#records += 1;
    this.#seq = seq;
    this.#hash = hash;
    if (seq > this.#signed) this.#unsigned.push(record.at);
    if (hash === this.#options.anchor) this.#anchored = true;
    this.#note(record);
  }

  #note(record: ChainRecord): void {
    const { event, seq, at } = record;
    const where = `record ${seq} (${at})`;
    if (event === 'chain_began' || event === 'key_changed') {
      const { key } = keyRecord.parse({ key: '', ...record });
      this.#keys.add(key);
      if (event === 'key_changed') this.#notes.push(`${where}: another key signs from here on.`);
    } else if (event === 'trail_opened') {
      if (record.clean === false) this.#notes.push(`${where}: the relay before had not closed the trail (a crash).`);
      if (Number(record.tornBytes) > 0)
        this.#notes.push(`${where}: a half written record of ${record.tornBytes} bytes was cut off.`);
      if (Number(record.unsigned) > 0)
        this.#notes.push(
          `${where}: ${record.unsigned} records before it were not signed when the relay started: a crash left them so, or somebody added them.`,
        );
      if (Number(record.missing) > 0)
        this.#notes.push(`${where}: ${record.missing} signed records were missing when the relay started.`);
    } else if (event === 'clock_set_back') {
      this.#notes.push(`${where}: the clock was set back by ${record.byMs} ms.`);
    } else if (event === 'entries_lost') {
      this.#notes.push(`${where}: ${record.count} entries were lost, because storage failed.`);
    } else if (event === 'days_deleted') {
      const deleted = deletedRecord.safeParse(record);
      if (deleted.success) this.#deletions.set(seq, deleted.data);
      this.#notes.push(`${where}: the days up to ${record.through} were deleted, as the retention asks.`);
    }
  }

  #judgeBeginning(): void {
    if (!this.#beginning) return;
    const { day, record } = this.#beginning;
    this.#day = day;
    if (record.seq === 1 && record.prev === GENESIS) return;
    // Deleting may have been cut short: then a part of what the record names is still there.
    const deleted = this.#lastDeletion();
    const told =
      deleted && (deleted.last > record.seq || (deleted.last === record.seq - 1 && deleted.head === record.prev));
    if (!told)
      this.#problem(
        'beginning_missing',
        record.seq,
        `The chain begins with record ${record.seq}, and nothing says why.`,
      );
  }

  #judgeHeads(days: readonly string[]): void {
    const { key: wanted } = this.#options;
    const chainKeys = this.#keys;
    for (const [day, head] of this.#heads) {
      this.#day = day;
      if (!days.includes(day) && !this.#isDeleted(day))
        this.#problem('day_missing', null, `The ${head.last - head.first + 1} records of a signed day are gone.`);
      const own =
        wanted === undefined
          ? chainKeys.size === 0 || chainKeys.has(head.key)
          : [head.key, fingerprint(head.key)].includes(wanted);
      if (!own) this.#problem('foreign_key', null, 'The head was signed by another key.');
    }
  }

  #judgeEnd(): void {
    const count = this.#unsigned.length;
    const spanMs = Date.parse(this.#unsigned.at(-1) ?? '') - Date.parse(this.#unsigned[0] ?? '');
    if (count === 0 || spanMs <= UNSIGNED_MS) return;
    const span = Math.round(spanMs / 1_000);
    this.#problem('unsigned', this.#signed + 1, `${count} records at the end, of ${span} s, are not signed.`);
  }

  /** What the relay signed while the records were read. */
  #signMore(): void {
    const newest = headsIn(this.#folder).at(-1);
    const head = newest === undefined ? null : readHead(this.#folder, newest);
    if (head === null || head === 'unreadable' || !isGenuine(head) || head.last <= this.#signed) return;
    this.#unsigned = this.#unsigned.slice(head.last - this.#signed);
    this.#signed = head.last;
  }

  /** Only a signed record counts: one that is not can have been added by anybody who can write the file. */
  #lastDeletion(): z.infer<typeof deletedRecord> | null {
    return [...this.#deletions].findLast(([seq]) => seq <= this.#signed)?.[1] ?? null;
  }

  #isDeleted(day: string): boolean {
    const deleted = this.#lastDeletion();
    return deleted !== null && day <= deleted.through;
  }

  #problem(code: ProblemCode, seq: number | null, message: string): void {
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push({ code, day: this.#day, seq, message });
  }
}
