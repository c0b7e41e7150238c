import { randomBytes } from 'node:crypto';
import type { RedisEndpoint } from '../../config/shape.ts';
import type { Logger } from '../../logger.ts';
import type { Timer, TimerSet } from '../../streams/timers.ts';
import { ClusterError } from '../cluster-error.ts';
import { connectRedis, type RedisConnection, type RedisScript } from './redis-connection.ts';
import type { BusTransport, TransportCounts } from './transport.ts';

/** How often the way through the server and back is tried, and after how long without success it is built anew, in milliseconds. */
const PROBE_MS = 1_000;
const DEAD_MS = 5_000;
const MAX_PROBES = 6;
/** A message that was not taken within this time counts as failed. It may come all the same. */
const PATIENCE_MS = 1_500;
/** What may wait for the server's answer. A frozen one must not fill this process's memory. */
const MAX_WAITING_BYTES = 4 * 1_048_576;

/** What a transport over Redis is made with. */
export interface RedisTransportOptions {
  readonly endpoint: RedisEndpoint;
  /** What the names of all channels and keys begin with. */
  readonly namespace: string;
  readonly timers: TimerSet;
  readonly logger: Logger;
}

interface Subscription {
  readonly handler: (text: string) => void;
  readonly standing: (() => void) | undefined;
}

/**
 * Messages over Redis or Valkey, by its publish and subscribe. A subscriber does not notice when the server freezes, or when the way
 * back is lost: so this sends itself a message once a second, and builds its connections anew after five seconds without one. That
 * message, coming back, is also what tells that all subscriptions stand again.
 */
export class RedisTransport implements BusTransport {
  readonly #options: RedisTransportOptions;
  readonly #connection: RedisConnection;
  readonly #probeChannel: string;
  readonly #subscriptions = new Map<string, Set<Subscription>>();
  readonly #onUp = new Set<() => void>();
  readonly #counts = { published: 0, failed: 0, received: 0, reconnects: 0 };
  #waitingBytes = 0;
  readonly #firstUp: Promise<void>;
  #up = false;
  #wasUp = false;
  #closed = false;
  /** Sent since the last change of the connection, and when: any of them that comes back is a proof. */
  readonly #probes = new Map<string, number>();
  #roundTripMs: number | null = null;
  /** Channels that were subscribed to on this connection. */
  readonly #subscribed = new Set<string>();
  #provedAt = performance.now();
  #timer: Timer | null = null;
  /** The last failure's text. Errors of the library hold the command with the password, so they are never logged themselves. */
  #failure: string | null = null;
  /** The text that was logged last while there is no connection. */
  #told: string | null = null;

