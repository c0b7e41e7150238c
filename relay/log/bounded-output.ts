import type { Writable } from 'node:stream';
import { logLine } from './log-line.ts';

/** Text that may wait for a slow reader or disk, in characters, which are nearly bytes. */
const ROOM = 1024 * 1024;

/** The same for lines that matter more than others: these still have room when the others have none. */
const ROOM_FOR_AUDIT = 2 * ROOM;

/** Why lines are being lost; `reason` where the output has failed. */
export interface Trouble {
  readonly reason: string | null;
}

/** What an output writes to, and how it goes on when that fails. */
export interface BoundedOutputParts {
  /** Opens what is written to; never throws, failures come as its event `error`. */
  readonly open: () => Writable;
  /** Milliseconds after a failure until it is opened anew; null: never. */
  readonly reopenAfterMs: number | null;
  /** Called when the first of several lines is lost. */
  readonly onTrouble: (trouble: Trouble) => void;
}

/**
 * Takes lines and never waits: what cannot be written now is kept, up to a bound, and beyond it lost, counted, and told in a line
 * of its own as soon as there is room.
 */
export class BoundedOutput {
  readonly #parts: BoundedOutputParts;
  #stream: Writable;
  /** When it failed, by `performance.now()`; null while it works. */
  #failedAt: number | null = null;
  #dropped = 0;
  /** Lost since a line was last said about it. */
  #untold = 0;

  constructor(parts: BoundedOutputParts) {
    this.#parts = parts;
    this.#stream = this.#open();
  }

  /** Lines lost since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** @param audit whether the line is of the audit trail, for which room is kept free */
  write(line: string, audit = false): void {
    if (this.#works() && this.#makeRoom(line, audit)) this.#send(line);
    else this.#lose(null);
  }

  /** Whether the line has room; says first what was lost, once it has. */
  #makeRoom(line: string, audit: boolean): boolean {
    const waiting = this.#stream.writableLength;
    const room = audit ? ROOM_FOR_AUDIT : ROOM;
    // Once full, half of it must be free again: else each line that fits would be followed by one that does not.
    const limit = this.#untold > 0 && !audit ? room / 2 : room;
    if (waiting + line.length > limit) return false;
    if (this.#untold > 0 && waiting < ROOM / 2) this.#tell();
    return true;
  }

  /** Lines from now on go to what is opened now; those before it still to what was open. Also in the midst of a failure. */
  reopen(): void {
    const before = this.#stream;
    this.#failedAt = null;
    this.#stream = this.#open();
    before.end();
  }

  /** Resolves when everything is written that could be, or the time is over. */
  async written(withinMs: number): Promise<void> {
    if (this.#failedAt !== null || this.#stream.writableLength === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#stream.write('', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #open(): Writable {
    const stream = this.#parts.open();
    stream.on('error', (error) => {
      if (stream !== this.#stream || this.#failedAt !== null) return;
      this.#failedAt = performance.now();
      this.#parts.onTrouble({ reason: error.message });
    });
    return stream;
  }

  /** Opens it anew where it is time. */
  #works(): boolean {
    if (this.#failedAt === null) return true;
    const { reopenAfterMs } = this.#parts;
    if (reopenAfterMs === null || performance.now() - this.#failedAt < reopenAfterMs) return false;
    this.#failedAt = null;
    this.#stream = this.#open();
    return true;
  }

  #send(line: string): void {
    const stream = this.#stream;
    // Lines that wait while it fails are lost as well.
    stream.write(line, (error) => error && this.#lose(error));
  }

  #lose(error: Error | null): void {
    this.#dropped += 1;
    this.#untold += 1;
    // A failure is told by the event that comes with it.
    if (this.#untold === 1 && error === null && this.#failedAt === null) this.#parts.onTrouble({ reason: null });
  }

  #tell(): void {
    const dropped = this.#untold;
    this.#untold = 0;
    this.#send(logLine('warn', { dropped }, 'lines are missing here: this output could not take them'));
  }
}
