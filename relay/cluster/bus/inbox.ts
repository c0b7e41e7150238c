import { kinds, type NodeRef } from '../bus-protocol.ts';
import type { BusRefusal } from './cluster-bus.ts';
import { type Envelope, envelope, MAX_MESSAGE_BYTES } from './envelope.ts';
import { ReplayGuard } from './replay-guard.ts';
import type { Sealer } from './sealer.ts';

/** A message that was taken. */
export interface Accepted {
  readonly from: NodeRef;
  readonly message: Envelope;
  /** This node sent it. */
  readonly own: boolean;
  /** Others of the same sender and channel, before it, are missing. */
  readonly gap: boolean;
}

/** Of a node that was not met, this kind alone is taken: it tells that there may be somebody to meet. */
const HINT = 'hello';

/** Where everything that comes in is opened, read and judged, once. */
export class Inbox {
  readonly #self: NodeRef;
  readonly #sealer: Sealer;
  readonly #guard = new ReplayGuard();

  constructor(self: NodeRef, sealer: Sealer) {
    this.#self = self;
    this.#sealer = sealer;
  }

  /** @param direct the channel is this node's own */
  take(channel: string, direct: boolean, sealed: string): Accepted | BusRefusal {
    if (sealed.length > MAX_MESSAGE_BYTES) return 'oversized';
    const opened = this.#sealer.open(channel, sealed);
    if (typeof opened === 'string') return opened;
    const message = read(opened.text);
    if (message === null) return 'malformed';
    const own = message.from === this.#self.id;
    if (own && message.epoch !== this.#self.epoch) return 'foreign';
    if (direct && (message.to !== this.#self.id || message.toEpoch !== this.#self.epoch)) return 'late';
    if (!direct && (message.to !== undefined || message.toEpoch !== undefined)) return 'malformed';
    const { from, epoch, seq } = message;
    const verdict = this.#guard.judge({ from, epoch, channel, seq, count: opened.count, addressed: direct || own });
    if (verdict === 'replayed') return 'replayed';
    if (verdict === 'unmet' && message.kind !== HINT) return 'unmet';
    if (!Object.hasOwn(kinds, message.kind)) return 'unknown';
    return { from: { id: from, epoch }, message, own, gap: verdict === 'gap' };
  }

  /** The channel was not listened to: no gap is told when its next message follows none. */
  resume(channel: string): void {
    this.#guard.resume(channel);
  }
}

function read(text: string): Envelope | null {
  try {
    return envelope.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
