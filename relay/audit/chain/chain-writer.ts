import { rmSync } from 'node:fs';
import type { AuditEntry, AuditSink } from '../audit-entries.ts';
import { ChainFile, type Disk, realDisk } from './chain-file.ts';
import { dayOf, dayPath, daysIn, headPath, headsIn } from './days.ts';
import { readHead, signHead, writeHead } from './head.ts';
import { type ChainEntry, hashOf, lineOf } from './record.ts';
import { resumeChain } from './resume.ts';
import { type SigningKey, signingKeyIn } from './signing-key.ts';

/** Entries that wait in memory while storage fails. Some megabytes; the metrics and the trail say when it was not enough. */
const MOST_WAITING = 20_000;
/** What is written in one go once storage is back: longer ones would hold up the relay. */
const AT_ONCE = 200;
/** How long a record may be without a signed head, and how often storage that fails is tried again. */
const SEAL_AFTER_MS = 1_000;
const DAY_MS = 86_400_000;
/** A clock that is corrected by less is not worth a word. */
const CLOCK_NOISE_MS = 1_000;

/** What becomes of the trail, for whoever runs the relay. */
export interface ChainEvents {
  /** Entries wait, because storage fails; `reason` is the file system's. */
  failing(reason: string): void;
  /** Everything that waited is kept; so many entries are lost for good. */
  recovered(lost: number): void;
  /** What was found at the start that should not be. */
  found(about: {
    readonly missing: number;
    readonly tornBytes: number;
    readonly unsigned: number;
    readonly clean: boolean;
  }): void;
  /** A day came to this: to be kept elsewhere, so that nobody can cut off the end unseen. */
  closedDay(day: string, last: number, head: string): void;
}

/** What a chain is kept with. */
export interface ChainOptions {
  /** The chain's own folder. It exists, and nobody else writes there. */
  readonly folder: string;
  readonly chain: string;
  /** Days that are kept after the present one; null: all. Read at each turn of the day. */
  readonly retentionDays: () => number | null;
  readonly events: ChainEvents;
  /** Wall clock, milliseconds since the epoch. */
  readonly now?: () => number;
  readonly disk?: Disk;
}

/** How the trail stands, for the metrics. */
export interface ChainGauges {
  /** Records kept since the start. */
  readonly kept: number;
  /** Entries that wait for storage. */
  readonly waiting: number;
  /** Entries that were lost since the start. */
  readonly lost: number;
}

/**
 * The audit trail in files: each record names the hash of the one before, each day's last hash is signed. A record is with the
 * operating system when `record` returns, and on the disk within about a second.
 */
