import type { BusTransport, TransportCounts } from './transport.ts';

/** How long a transport waits for a server that says nothing before it calls a message failed, in milliseconds. */
const PATIENCE_MS = 1_500;

interface Subscription {
  readonly channel: string;
  readonly handler: (text: string) => void;
  readonly standing: (() => void) | undefined;
}

/** One message on its way to one node. */
export interface Delivery {
  readonly from: string;
  readonly to: string;
  readonly channel: string;
  readonly text: string;
}

/**
 * A message server in this process, for tests: several nodes share one. It can do what real ones do: be slow, late, out of
 * order, lose messages, lose a node, freeze, restart.
 */
export class MemoryHub {
  readonly #members = new Set<MemoryTransport>();
  readonly #taps = new Set<(channel: string, text: string) => void>();
  #frozen: (() => void)[] | null = null;
  /** How long a delivery takes, in milliseconds; 0: at once. One that varies brings messages out of order. */
  delay: (delivery: Delivery) => number = () => 0;
  /** True: this delivery is lost. */
  drop: (delivery: Delivery) => boolean = () => false;

  /** A node's connection. `name` is for `cutOff`, `delay` and `drop`. */
  connect(name: string): MemoryTransport {
    const member = new MemoryTransport(this, name, (gone) => this.#members.delete(gone));
    this.#members.add(member);
    return member;
  }

  /** The node neither sends nor receives, and knows it, as when its cable is pulled. */
  cutOff(name: string): void {
    for (const member of this.#named(name)) member.disconnected(true);
  }

  /** Ends `cutOff`. */
  heal(name: string): void {
    for (const member of this.#named(name)) member.disconnected(false);
  }

  /** As SIGSTOP does to a server: connections stay, nothing moves, publishing fails after 1.5 s. */
  freeze(): void {
    this.#frozen ??= [];
  }

  /** As SIGCONT: all that was published meanwhile comes late, in order, also what was reported as failed. */
  thaw(): void {
    const waiting = this.#frozen ?? [];
    this.#frozen = null;
    for (const go of waiting) go();
  }

  /** The server is gone, and every connection with it. */
  stop(): void {
    this.#frozen = null;
    for (const member of this.#members) member.disconnected(true);
  }

  /** It is back, and knows nothing. */
  restart(): void {
    for (const member of this.#members) member.disconnected(false);
  }

  /** Somebody who may read the server. Returns how to stop. */
  tap(listener: (channel: string, text: string) => void): () => void {
    this.#taps.add(listener);
    return () => this.#taps.delete(listener);
  }

  /** Somebody who may write to the server. */
  inject(channel: string, text: string): void {
    for (const member of this.#members) this.#send(member, { from: '', to: member.name, channel, text });
  }

  /** Called by transports only. */
  carry(from: MemoryTransport, channel: string, text: string): Promise<boolean> {
    const go = (): void => {
      for (const tap of this.#taps) tap(channel, text);
      for (const member of this.#members) this.#send(member, { from: from.name, to: member.name, channel, text });
    };
    const frozen = this.#frozen;
    if (!frozen) {
      go();
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      let impatient: NodeJS.Timeout | null = setTimeout(() => {
        impatient = null;
        resolve(false);
      }, PATIENCE_MS);
      impatient.unref();
      frozen.push(() => {
        // Only one that has not rung: the test runner's clock loses count over others.
        if (impatient) clearTimeout(impatient);
        go();
        resolve(true);
      });
    });
  }

  #send(member: MemoryTransport, delivery: Delivery): void {
    if (this.drop(delivery)) return;
    const delayMs = this.delay(delivery);
    if (delayMs <= 0) queueMicrotask(() => member.deliver(delivery.channel, delivery.text));
    else setTimeout(() => member.deliver(delivery.channel, delivery.text), delayMs).unref();
  }

  #named(name: string): MemoryTransport[] {
    return [...this.#members].filter((member) => member.name === name);
  }
}

/** One node's connection to a `MemoryHub`. */
export class MemoryTransport implements BusTransport {
  readonly name: string;
  readonly #hub: MemoryHub;
  readonly #gone: (self: MemoryTransport) => void;
  readonly #subscriptions = new Set<Subscription>();
  readonly #onUp = new Set<() => void>();
  readonly #counts = { published: 0, failed: 0, received: 0, reconnects: 0 };
  #up = true;
  #closed = false;

  constructor(hub: MemoryHub, name: string, gone: (self: MemoryTransport) => void) {
    this.#hub = hub;
    this.name = name;
    this.#gone = gone;
  }

  get up(): boolean {
    return this.#up && !this.#closed;
  }

  async publish(channel: string, text: string): Promise<boolean> {
    const taken = this.up && (await this.#hub.carry(this, channel, text));
    this.#counts[taken ? 'published' : 'failed'] += 1;
    return taken;
  }

  subscribe(channel: string, handler: (text: string) => void, standing?: () => void): () => void {
    const subscription: Subscription = { channel, handler, standing };
    this.#subscriptions.add(subscription);
    queueMicrotask(() => {
      if (this.up && this.#subscriptions.has(subscription)) standing?.();
    });
    return () => this.#subscriptions.delete(subscription);
  }

  onUp(handler: () => void): () => void {
    this.#onUp.add(handler);
    queueMicrotask(() => {
      if (this.up && this.#onUp.has(handler)) handler();
    });
    return () => this.#onUp.delete(handler);
  }

  counts(): TransportCounts {
    return { ...this.#counts, roundTripMs: null };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#subscriptions.clear();
    this.#onUp.clear();
    this.#gone(this);
  }

  /** Called by the hub only. */
  deliver(channel: string, text: string): void {
    if (!this.up) return;
    for (const subscription of [...this.#subscriptions]) {
      if (subscription.channel !== channel) continue;
      this.#counts.received += 1;
      subscription.handler(text);
    }
  }

  /** Called by the hub only. */
  disconnected(gone: boolean): void {
    if (this.#up === !gone) return;
    this.#up = !gone;
    if (gone) return;
    this.#counts.reconnects += 1;
    for (const { standing } of [...this.#subscriptions]) standing?.();
    for (const tell of [...this.#onUp]) tell();
  }
}