  constructor(options: RedisTransportOptions) {
    this.#options = options;
    this.#probeChannel = `${options.namespace}probe:${randomBytes(9).toString('base64url')}`;
    this.#connection = connectRedis(options.endpoint, {
      onReady: () => void this.#ready(),
      onLost: () => this.#lost(),
      onError: (error) => this.#failed(error),
      onMessage: (channel, text) => this.#received(channel, text),
    });
    this.#firstUp = new Promise((resolve) => this.onUp(resolve));
    this.#tick();
  }

  get up(): boolean {
    return this.#up;
  }

  async publish(channel: string, text: string): Promise<boolean> {
    const taken = await this.#publish(channel, text);
    this.#counts[taken ? 'published' : 'failed'] += 1;
    return taken;
  }

  subscribe(channel: string, handler: (text: string) => void, standing?: () => void): () => void {
    const subscription: Subscription = { handler, standing };
    const known = this.#subscriptions.get(channel);
    if (known) known.add(subscription);
    else this.#subscriptions.set(channel, new Set([subscription]));
    if (this.#connection.ready) void this.#begin(channel, subscription);
    return () => {
      const subscriptions = this.#subscriptions.get(channel);
      if (!subscriptions?.delete(subscription) || subscriptions.size > 0) return;
      this.#subscriptions.delete(channel);
      this.#subscribed.delete(channel);
      // A channel that stays subscribed is not listened to: no harm.
      if (!this.#closed) this.#connection.unsubscribe(channel).catch(() => undefined);
    };
  }

  onUp(handler: () => void): () => void {
    this.#onUp.add(handler);
    queueMicrotask(() => {
      if (this.#up && this.#onUp.has(handler)) handler();
    });
    return () => this.#onUp.delete(handler);
  }

  /**
   * Runs a script on keys of this namespace, and gives back what it returns. Before the first connection it waits for that; later
   * it fails at once without one. @throws ClusterError bus_down, bus_timeout
   */
  async run(script: RedisScript, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    if (this.#closed) throw new ClusterError('bus_down', 'the connection to Redis was closed');
    const named = keys.map((key) => `${this.#options.namespace}${key}`);
    let timer: Timer | null = null;
    const late = new Promise<never>((_resolve, reject) => {
      timer = this.#options.timers.after(PATIENCE_MS, () => {
        const never = `there is no connection to Redis yet: ${this.#failure ?? 'it does not answer'}`;
        if (this.#wasUp) reject(new ClusterError('bus_timeout', `Redis did not answer within ${PATIENCE_MS} ms`));
        else reject(new ClusterError('bus_down', never));
      });
    });
    try {
      if (!this.#wasUp) await Promise.race([this.#firstUp, late]);
      return await Promise.race([this.#connection.run(script, named, values), late]);
    } catch (error) {
      if (error instanceof ClusterError) throw error;
      throw new ClusterError('bus_down', `Redis: ${textOf(error)}`);
    } finally {
      (timer as Timer | null)?.cancel();
    }
  }

  counts(): TransportCounts {
    return { ...this.#counts, roundTripMs: this.#up ? this.#roundTripMs : null };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#up = false;
    this.#timer?.cancel();
    this.#subscriptions.clear();
    this.#onUp.clear();
    this.#connection.close();
  }

  #publish(channel: string, text: string): Promise<boolean> {
    if (this.#closed || !this.#connection.ready || this.#waitingBytes + text.length > MAX_WAITING_BYTES) {
      return Promise.resolve(false);
    }
    this.#waitingBytes += text.length;
    return new Promise((resolve) => {
      const timer = this.#options.timers.after(PATIENCE_MS, () => resolve(false));
      const settled = (taken: boolean): void => {
        this.#waitingBytes -= text.length;
        timer.cancel();
        resolve(taken);
      };
      this.#connection.publish(channel, text).then(
        () => settled(true),
        () => settled(false),
      );
    });
  }

  /** Connected, at first or again. */
  async #ready(): Promise<void> {
    if (this.#closed) return;
    this.#up = false;
    this.#probes.clear();
    if (!this.#connection.resubscribes) this.#subscribed.clear();
    const missing = [this.#probeChannel, ...this.#subscriptions.keys()].filter((one) => !this.#subscribed.has(one));
    if (missing.length > 0 && !(await this.#subscribe(missing))) return;
    this.#sendProbe();
  }

  /** What keeps it from connecting is said once, not at every try. */
  #failed(error: unknown): void {
    this.#failure = textOf(error);
    if (this.#up || this.#closed || this.#failure === this.#told) return;
    this.#told = this.#failure;
    this.#options.logger.warn({ reason: this.#failure }, 'there is no connection to Redis; it is tried again');
  }

  #lost(): void {
    if (this.#closed || !this.#up) return;
    this.#up = false;
    const reason = this.#failure ?? 'the connection was closed';
    this.#told = reason;
    this.#options.logger.warn({ reason }, 'the connection to Redis is lost; it is tried again');
  }

  #received(channel: string, text: string): void {
    if (this.#closed) return;
    if (channel === this.#probeChannel) {
      const sentAt = this.#probes.get(text);
      if (sentAt === undefined) return;
      this.#roundTripMs = performance.now() - sentAt;
      this.#proved();
      return;
    }
    const subscriptions = this.#subscriptions.get(channel);
    if (!subscriptions) return;
    this.#counts.received += 1;
    for (const { handler } of [...subscriptions]) handler(text);
  }

  /** The way through the server and back is there, and so are all subscriptions. */
  #proved(): void {
    this.#provedAt = performance.now();
    if (this.#up || !this.#connection.ready) return;
    this.#up = true;
    if (this.#wasUp) this.#counts.reconnects += 1;
    this.#options.logger.info({ again: this.#wasUp }, 'connected to Redis');
    this.#wasUp = true;
    this.#failure = null;
    this.#told = null;
    for (const subscriptions of [...this.#subscriptions.values()]) {
      for (const { standing } of [...subscriptions]) standing?.();
    }
    for (const tell of [...this.#onUp]) tell();
  }

  async #begin(channel: string, subscription: Subscription): Promise<void> {
    if (!this.#subscribed.has(channel) && !(await this.#subscribe([channel]))) return;
    if (this.#up && this.#subscriptions.get(channel)?.has(subscription)) subscription.standing?.();
  }

  /** False: there is no connection any more, or not the right to it. With the next connection it is tried again. */
  async #subscribe(channels: readonly string[]): Promise<boolean> {
    try {
      await this.#connection.subscribe(channels);
      for (const channel of channels) this.#subscribed.add(channel);
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  #tick(): void {
    if (this.#closed) return;
    this.#timer = this.#options.timers.after(PROBE_MS, () => this.#tick());
    if (!this.#connection.ready) return;
    if (performance.now() - this.#provedAt > DEAD_MS) {
      this.#provedAt = performance.now();
      this.#failure = 'it does not answer';
      this.#lost();
      this.#connection.restart();
    } else {
      this.#sendProbe();
    }
  }

  #sendProbe(): void {
    const probe = randomBytes(9).toString('base64url');
    const oldest = this.#probes.keys().next().value;
    if (this.#probes.size >= MAX_PROBES && oldest !== undefined) this.#probes.delete(oldest);
    this.#probes.set(probe, performance.now());
    void this.#publish(this.#probeChannel, probe);
  }
}

function textOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(textOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