export class ChainWriter implements AuditSink {
  readonly #options: ChainOptions;
  readonly #now: () => number;
  readonly #key: SigningKey;
  readonly #waiting: { readonly at: number; readonly entry: ChainEntry }[] = [];
  #file: ChainFile | null = null;
  #day: string;
  #seq: number;
  #hash: string;
  #firstOfDay: number;
  #lastAt: number;
  #sealed: number;
  #kept = 0;
  #lost = 0;
  #lostUntold = 0;
  /** Since storage began to fail. */
  #lostNow = 0;
  #failing = false;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  /** @throws SigningKeyError, or what the file system says */
  constructor(options: ChainOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const end = resumeChain(options.folder);
    this.#key = signingKeyIn(options.folder);
    this.#seq = end.seq;
    this.#hash = end.hash;
    this.#firstOfDay = end.firstOfDay;
    this.#lastAt = end.at;
    this.#sealed = end.seq;
    this.#day = end.day ?? '';
    if (!end.clean || end.missing > 0 || end.unsigned > 0) options.events.found(end);
    // What a crash left unsigned is signed now.
    if (end.day !== null) this.#openDay(end.day);
    if (end.seq === 0) this.#keep({ event: 'chain_began', chain: options.chain, key: this.#key.publicKey });
    else if (end.key !== null && end.key !== this.#key.publicKey)
      this.#keep({ event: 'key_changed', key: this.#key.publicKey });
    const { clean, tornBytes, missing, unsigned } = end;
    this.#keep({ event: 'trail_opened', clean, tornBytes, missing, unsigned });
    this.#sealNow(false);
  }

  /** How the trail stands. */
  get gauges(): ChainGauges {
    return { kept: this.#kept, waiting: this.#waiting.length, lost: this.#lost };
  }

  /** Whether entries wait because storage fails. */
  get failing(): boolean {
    return this.#failing;
  }

  /** The public key by which heads are signed. */
  get publicKey(): string {
    return this.#key.publicKey;
  }

  record(entry: AuditEntry): void {
    if (!this.#closed) this.#keep(entry);
  }

  /** Writes what waits, signs, and lets go of the files. Idempotent. Never throws: at the end there is nobody to mend it. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#flush(MOST_WAITING);
    if (this.#waiting.length === 0) {
      this.#waiting.push({ at: this.#now(), entry: { event: 'trail_closed' } });
      this.#flush(AT_ONCE);
    }
    try {
      this.#sealNow(false);
      this.#file?.close();
      if (this.#waiting.length === 0) this.#recover();
    } catch (error) {
      this.#options.events.failing(reasonOf(error));
    }
    this.#file = null;
  }

  #keep(entry: ChainEntry): void {
    const at = this.#now();
    if (this.#waiting.length >= MOST_WAITING) {
      this.#lost += 1;
      this.#lostUntold += 1;
      return;
    }
    this.#waiting.push({ at, entry });
    // While storage fails, and until what waited is written, it is the timer that tries: not each of a thousand entries.
    if (!this.#failing) this.#flush(AT_ONCE);
    this.#wake(SEAL_AFTER_MS);
  }

  #flush(most: number): void {
    let written = 0;
    try {
      for (const { at, entry } of this.#waiting.slice(0, most)) {
        this.#write(at, entry);
        written += 1;
      }
      this.#waiting.splice(0, written);
      written = 0;
      if (this.#waiting.length > 0) return;
      if (this.#lostUntold > 0) {
        this.#write(this.#now(), { event: 'entries_lost', count: this.#lostUntold });
      }
    } catch (error) {
      this.#waiting.splice(0, written);
      this.#fail(error);
      return;
    }
    this.#lostNow += this.#lostUntold;
    this.#lostUntold = 0;
  }

  /** Everything that waited is kept and signed: the one may work where the other does not, as on a disk with room in its last block. */
  #recover(): void {
    if (!this.#failing) return;
    this.#failing = false;
    this.#options.events.recovered(this.#lostNow);
    this.#lostNow = 0;
  }

  #write(at: number, entry: ChainEntry): void {
    const backBy = this.#lastAt - at;
    if (backBy > CLOCK_NOISE_MS) this.#add(at, { event: 'clock_set_back', byMs: backBy });
    // Files follow each other whatever the clock does.
    const day = laterOf(dayOf(at), this.#day);
    if (day !== this.#day || this.#file === null) this.#turn(day);
    this.#add(Math.max(at, this.#lastAt), entry);
  }

  #add(at: number, entry: ChainEntry): void {
    if (this.#file === null) this.#openDay(laterOf(dayOf(at), this.#day));
    const line = lineOf(this.#seq + 1, new Date(at).toISOString(), this.#hash, entry);
    this.#file?.add(line);
    this.#seq += 1;
    this.#hash = hashOf(line);
    this.#lastAt = at;
    this.#kept += 1;
  }

  /** From now on another day's file. */
  #turn(day: string): void {
    const before = this.#day;
    const file = this.#file;
    if (file !== null && before !== day) {
      this.#sealNow(true);
      this.#file = null;
      file.close();
      this.#options.events.closedDay(before, this.#seq, this.#hash);
    }
    this.#openDay(day);
    if (before !== '' && before !== day) this.#forgetOldDays();
  }

  #openDay(day: string): void {
    this.#file = new ChainFile(dayPath(this.#options.folder, day), this.#options.disk ?? realDisk);
    if (day !== this.#day) this.#firstOfDay = this.#seq + 1;
    this.#day = day;
  }

  /** Deletes what the policy does not want kept. The record of it is written before. */
  #forgetOldDays(): void {
    const { folder } = this.#options;
    const keep = this.#options.retentionDays();
    if (keep === null) return;
    const oldest = dayOf(Date.parse(this.#day) - keep * DAY_MS);
    const old = daysIn(folder).filter((day) => day < oldest);
    const through = old.at(-1);
    if (through === undefined) return;
    const head = readHead(folder, through);
    // Without its head nobody could say later what was deleted; it stays until somebody has looked.
    if (head === null || head === 'unreadable') return;
    this.#add(this.#lastAt, { event: 'days_deleted', through, last: head.last, head: head.head });
    this.#sealNow(false);
    for (const day of [...old, ...headsIn(folder).filter((head) => head <= through)]) {
      rmSync(dayPath(folder, day), { force: true });
      rmSync(headPath(folder, day), { force: true });
    }
  }

  #fail(error: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    this.#options.events.failing(reasonOf(error));
  }

  #wake(afterMs: number): void {
    if (this.#timer || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#tend();
    }, afterMs).unref();
  }

  async #tend(): Promise<void> {
    const before = this.#waiting.length;
    if (before > 0) this.#flush(AT_ONCE);
    if (this.#waiting.length > 0) {
      this.#wake(this.#waiting.length < before ? 0 : SEAL_AFTER_MS);
      return;
    }
    const [file, seq, hash] = [this.#file, this.#seq, this.#hash];
    try {
      await file?.sync();
      // Signed is what is on the disk, and not what came meanwhile. A day that was closed meanwhile has its last head already.
      if (file === this.#file && !this.#closed) this.#seal(seq, hash, false);
      if (this.#waiting.length === 0 && !this.#closed) this.#recover();
    } catch (error) {
      if (!this.#closed) this.#fail(error);
    }
    if (this.#failing || this.#sealed < this.#seq) this.#wake(SEAL_AFTER_MS);
  }

  /** Signs what the present day came to so far. */
  #sealNow(closed: boolean): void {
    this.#seal(this.#seq, this.#hash, closed);
  }

  #seal(last: number, head: string, closed: boolean): void {
    if (last < this.#firstOfDay || (last <= this.#sealed && !closed)) return;
    const { folder, chain } = this.#options;
    writeHead(folder, signHead({ chain, day: this.#day, first: this.#firstOfDay, last, head, closed }, this.#key));
    this.#sealed = last;
  }
}

/** Days are compared as texts. */
function laterOf(one: string, other: string): string {
  return one > other ? one : other;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
