import { randomBytes } from 'node:crypto';
import type { Person } from '../../../demo/server/people.ts';
import { mintToken, type TokenSettings } from '../../../demo/server/tokens.ts';
import { freePort } from '../network/free-port.ts';
import { ImpairedLink } from '../network/impaired-link.ts';
import { waitUntil } from '../wait.ts';
import { Haproxy, type NodeName } from './haproxy.ts';
import { Redis } from './redis.ts';
import { RelayNode } from './relay-node.ts';

const NAMES: readonly NodeName[] = ['a', 'b', 'c'];
/** For pipes of each node. */
const PIPE_PORTS = 40;
/** HTTP, media, pipes. */
const PORTS_OF_NODE = 2 + PIPE_PORTS;

/** The metric that counts requests for what is not there. */
const NOT_FOUND = 'prospect_relay_http_requests_total{method="GET",route="unmatched",status="404"}';

/** How a cluster for a test differs from the usual one. */
export interface ClusterOptions {
  /** How many relays, 1 to 3. Default 3. */
  readonly nodes?: number;
  /** More environment variables for every relay. */
  readonly relayEnv?: Readonly<Record<string, string>>;
  /** Each relay reaches Redis by a way of its own, which a test can take down: `waysToRedis`. */
  readonly ownWaysToRedis?: boolean;
  /** More environment variables for one relay. */
  readonly nodeEnv?: (name: NodeName) => Readonly<Record<string, string>>;
  /** `bind` lines of HAProxy beside the one of `url`, such as `:8443 ssl crt FILE`. */
  readonly binds?: readonly string[];
  /** Receives the relays' logs as they come. */
  readonly onOutput?: (node: NodeName, text: string) => void;
  /** What the relays verify. Default: a secret of its own. */
  readonly tokens?: TokenSettings;
}

/**
 * Several relays as one service, as ops would run it: a real Redis, relays as processes with one worker each, and a real
 * HAProxy before them with the documented configuration. Everything is on 127.0.0.1 and on free ports.
 */
export class RelayCluster {
  /** The one address that pages know: HAProxy's. */
  readonly url: string;
  readonly tokens: TokenSettings;
  readonly redis: Redis;
  readonly haproxy: Haproxy;
  readonly nodes: readonly RelayNode[];
  /** With `ownWaysToRedis` one for each relay, else none. */
  readonly waysToRedis: ReadonlyMap<NodeName, ImpairedLink>;

  private constructor(parts: {
    url: string;
    tokens: TokenSettings;
    redis: Redis;
    haproxy: Haproxy;
    nodes: readonly RelayNode[];
    waysToRedis: ReadonlyMap<NodeName, ImpairedLink>;
  }) {
    this.url = parts.url;
    this.tokens = parts.tokens;
    this.redis = parts.redis;
    this.haproxy = parts.haproxy;
    this.nodes = parts.nodes;
    this.waysToRedis = parts.waysToRedis;
  }

