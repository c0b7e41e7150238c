import type { Timer, TimerSet } from '../../streams/timers.ts';
import type { NodeRef } from '../bus-protocol.ts';
import { ClusterError } from '../cluster-error.ts';

interface Pending {
  readonly to: NodeRef;
  readonly kind: string;
  readonly settle: (end: 'answered' | ClusterError, body?: unknown) => void;
  readonly timer: Timer;
}

/** Requests of this node that wait for their answer. Each ends exactly once. */
export class PendingRequests {
  readonly #timers: TimerSet;
  readonly #pending = new Map<string, Pending>();
  readonly #ends = { answered: 0, bus_timeout: 0, bus_refused: 0, bus_down: 0 };
  #last = 0;

  constructor(timers: TimerSet) {
    this.#timers = timers;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** How they ended. */
  get ends(): Readonly<Record<'answered' | 'bus_timeout' | 'bus_refused' | 'bus_down', number>> {
    return { ...this.#ends };
  }

  /** Waits for the answer of that node to what `id` stands for. @throws ClusterError */
  wait(to: NodeRef, kind: string, deadlineMs: number): { readonly id: string; readonly answer: Promise<unknown> } {
    this.#last += 1;
    const id = this.#last.toString(36);
    const answer = new Promise<unknown>((resolve, reject) => {
      const timer = this.#timers.after(deadlineMs, () =>
        this.fail(id, new ClusterError('bus_timeout', `${to.id} did not answer ${kind} within ${deadlineMs} ms`)),
      );
      const settle: Pending['settle'] = (end, body) => {
        timer.cancel();
        this.#pending.delete(id);
        if (end === 'answered') {
          this.#ends.answered += 1;
          resolve(body);
        } else {
          if (end.code !== 'node_id_taken') this.#ends[end.code] += 1;
          reject(end);
        }
      };
      this.#pending.set(id, { to, kind, settle, timer });
    });
    return { id, answer };
  }

  /** The request that this may be the answer to: of the same kind, from the node that was asked. */
  has(id: string, from: NodeRef, kind: string): boolean {
    const pending = this.#pending.get(id);
    return pending?.kind === kind && pending.to.id === from.id && pending.to.epoch === from.epoch;
  }

  /** The answer is there. Without effect when the request has ended. */
  answered(id: string, body: unknown): void {
    this.#pending.get(id)?.settle('answered', body);
  }

  /** It ends without a result. Without effect when the request has ended. */
  fail(id: string, error: ClusterError): void {
    this.#pending.get(id)?.settle(error);
  }

  /** None will be answered any more. */
  close(): void {
    for (const { settle } of [...this.#pending.values()]) {
      settle(new ClusterError('bus_down', 'the bus was closed'));
    }
  }
}
