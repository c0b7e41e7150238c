import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import { Steps } from './steps.ts';

/** The right to consume a source on some worker's router, until released. */
export interface PipeLease {
  /**
   * Id of the producer to consume there: the source's own, or its copy's. Rejects when it cannot be made, ends meanwhile, or the
   * lease is released before.
   */
  readonly producerId: Promise<string>;
  /** Idempotent; at once, also while the copy is being made. The copy closes with its last lease. */
  release(): void;
}

interface User {
  readonly onEnd: () => void;
}

/** A source's copy on a worker where it does not live, shared by its listeners there. It closes with the last of them. */
export class SharedCopy {
  /** What making it took, undone when it closes. */
  readonly steps = new Steps();
  readonly #logger: Logger;
  readonly #onClosed: (copy: SharedCopy) => void;
  readonly #users = new Set<User>();
  readonly #closed = Promise.withResolvers<never>();
  readonly #producer: Promise<types.Producer>;

  /**
   * @param make makes the copy and notes its steps; it never finishes before the constructor
   * @param onClosed called once, before anybody else hears of the end
   */
  constructor(
    make: (copy: SharedCopy) => Promise<types.Producer>,
    logger: Logger,
    onClosed: (copy: SharedCopy) => void,
  ) {
    this.#logger = logger;
    this.#onClosed = onClosed;
    // Who holds a lease hears of it there; nobody need hold one.
    this.#closed.promise.catch(() => undefined);
    this.#producer = this.#make(make);
    this.#producer.catch(() => undefined);
  }

  /** @param onEnd called at once when the copy ends by itself, and never after the release */
  lease(onEnd: () => void): PipeLease {
    const user: User = { onEnd };
    this.#users.add(user);
    const released = Promise.withResolvers<never>();
    // Whoever closes the copy or gives the lease back waits no longer, however long its making may still take.
    const producer = Promise.race([this.#producer, this.#closed.promise, released.promise]);
    const producerId = producer.then(({ id }) => {
      this.steps.assertGoing();
      return id;
    });
    producerId.catch(() => undefined);
    const release = (): void => {
      released.reject(new Error('The copy of the source is not needed any more.'));
      if (this.#users.delete(user) && this.#users.size === 0) this.close('unused');
    };
    return { producerId, release };
  }

  /** Idempotent. @param why for the log @param error what those are told who wait for it */
  close(why: string, error: unknown = new Error(`The copy of the source ended: ${why}.`)): void {
    if (this.steps.over) return;
    this.#onClosed(this);
    this.steps.undo();
    this.#closed.reject(error);
    this.#logger.info({ why }, 'pipe closed');
    const users = [...this.#users];
    this.#users.clear();
    for (const { onEnd } of users) onEnd();
  }

  async #make(make: (copy: SharedCopy) => Promise<types.Producer>): Promise<types.Producer> {
    try {
      const producer = await make(this);
      this.steps.assertGoing();
      this.#logger.info('pipe made');
      return producer;
    } catch (error) {
      this.close('failed', error);
      throw error;
    }
  }
}
