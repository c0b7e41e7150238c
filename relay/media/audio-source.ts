import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import type { AudioWorker } from './audio-worker.ts';
import type { AudioSource } from './media.ts';

/** An audio source that is a mediasoup producer. */
export class ProducerSource implements AudioSource {
  readonly producer: types.Producer;
  /** The worker whose router has the producer. */
  readonly worker: AudioWorker;
  readonly #logger: Logger;
  readonly #onClosed: () => void;
  /** What was asked last; the producer follows a moment later. */
  #paused = false;
  #closed = false;

  /** @param onClosed called once, however the source ends */
  constructor(producer: types.Producer, worker: AudioWorker, logger: Logger, onClosed: () => void) {
    this.producer = producer;
    this.worker = worker;
    this.#logger = logger;
    this.#onClosed = onClosed;
    // Also fires when the worker died: the transport closes with its router.
    producer.on('transportclose', () => this.close());
  }

  get id(): string {
    return this.producer.id;
  }

  get closed(): boolean {
    return this.#closed || this.producer.closed;
  }

  get paused(): boolean {
    return this.#paused;
  }

  async pause(): Promise<void> {
    await this.#setPaused(true, () => this.producer.pause());
  }

  async resume(): Promise<void> {
    await this.#setPaused(false, () => this.producer.resume());
  }

  /** Called at once when it closes, however that comes. @returns forgets it */
  whenClosed(tell: () => void): () => void {
    this.producer.observer.once('close', tell);
    return () => this.producer.observer.off('close', tell);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.producer.close();
    this.#logger.info({ producer: this.id }, 'producer closed');
    this.#onClosed();
  }

  /** Requests reach the worker in the order they were made, so the last one asked for wins. */
  async #setPaused(paused: boolean, apply: () => Promise<void>): Promise<void> {
    if (this.closed || this.#paused === paused) return;
    this.#paused = paused;
    try {
      await apply();
      this.#logger.info({ producer: this.id }, paused ? 'producer paused' : 'producer resumed');
    } catch (error) {
      if (this.closed) return;
      // What was asked did not come about; asking again must try again.
      if (this.#paused === paused) this.#paused = !paused;
      throw error;
    }
  }
}
