import { BusyShare } from './busy-share.ts';
import { EventLoop } from './event-loop.ts';
import { type ProcessorTime, processorTimeOf } from './processor-time.ts';
import { BOUNDLESS, type Room } from './room.ts';
import { Saturation } from './saturation.ts';

const READ_EVERY_MS = 1_000;

/** A media worker, as far as its load goes. */
export interface LoadedWorker {
  readonly index: number;
  readonly pid: number;
  /** Transports on it. */
  readonly load: number;
  /** What the process says of itself, for systems that do not: milliseconds since it began. May reject. */
  usedMs(): Promise<number>;
}

/** One worker's load, and its room. */
export interface WorkerRoom extends Room {
  /** Of the processor time that it could have had lately, the share that it used. */
  readonly ratio: number;
  /** The same, with those who were let in just now. */
  readonly expected: number;
}

interface Watched {
  readonly worker: LoadedWorker;
  readonly share: BusyShare;
  readonly saturation: Saturation;
  readonly room: WorkerRoom;
  reading: boolean;
}

/** Of a worker that is not followed (any more): if it has ended, that is what its users are told, and not that it is full. */
export const UNMEASURED: WorkerRoom = { ratio: 0, expected: 0, ...BOUNDLESS };

/** What the load of this relay is measured with. */
export interface LoadWatchOptions {
  /** The load from which on nobody new is let in, from 0 to 1; 0: whatever it is. */
  readonly limit: number;
  /** Milliseconds on a clock that never jumps. */
  readonly now?: () => number;
  readonly readTime?: (pid: number) => ProcessorTime | null;
  readonly eventLoop?: Pick<EventLoop, 'ratio' | 'lagSeconds' | 'look' | 'close'>;
}

/** Looks once a second how busy the relay's own process and its media workers are. */
export class LoadWatch {
  readonly #limit: number;
  readonly #now: () => number;
  readonly #readTime: (pid: number) => ProcessorTime | null;
  readonly #eventLoop: Pick<EventLoop, 'ratio' | 'lagSeconds' | 'look' | 'close'>;
  /** The process of the relay itself. Its newcomers cost it little once they are in. */
  readonly #process: Saturation;
  readonly #watched = new Set<Watched>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: LoadWatchOptions) {
    this.#limit = options.limit;
    this.#now = options.now ?? (() => performance.now());
    this.#readTime = options.readTime ?? processorTimeOf;
    this.#eventLoop = options.eventLoop ?? new EventLoop();
    this.#process = new Saturation(options.limit, this.#now);
    this.#timer = setInterval(() => this.look(), READ_EVERY_MS).unref();
  }

  /** Follows a worker from now on. @returns its room, and how to end that */
  follow(worker: LoadedWorker): { readonly room: WorkerRoom; readonly end: () => void } {
    const share = new BusyShare();
    const saturation = new Saturation(this.#limit, this.#now);
    const process = this.#process;
    const room: WorkerRoom = {
      get ratio() {
        return saturation.ratio;
      },
      get expected() {
        return saturation.expected;
      },
      get spare() {
        return process.spare && saturation.spare;
      },
      take: () => !process.full && saturation.take(),
    };
    const watched: Watched = { worker, share, saturation, room, reading: false };
    this.#watched.add(watched);
    this.#read(watched);
    return { room, end: () => void this.#watched.delete(watched) };
  }

  /** How busy each worker is, by its number. */
  workers(): { readonly index: number; readonly ratio: number }[] {
    return [...this.#watched].map(({ worker: { index }, saturation: { ratio } }) => ({ index, ratio }));
  }

  /** The longest delay of the event loop in the last fifteen seconds, in seconds. */
  get eventLoopLagSeconds(): number {
    return this.#eventLoop.lagSeconds;
  }

  /** How full this relay is for somebody new, from 0 to 1: its own process, or the worker that has most room. 1 without workers. */
  load(): number {
    const workers = [...this.#watched].map(({ saturation }) => saturation.expected);
    return Math.min(1, Math.max(this.#process.ratio, Math.min(...workers, 1)));
  }

  /** Reads everything anew. Called by itself once a second. */
  look(): void {
    this.#eventLoop.look();
    this.#process.measured(this.#eventLoop.ratio, 0);
    for (const watched of this.#watched) this.#read(watched);
  }

  /** Idempotent. */
  close(): void {
    clearInterval(this.#timer);
    this.#eventLoop.close();
    this.#watched.clear();
  }

  #read(watched: Watched): void {
    const { worker } = watched;
    const time = this.#readTime(worker.pid);
    if (time) this.#note(watched, time);
    else if (!watched.reading) {
      watched.reading = true;
      worker
        .usedMs()
        .then(
          (usedMs) => this.#note(watched, { usedMs, waitedMs: 0 }),
          () => undefined, // it has just ended
        )
        .finally(() => {
          watched.reading = false;
        });
    }
  }

  #note({ worker, share, saturation }: Watched, time: ProcessorTime): void {
    share.add(this.#now(), time);
    saturation.measured(share.ratio, worker.load);
  }
}
