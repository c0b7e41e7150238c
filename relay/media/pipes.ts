import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import type { ProducerSource } from './audio-source.ts';
import type { AudioWorker } from './audio-worker.ts';
import { type PipeLink, PipeLinks } from './pipe-links.ts';

/** The right to consume a source on some worker's router, until released. */
export interface PipeLease {
  /** The producer to consume there: the source's own, or its copy. */
  readonly producerId: string;
  /** Idempotent. The copy closes with its last lease. */
  release(): void;
}

/**
 * Brings sources to listeners whose transport lives on another worker. All listeners of a source on one worker share one copy;
 * all copies between two workers share one pair of transports; both close with their last user.
 */
export class Pipes {
  readonly #links = new PipeLinks();
  readonly #pipes = new Map<string, Pipe>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Copies that exist or are being made. */
  get count(): number {
    return this.#pipes.size;
  }

  /** Makes `source` available on `to`. Rejects when either side goes away meanwhile. */
  async acquire(source: ProducerSource, to: AudioWorker): Promise<PipeLease> {
    if (source.worker === to) return { producerId: source.id, release: () => undefined };
    const key = `${source.id} ${to.router.id}`;
    let pipe = this.#pipes.get(key);
    if (pipe === undefined) {
      pipe = new Pipe(source, to, this.#links, this.#logger, (closed) => {
        if (this.#pipes.get(key) === closed) this.#pipes.delete(key);
      });
      this.#pipes.set(key, pipe);
    }
    return pipe.lease();
  }
}

/** One source's copy on another worker. */
class Pipe {
  readonly #logger: Logger;
  readonly #onClosed: (pipe: Pipe) => void;
  readonly #producer: Promise<types.Producer>;
  /** What to undo at close, newest last. */
  readonly #undo: (() => void)[] = [];
  #leases = 0;
  #closed = false;

  constructor(
    source: ProducerSource,
    to: AudioWorker,
    links: PipeLinks,
    logger: Logger,
    onClosed: (pipe: Pipe) => void,
  ) {
    this.#logger = logger.child({ producer: source.id, from: source.worker.index, to: to.index });
    this.#onClosed = onClosed;
    this.#producer = this.#open(source, to, links);
  }

  async lease(): Promise<PipeLease> {
    this.#leases += 1;
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      this.#leases -= 1;
      if (this.#leases === 0) this.#close('unused');
    };
    try {
      const producer = await this.#producer;
      this.#assertOpen();
      return { producerId: producer.id, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  async #open(source: ProducerSource, to: AudioWorker, links: PipeLinks): Promise<types.Producer> {
    try {
      const link: PipeLink = await links.acquire(source.worker, to);
      this.#undoLater(() => link.release());
      const consumer = await link.near.consume({ producerId: source.id });
      this.#undoLater(() => consumer.close());
      consumer.on('producerclose', () => this.#close('source ended'));
      consumer.on('transportclose', () => this.#close('link closed'));
      const producer = await link.far.produce({ kind: 'audio', rtpParameters: consumer.rtpParameters });
      this.#undoLater(() => producer.close());
      producer.on('transportclose', () => this.#close('link closed'));
      this.#logger.info('pipe made');
      return producer;
    } catch (error) {
      this.#close('failed');
      throw error;
    }
  }

  /** Remembers how to undo a step; when the pipe closed while the step was under way, undoes it and gives up. */
  #undoLater(undo: () => void): void {
    if (this.#closed) undo();
    else this.#undo.push(undo);
    this.#assertOpen();
  }

  #assertOpen(): void {
    if (this.#closed) throw new Error('The pipe between two workers closed.');
  }

  #close(why: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClosed(this);
    for (const undo of this.#undo.splice(0).reverse()) undo();
    this.#logger.info({ why }, 'pipe closed');
  }
}
