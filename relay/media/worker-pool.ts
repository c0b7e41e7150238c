import type { Logger } from 'pino';
import type { MediaConfig } from '../config/shape.ts';
import { RelayError } from '../errors.ts';
import { type LoadWatch, UNMEASURED } from '../load/load-watch.ts';
import type { Measures } from '../measures/measures.ts';
import { AudioWorker } from './audio-worker.ts';
import { describeRefused, refusedBuffers, SOCKET_BUFFER_BYTES } from './socket-buffers.ts';

/** A worker that lived this long has proved that it can; the next death starts the back-off anew. */
const STABLE_MS = 30_000;
const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 10_000;

/** Loads that differ by less than this are the same: readings are never quite equal. */
const LOAD_STEP = 0.1;

interface Slot {
  readonly index: number;
  worker: AudioWorker | null;
  /** Ends the measuring of the worker. */
  unfollow: () => void;
  startedAt: number;
  /** Starts that failed or ended early in a row. */
  failures: number;
  timer: NodeJS.Timeout | null;
  /** A start under way, so that `close` can wait for it. */
  starting: Promise<void> | null;
}

/** The configured number of workers. One that dies is started again with back-off, while the others go on. */
export class WorkerPool {
  readonly #config: MediaConfig;
  readonly #logger: Logger;
  readonly #load: LoadWatch;
  readonly #measures: Measures;
  readonly #slots: Slot[];
  #closed = false;

  private constructor(config: MediaConfig, logger: Logger, load: LoadWatch, measures: Measures) {
    this.#measures = measures;
    this.#config = config;
    this.#logger = logger;
    this.#load = load;
    this.#slots = Array.from({ length: config.workers }, (_, index) => ({
      index,
      worker: null,
      unfollow: () => undefined,
      startedAt: 0,
      failures: 0,
      timer: null,
      starting: null,
    }));
  }

  /** Starts every worker, or none. @throws MediaStartError */
  static async create(config: MediaConfig, logger: Logger, load: LoadWatch, measures: Measures): Promise<WorkerPool> {
    const pool = new WorkerPool(config, logger, load, measures);
    const results = await Promise.allSettled(pool.#slots.map((slot) => pool.#start(slot)));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) {
      await pool.close();
      throw failure.reason;
    }
    const refused = refusedBuffers();
    if (refused.length > 0) logger.warn({ refused, wanted: SOCKET_BUFFER_BYTES }, describeRefused(refused));
    return pool;
  }

  /** The workers that run now. */
  get running(): AudioWorker[] {
    return this.#slots.flatMap(({ worker }) => (worker === null || worker.closed ? [] : [worker]));
  }

  /** The least busy worker, and among those that are equally busy the one with the fewest transports. @throws RelayError media_unavailable */
  leastBusy(): AudioWorker {
    const [first, ...others] = this.#closed ? [] : this.running;
    if (first === undefined) {
      throw new RelayError('media_unavailable', 'No media worker is running just now. Try again in a second.');
    }
    return others.reduce((best, worker) => (isBefore(worker, best) ? worker : best), first);
  }

  /** Ends every process, and the measuring; resolves when they are gone. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(
      this.#slots.map(async (slot) => {
        if (slot.timer !== null) clearTimeout(slot.timer);
        slot.timer = null;
        await slot.starting?.catch(() => undefined);
        const worker = slot.worker;
        slot.worker = null;
        slot.unfollow();
        await worker?.close();
      }),
    );
    this.#load.close();
  }

  #start(slot: Slot): Promise<void> {
    const starting = this.#startWorker(slot).finally(() => {
      slot.starting = null;
    });
    slot.starting = starting;
    return starting;
  }

  async #startWorker(slot: Slot): Promise<void> {
    const worker = await AudioWorker.start(slot.index, this.#config, this.#logger, (dead, error) =>
      this.#onDeath(slot, dead, error),
    );
    if (this.#closed) {
      await worker.close();
      return;
    }
    slot.worker = worker;
    const { room, end } = this.#load.follow(worker);
    worker.room = room;
    slot.unfollow = () => {
      worker.room = UNMEASURED;
      end();
    };
    slot.startedAt = performance.now();
    const port = this.#config.basePort === 0 ? 'any free' : this.#config.basePort + slot.index;
    this.#logger.info({ worker: slot.index, workerPid: worker.pid, port }, 'media worker started');
  }

  #onDeath(slot: Slot, worker: AudioWorker, error: Error): void {
    if (slot.worker !== worker) return;
    slot.worker = null;
    slot.unfollow();
    if (performance.now() - slot.startedAt >= STABLE_MS) slot.failures = 0;
    this.#measures.workerDied();
    this.#logger.error({ worker: slot.index, workerPid: worker.pid, err: error }, 'media worker died');
    this.#startLater(slot);
  }

  #startLater(slot: Slot): void {
    if (this.#closed) return;
    const delayMs = Math.min(FIRST_DELAY_MS * 2 ** slot.failures, MAX_DELAY_MS);
    slot.failures += 1;
    slot.timer = setTimeout(() => {
      slot.timer = null;
      this.#start(slot).catch((error: unknown) => {
        this.#logger.error({ worker: slot.index, err: error }, 'media worker could not be started again');
        this.#startLater(slot);
      });
    }, delayMs);
  }
}

function isBefore(one: AudioWorker, other: AudioWorker): boolean {
  const steps = ({ room }: AudioWorker) => Math.floor(room.expected / LOAD_STEP);
  return steps(one) < steps(other) || (steps(one) === steps(other) && one.load < other.load);
}
