import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import { ProducerSource } from './audio-source.ts';
import type { AudioWorker } from './audio-worker.ts';
import { PipeLinks } from './pipe-links.ts';
import type { RemoteSource } from './remote-source.ts';
import { type PipeLease, SharedCopy } from './shared-copy.ts';

/** What the listen transports of this media can hear. */
export type Hearable = ProducerSource | RemoteSource;

/**
 * Brings sources to listeners whose transport lives on another worker. All listeners of a source on one worker share one copy;
 * all copies between two workers share one pair of transports; both close with their last user.
 */
export class Pipes {
  readonly #links = new PipeLinks();
  readonly #copies = new Map<string, SharedCopy>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Copies of this relay's own sources that exist or are being made. */
  get count(): number {
    return this.#copies.size;
  }

  /** Makes `source` available on `to`. @param onEnd the copy ended by itself before it was released */
  acquire(source: Hearable, to: AudioWorker, onEnd: () => void): PipeLease {
    if (!(source instanceof ProducerSource)) return source.lease(to, onEnd);
    if (source.worker === to) return { producerId: Promise.resolve(source.id), release: () => undefined };
    const key = `${source.id} ${to.router.id}`;
    let copy = this.#copies.get(key);
    if (copy === undefined) {
      const logger = this.#logger.child({ producer: source.id, from: source.worker.index, to: to.index });
      copy = new SharedCopy(
        (made) => this.#make(made, source, to),
        logger,
        (closed) => {
          if (this.#copies.get(key) === closed) this.#copies.delete(key);
        },
      );
      this.#copies.set(key, copy);
    }
    return copy.lease(onEnd);
  }

  async #make(copy: SharedCopy, source: ProducerSource, to: AudioWorker): Promise<types.Producer> {
    const link = await this.#links.acquire(source.worker, to);
    copy.steps.done(() => link.release());
    const consumer = await link.near.consume({ producerId: source.id });
    copy.steps.done(() => consumer.close());
    consumer.on('producerclose', () => copy.close('source ended'));
    consumer.on('transportclose', () => copy.close('link closed'));
    const producer = await link.far.produce({ kind: 'audio', rtpParameters: consumer.rtpParameters });
    copy.steps.done(() => producer.close());
    producer.on('transportclose', () => copy.close('link closed'));
    return producer;
  }
}
