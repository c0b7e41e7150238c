/** What the receiver of one direction's packets says of them, and how many there were. */
export interface QualitySample {
  /** Names what was measured: of another consumer or producer the counts begin anew. */
  readonly of: string;
  readonly packets: number;
  /** Of the packets that were sent between the last two reports, the part that was lost (RFC 3550, 6.4.1), from 0 to 1. */
  readonly loss: number;
  /** Interarrival jitter (RFC 3550, 6.4.1). */
  readonly jitterMs: number;
  /** Null until it is known; mediasoup learns it only for what it sends. */
  readonly roundTripMs: number | null;
}

/** A media connection whose quality is looked at. */
export interface Measured {
  /** Null while it carries nothing, or is not connected. */
  sample(): Promise<QualitySample | null>;
  /** Two looks, and no packet between them. */
  silent: boolean;
}

/** Figures of all connections of one direction, in no order; nobody can be told by them. */
export interface QualityFigures {
  readonly loss: readonly number[];
  readonly jitterMs: readonly number[];
  readonly roundTripMs: readonly number[];
}

const LOOK_EVERY_MS = 1_000;
/** Each connection is looked at once in so many looks. */
const ROUND = 10;
/** No more at once: they are requests to the workers, which have audio to carry. With thousands a round takes longer. */
const MOST_AT_ONCE = 200;

/** Looks at loss, jitter and round trip of every media connection in turn, each about every ten seconds. */
export class QualityWatch {
  /** Those that were looked at last stand last. */
  readonly #last = new Map<Measured, QualitySample | null>();
  /** Of those that carried packets between their last two looks. */
  readonly #figures = new Map<Measured, QualitySample>();
  readonly #timer: NodeJS.Timeout;
  #looking = false;

  constructor() {
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  /** @returns ends it */
  follow(measured: Measured): () => void {
    this.#last.set(measured, null);
    return () => {
      this.#last.delete(measured);
      this.#figures.delete(measured);
    };
  }

  figures(of: (measured: Measured) => boolean): QualityFigures {
    const samples = [...this.#figures].flatMap(([measured, sample]) => (of(measured) ? [sample] : []));
    return {
      loss: samples.map(({ loss }) => loss),
      jitterMs: samples.map(({ jitterMs }) => jitterMs),
      roundTripMs: samples.flatMap(({ roundTripMs }) => roundTripMs ?? []),
    };
  }

  /** Looks at a tenth of them. Called by itself once a second. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const count = Math.min(Math.ceil(this.#last.size / ROUND), MOST_AT_ONCE);
      const next = [...this.#last.keys()].slice(0, count);
      await Promise.all(next.map((measured) => this.#read(measured)));
    } finally {
      this.#looking = false;
    }
  }

  /** Idempotent. */
  close(): void {
    clearInterval(this.#timer);
    this.#last.clear();
    this.#figures.clear();
  }

  async #read(measured: Measured): Promise<void> {
    // What ended meanwhile has nothing more to say.
    const sample = await measured.sample().catch(() => null);
    const before = this.#last.get(measured);
    if (before === undefined) return;
    this.#last.delete(measured);
    this.#last.set(measured, sample);
    const comparable = sample !== null && before?.of === sample.of;
    measured.silent = comparable && sample.packets === before.packets;
    if (comparable && !measured.silent) this.#figures.set(measured, sample);
    else this.#figures.delete(measured);
  }
}
