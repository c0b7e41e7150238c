import { createHash } from 'node:crypto';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisEndpoint } from '../../config/shape.ts';

/** What a connection reports. None of these may throw. */
export interface RedisEvents {
  /** Commands and subscriptions are possible, at first or again. Subscriptions must be made anew where `resubscribes` is false. */
  readonly onReady: () => void;
  /** They are not, or what was published meanwhile may have been missed. */
  readonly onLost: () => void;
  readonly onError: (error: Error) => void;
  readonly onMessage: (channel: string, text: string) => void;
}

/** What this needs of Redis or Valkey, on one server or on several. */
export interface RedisConnection {
  readonly ready: boolean;
  /** True: after a loss the library subscribes to everything again by itself. */
  readonly resubscribes: boolean;
  publish(channel: string, text: string): Promise<unknown>;
  subscribe(channels: readonly string[]): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  /** Runs a script on keys that all have the same hash tag. Calls are sent at once, and run in their order. */
  run(script: RedisScript, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown>;
  /** Drops what connections there are, and makes new ones: the server says nothing any more. */
  restart(): void;
  close(): void;
}

/** A script in Lua, which Redis runs as one step. */
export class RedisScript {
  readonly lua: string;
  /** What Redis calls it, once it has seen it. */
  readonly sha1: string;

  constructor(lua: string) {
    this.lua = lua;
    this.sha1 = createHash('sha1').update(lua).digest('hex');
  }
}

/** Replies come in their old form, which is the same in both versions of the protocol. */
type Options = Omit<RedisOptions, 'replyMapping'>;

/** Commands that get no byte of an answer for this long end their connection, in milliseconds. */
const SILENCE_MS = 5_000;

const retry = (times: number): number => Math.min(50 * times, 500);

/** Connects, and goes on trying for ever. */
export function connectRedis(endpoint: RedisEndpoint, events: RedisEvents): RedisConnection {
  const common: Options = {
    connectionName: 'prospect-live',
    ...(endpoint.username !== null && { username: endpoint.username }),
    ...(endpoint.password !== null && { password: endpoint.password }),
    ...(endpoint.tls && { tls: {} }),
    connectTimeout: 2_000,
    disconnectTimeout: 300,
    socketTimeout: SILENCE_MS,
    keepAlive: 10_000,
    // What could not be sent at once, or has no answer when a connection ends, is told as failed; it never comes later by itself.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  };
  return endpoint.kind === 'cluster'
    ? new ShardedConnection(endpoint, common, events)
    : new PairedConnection(endpoint, common, events);
}

/** One server, or the one that Sentinels name: a connection for commands, and one for what comes in. */
class PairedConnection implements RedisConnection {
  readonly resubscribes = false;
  readonly #commands: Redis;
  readonly #subscriber: Redis;
  readonly #events: RedisEvents;
  #wasReady = false;

  constructor(endpoint: RedisEndpoint, common: Options, events: RedisEvents) {
    this.#events = events;
    const options: Options = {
      ...common,
      db: endpoint.database,
      ...placeOf(endpoint),
      retryStrategy: retry,
      enableOfflineQueue: false,
      autoResubscribe: false,
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
    };
    this.#commands = this.#watch(new Redis(options));
    this.#subscriber = this.#watch(new Redis(options));
    this.#subscriber.on('message', (channel: string, text: string) => events.onMessage(channel, text));
  }

  get ready(): boolean {
    return this.#commands.status === 'ready' && this.#subscriber.status === 'ready';
  }

  publish(channel: string, text: string): Promise<unknown> {
    return this.#commands.publish(channel, text);
  }

  subscribe(channels: readonly string[]): Promise<unknown> {
    return this.#subscriber.subscribe(...channels);
  }

  unsubscribe(channel: string): Promise<unknown> {
    return this.#subscriber.unsubscribe(channel);
  }

  run(script: RedisScript, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    return runScript(this.#commands, script, keys, values);
  }

  restart(): void {
    this.#commands.disconnect(true);
    this.#subscriber.disconnect(true);
  }

  close(): void {
    for (const redis of [this.#commands, this.#subscriber]) redis.disconnect();
  }

  #watch(redis: Redis): Redis {
    redis.on('error', (error: Error) => this.#events.onError(error));
    redis.on('close', () => {
      if (!this.#wasReady) return;
      this.#wasReady = false;
      this.#events.onLost();
    });
    redis.on('ready', () => {
      if (!this.ready) return;
      this.#wasReady = true;
      this.#events.onReady();
    });
    return redis;
  }
}

/** A Redis Cluster. All keys and channels have one hash tag, so that one server has them all. */
class ShardedConnection implements RedisConnection {
  readonly resubscribes = true;
  readonly #cluster: Cluster;

  constructor(endpoint: RedisEndpoint, redisOptions: Options, events: RedisEvents) {
    this.#cluster = new Cluster(
      endpoint.hosts.map(({ host, port }) => ({ host, port })),
      {
        redisOptions,
        shardedSubscribers: true,
        clusterRetryStrategy: retry,
        enableOfflineQueue: false,
        slotsRefreshInterval: 5_000,
        retryDelayOnFailover: 0,
        maxRedirections: 4,
        // Certificates are for names: with TLS they are not looked up beforehand.
        ...(endpoint.tls && { dnsLookup: (address, done) => done(null, address) }),
      },
    );
    this.#cluster.on('error', (error: Error) => events.onError(error));
    this.#cluster.on('node error', (error: Error) => events.onError(error));
    this.#cluster.on('nodeError', (error: Error) => events.onError(error));
    for (const name of ['ready', 'subscribersReady']) this.#cluster.on(name, () => this.ready && events.onReady());
    for (const name of ['close', '-subscriber', '-node']) this.#cluster.on(name, () => events.onLost());
    this.#cluster.on('smessage', (channel: string, text: string) => events.onMessage(channel, text));
  }

  get ready(): boolean {
    return this.#cluster.status === 'ready';
  }

  publish(channel: string, text: string): Promise<unknown> {
    return this.#cluster.spublish(channel, text);
  }

  subscribe(channels: readonly string[]): Promise<unknown> {
    return this.#cluster.ssubscribe(...channels);
  }

  unsubscribe(channel: string): Promise<unknown> {
    return this.#cluster.sunsubscribe(channel);
  }

  run(script: RedisScript, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    return runScript(this.#cluster, script, keys, values);
  }

  restart(): void {
    this.#cluster.disconnect(true);
  }

  close(): void {
    this.#cluster.disconnect();
  }
}

function placeOf({ hosts, sentinel, tls }: RedisEndpoint): Options {
  const [first] = hosts;
  if (!sentinel) return { host: first?.host ?? '127.0.0.1', port: first?.port ?? 6379 };
  return {
    sentinels: hosts.map(({ host, port }) => ({ host, port })),
    name: sentinel.master,
    ...(sentinel.username !== null && { sentinelUsername: sentinel.username }),
    ...(sentinel.password !== null && { sentinelPassword: sentinel.password }),
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
    sentinelRetryStrategy: retry,
  };
}

/** By its hash, which is short; in full when this server has not seen it yet. */
async function runScript(
  redis: Redis | Cluster,
  { lua, sha1 }: RedisScript,
  keys: readonly string[],
  values: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(sha1, keys.length, ...keys, ...values);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return redis.eval(lua, keys.length, ...keys, ...values);
  }
}
