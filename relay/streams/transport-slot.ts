import { RelayError } from '../errors.ts';
import type { Fault } from '../measures/words.ts';
import type { TransportEvents, TransportLoss, TransportState } from '../media/media.ts';
import { SerialQueue } from './serial-queue.ts';

/** What a slot needs of a transport. */
interface Closable {
  readonly state: TransportState;
  close(): void;
}

/** What a slot is made with. */
export interface TransportSlotOptions extends TransportEvents {
  /** The refusal of what needs a transport, or was asked for before the transport was released. */
  readonly gone: () => RelayError;
  /** A fault of the path, or of the transport that was in place, is over: what is in place now is connected. */
  readonly onRecovered: (fault: Extract<Fault, 'network' | 'worker' | 'transport'>, ms: number) => void;
}

/**
 * A page's place for at most one transport. Negotiations are done one after the other; whatever was asked for before a
 * release is refused and brings no transport back; only the transport that is in place is heard of.
 */
export class TransportSlot<T extends Closable> {
  readonly #options: TransportSlotOptions;
  readonly #queue = new SerialQueue();
  #current: T | null = null;
  /** Since when the path, or the transport itself, is lost. */
  #fault: { readonly fault: 'network' | 'worker' | 'transport'; readonly since: number } | null = null;
  /** Raised by `release`. */
  #epoch = 0;
  #closed = false;

  constructor(options: TransportSlotOptions) {
    this.#options = options;
  }

  get current(): T | null {
    return this.#current;
  }

  /** `closed` without a transport. */
  get state(): TransportState {
    return this.#current?.state ?? 'closed';
  }

  /** @throws RelayError `gone`, also when the slot is released before or while the task runs */
  run<R>(task: () => Promise<R>): Promise<R> {
    const epoch = this.#epoch;
    return this.#queue.run(async () => {
      this.#check(epoch);
      const result = await task();
      this.#check(epoch);
      return result;
    });
  }

  /** @throws RelayError `gone` */
  need(): T {
    if (!this.#current) throw this.#options.gone();
    return this.#current;
  }

  /**
   * Makes a transport, negotiates with it, and puts it in the older one's place; until then the older one goes on. To be
   * called within `run`.
   * @returns what `negotiate` returned
   */
  async replace<R>(
    make: (events: TransportEvents) => Promise<T>,
    negotiate: (transport: T) => Promise<R> | R,
  ): Promise<R> {
    const epoch = this.#epoch;
    let lost = false;
    let adopted: T | null = null; // the events may come before the transport itself does
    const transport = await make({
      onState: (state) => {
        if (!adopted || this.#current !== adopted) return;
        this.#look(state);
        this.#options.onState(state);
      },
      onLost: (reason: TransportLoss) => {
        lost = true;
        if (!adopted || this.#current !== adopted) return;
        this.#current = null;
        this.#fault ??= { fault: reason === 'worker_died' ? 'worker' : 'transport', since: performance.now() };
        this.#options.onLost(reason);
      },
    });
    try {
      this.#check(epoch);
      const result = await negotiate(transport);
      this.#check(epoch);
      if (lost) throw new RelayError('media_unavailable', 'The media worker ended meanwhile. Try again.');
      const older = this.#current;
      this.#current = transport;
      adopted = transport;
      older?.close();
      this.#look(transport.state);
      return result;
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  /** Closes the transport, and cancels what is under way. Idempotent. */
  release(): void {
    this.#epoch += 1;
    const transport = this.#current;
    this.#current = null;
    this.#fault = null;
    transport?.close();
  }

  /** Releases, and refuses everything from now on. Idempotent. */
  close(): void {
    this.#closed = true;
    this.release();
  }

  #look(state: TransportState): void {
    if (state === 'disconnected') this.#fault ??= { fault: 'network', since: performance.now() };
    if (state !== 'connected' || !this.#fault) return;
    const { fault, since } = this.#fault;
    this.#fault = null;
    this.#options.onRecovered(fault, performance.now() - since);
  }

  #check(epoch: number): void {
    if (this.#closed || epoch !== this.#epoch) throw this.#options.gone();
  }
}
