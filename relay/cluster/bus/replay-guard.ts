/** What the guard says of a message. `gap`: it is good, but some before it are missing. `unmet`: it may be a recording. */
export type Verdict = 'good' | 'gap' | 'unmet' | 'replayed';

/** What is judged. */
export interface Passport {
  readonly from: string;
  readonly epoch: number;
  readonly channel: string;
  readonly seq: number;
  /** Of all the sender's messages, over all channels. */
  readonly count: number;
  /** It names this life of this node, so that it was made after this node's start. */
  readonly addressed: boolean;
}

interface Sender {
  readonly epoch: number;
  /** Channel -> the last number, and whether the next one must follow it. */
  readonly channels: Map<string, { seq: number; follows: boolean }>;
  /** What was sealed before this was sealed before we met. Null: not met. */
  metAt: number | null;
}

/** Nodes that are remembered: far more than a cluster has. */
const MAX_SENDERS = 10_000;

/**
 * Tells what is new from what is a recording of it. Within a life of a node, numbers rise in each channel, and lives follow each
 * other. Of a node that nothing is known of yet, every recording looks new: so nothing counts before it has said something to
 * this life of this node, and nothing that it sealed before that.
 */
export class ReplayGuard {
  readonly #senders = new Map<string, Sender>();

  judge(message: Passport): Verdict {
    const known = this.#senders.get(message.from);
    if (known && message.epoch < known.epoch) return 'replayed';
    const sender = known?.epoch === message.epoch ? known : this.#newLife(message.from, message.epoch);
    const last = sender.channels.get(message.channel);
    if (last && message.seq <= last.seq) return 'replayed';
    if (sender.metAt !== null && message.count < sender.metAt) return 'replayed';
    if (sender.metAt === null) {
      if (!message.addressed) return 'unmet';
      sender.metAt = message.count;
    }
    sender.channels.set(message.channel, { seq: message.seq, follows: true });
    return last?.follows && message.seq > last.seq + 1 ? 'gap' : 'good';
  }

  /** The channel was not listened to: its next message may follow any. */
  resume(channel: string): void {
    for (const { channels } of this.#senders.values()) {
      const last = channels.get(channel);
      if (last) last.follows = false;
    }
  }

  #newLife(from: string, epoch: number): Sender {
    const sender: Sender = { epoch, channels: new Map(), metAt: null };
    this.#senders.delete(from);
    this.#senders.set(from, sender);
    const oldest = this.#senders.keys().next().value;
    if (this.#senders.size > MAX_SENDERS && oldest !== undefined) this.#senders.delete(oldest);
    return sender;
  }
}
