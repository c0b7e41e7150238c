import type { NodeRef } from '../bus-protocol.ts';
import { type Envelope, MAX_MESSAGE_BYTES } from './envelope.ts';
import type { Sealer } from './sealer.ts';
import type { BusTransport } from './transport.ts';

/** What is said, without who says it to whom. */
export type Content = Pick<Envelope, 'kind' | 'body'> & Partial<Pick<Envelope, 'id' | 're' | 'refusal'>>;

/** What becomes of a message: the server took it; it did not, or nobody knows; it was too long to be sent at all. */
export type Sending = Promise<boolean> | 'too_long';

/**
 * Numbers, seals and sends this node's messages. Where one was lost, the receivers would not know before the next one in the same
 * channel, which may never come: so it says something there (`beat`) as soon as the server takes messages again.
 */
export class Outbox {
  readonly #self: NodeRef;
  readonly #sealer: Sealer;
  readonly #transport: BusTransport;
  /** Channel -> the number of the last message there. */
  readonly #sent = new Map<string, number>();
  /** Channels in which a message was lost and nothing has been said since, with the node that they are of. */
  readonly #owed = new Map<string, NodeRef | null>();

  constructor(self: NodeRef, sealer: Sealer, transport: BusTransport) {
    this.#self = self;
    this.#sealer = sealer;
    this.#transport = transport;
  }

  /** @param to null: for all who follow the channel */
  send(channel: string, to: NodeRef | null, content: Content): Sending {
    const seq = (this.#sent.get(channel) ?? 0) + 1;
    const whole: Envelope = {
      from: this.#self.id,
      epoch: this.#self.epoch,
      ...(to && { to: to.id, toEpoch: to.epoch }),
      seq,
      ...content,
    };
    const sealed = this.#sealer.seal(channel, JSON.stringify(whole));
    if (sealed.length > MAX_MESSAGE_BYTES) return 'too_long';
    this.#sent.set(channel, seq);
    return this.#carry(channel, to, sealed);
  }

  /** The server takes messages again. */
  settleDebts(): void {
    const owed = [...this.#owed];
    this.#owed.clear();
    for (const [channel, to] of owed) this.send(channel, to, { kind: 'beat', body: {} });
  }

  async #carry(channel: string, to: NodeRef | null, sealed: string): Promise<boolean> {
    const taken = await this.#transport.publish(channel, sealed);
    if (!taken) this.#owed.set(channel, to);
    else if (this.#owed.size > 0) this.settleDebts();
    return taken;
  }
}