  /** Resolves once every relay runs and the balancer lets newcomers in. @throws Error with the log of what did not start */
  static async start(options: ClusterOptions = {}): Promise<RelayCluster> {
    const names = NAMES.slice(0, options.nodes ?? NAMES.length);
    const first = await freePort(['127.0.0.1'], 2 + names.length * PORTS_OF_NODE);
    const url = `http://127.0.0.1:${first}`;
    const tokens = options.tokens ?? ownTokens();
    const closing: (() => Promise<void>)[] = [];
    try {
      const redis = await Redis.start(first + 1);
      closing.push(() => redis.close());
      const secret = randomBytes(48).toString('base64url');
      const waysToRedis = new Map<NodeName, ImpairedLink>();
      closing.push(async () => {
        for (const way of waysToRedis.values()) way.close();
      });
      for (const name of options.ownWaysToRedis ? names : []) waysToRedis.set(name, await wayTo(redis));
      const nodes = names.map((name, index) => {
        const port = first + 2 + index * PORTS_OF_NODE;
        const url = new URL(redis.url);
        url.port = String(waysToRedis.get(name)?.port ?? redis.port);
        const env = { ...relayEnvironment(name, port, tokens), CLUSTER_URL: url.href, CLUSTER_SECRET: secret };
        const own = { ...env, ...options.relayEnv, ...options.nodeEnv?.(name) };
        return new RelayNode(name, port, own, (text) => options.onOutput?.(name, text));
      });
      closing.push(async () => void (await Promise.all(nodes.map((node) => node.kill()))));
      await Promise.all(nodes.map((node) => node.start()));
      const addresses = nodes.map(({ name, httpPort }) => [name, `127.0.0.1:${httpPort}`] as const);
      const binds = [`127.0.0.1:${first}`, ...(options.binds ?? [])];
      const haproxy = await Haproxy.start({ binds, nodes: new Map(addresses) }, `${url}/health/ready`);
      closing.push(() => haproxy.close());
      const cluster = new RelayCluster({ url, tokens, redis, haproxy, nodes, waysToRedis });
      await cluster.untilReady();
      return cluster;
    } catch (error) {
      for (const close of closing.reverse()) await close();
      throw error;
    }
  }

  /** One relay. @throws Error when the cluster has none of this name */
  node(name: NodeName): RelayNode {
    const found = this.nodes.find((node) => node.name === name);
    if (!found) throw new Error(`The cluster has no relay ${name}.`);
    return found;
  }

  /** A token that every relay takes. */
  token(person: Person): string {
    return mintToken(person, this.tokens);
  }

  /** Waits until a relay's path through the balancer leads to it. */
  async untilNamed(name: NodeName): Promise<void> {
    const node = this.node(name);
    const counted = async () => (await node.metrics()).get(NOT_FOUND) ?? 0;
    const leadsThere = async () => {
      const before = await counted();
      await fetch(`${this.url}/n/${name}/nothing`);
      return (await counted()) > before;
    };
    await waitUntil(`the path of relay ${name}`, leadsThere, 20_000);
  }

  /** Waits until newcomers get in. */
  async untilReady(): Promise<void> {
    const isReady = async () => (await fetch(`${this.url}/health/ready`)).status === 200;
    await waitUntil('a relay that the balancer finds ready', isReady, 20_000);
  }

  /** Ends everything. Idempotent. */
  async close(): Promise<void> {
    await this.haproxy.close();
    await Promise.all(this.nodes.map((node) => node.kill()));
    for (const way of this.waysToRedis.values()) way.close();
    await this.redis.close();
  }
}

function wayTo({ port }: Redis): Promise<ImpairedLink> {
  const host = '127.0.0.1';
  return ImpairedLink.create({ listen: { host, port: 0 }, target: { host, port }, protocols: ['tcp'] });
}

function ownTokens(): TokenSettings {
  return {
    secret: randomBytes(32).toString('base64url'),
    issuer: 'prospect-cluster',
    audience: 'prospect-live',
    lifetimeS: 3_600,
  };
}

/** @param port the first of the node's own */
function relayEnvironment(name: NodeName, port: number, tokens: TokenSettings): Record<string, string> {
  return {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    HTTP_PORT: String(port),
    METRICS_PUBLIC: 'on',
    MEDIA_PORT: String(port + 1),
    MEDIA_WORKERS: '1',
    MEDIA_LISTEN_IPS: '127.0.0.1',
    TRUSTED_PROXIES: '1',
    ALLOWED_ORIGINS: '*',
    JWT_SECRET: tokens.secret,
    JWT_ISSUER: tokens.issuer,
    JWT_AUDIENCE: tokens.audience,
    NODE_ID: name,
    PIPE_ADDRESS: '127.0.0.1',
    // Pages of tests that are no widgets go nowhere by themselves.
    DRAIN_TIME: '10s',
    PIPE_PORTS: `${port + 2}-${port + 1 + PIPE_PORTS}`,
  };
}
