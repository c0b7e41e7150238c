/**
 * The relay's configuration once read, validated and frozen. `config.ts` makes it from environment variables; everything
 * else takes the part it needs, never `process.env`. Durations are milliseconds, sizes bytes.
 */
export interface RelayConfig {
  readonly production: boolean;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Null: lines go to standard output alone. */
  readonly logFile: LogFileConfig | null;
  /** Null: the audit trail is in the log alone. */
  readonly audit: AuditConfig | null;
  /** Null: entries are sent nowhere. */
  readonly webhook: WebhookConfig | null;
  readonly http: HttpConfig;
  readonly auth: AuthConfig;
  readonly media: MediaConfig;
  readonly ice: IceConfig;
  readonly session: SessionConfig;
  readonly limits: LimitsConfig;
  /** Which of WHIP and WHEP are served. */
  readonly wish: { readonly whip: boolean; readonly whep: boolean };
  /** Path of the policy file; null: there is none. */
  readonly policyFile: string | null;
  /** Null: this relay is alone, and nothing of a cluster exists. */
  readonly cluster: ClusterConfig | null;
}

/** The file that lines go to beside standard output. */
export interface LogFileConfig {
  /** Absolute. */
  readonly path: string;
  /** Size from which it is put aside; each day it is in any case. */
  readonly maxBytes: number;
  /** How many files that were put aside are kept. */
  readonly keep: number;
}

/** Where the entries of the audit trail are sent to. */
export interface WebhookConfig {
  readonly url: string;
  readonly secret: string;
  /** The name of this relay, as in `AuditConfig.chain`. */
  readonly relay: string;
}

/** Where the audit trail is kept for good. */
export interface AuditConfig {
  /** Absolute. */
  readonly root: string;
  /** The name of this relay's chain, a folder below it. The same at each start. */
  readonly chain: string;
}

export interface HttpConfig {
  /** Address to bind, `0.0.0.0` or `::` for all. */
  readonly host: string;
  /** Plain HTTP port; 0 picks a free one (tests). Null: no plain listener. */
  readonly httpPort: number | null;
  /** TLS listener, present when both certificate files are. Port 0 picks a free one. */
  readonly https: { readonly port: number; readonly certFile: string; readonly keyFile: string } | null;
  /** `Strict-Transport-Security: max-age` in seconds (RFC 6797); 0: the header is not sent. */
  readonly hstsMaxAgeS: number;
  /** Origins that may call from a browser, e.g. `https://app.example.com` or `https://*.example.com`; `*` alone allows all. */
  readonly allowedOrigins: readonly string[];
  /** Trust `X-Forwarded-For` of this many proxies. */
  readonly trustedProxies: number;
  /** Folder of the built widgets, served under /widgets. */
  readonly widgetsDir: string;
  /** TCP connections to both ports at the same time, whatever they are for. */
  readonly maxSockets: number;
  /** The same of one IPv4 address or IPv6 /64. */
  readonly socketsPerAddress: number;
  readonly metrics: MetricsConfig;
}

/** Who may read the metrics, and where. */
export interface MetricsConfig {
  /** Address that the port of the metrics binds. */
  readonly host: string;
  /** Plain HTTP port of the metrics alone; 0 picks a free one. Null: none. */
  readonly port: number | null;
  /** Whether the ports of the pages answer them too. */
  readonly public: boolean;
  /** Bearer token that is asked for; null: none. */
  readonly token: string | null;
}

export interface AuthConfig {
  /** Exactly one kind of key. */
  readonly key:
    | { readonly kind: 'secret'; readonly secret: string }
    | { readonly kind: 'public-key'; readonly pem: string }
    | { readonly kind: 'jwks'; readonly url: string };
  readonly algorithms: readonly string[];
  readonly issuer: string | null;
  readonly audience: string | null;
  /** Accepted clock difference, in seconds. */
  readonly clockToleranceS: number;
}

export interface MediaConfig {
  /** Number of mediasoup workers. */
  readonly workers: number;
  /** Worker i listens on UDP and TCP port `basePort + i`; 0 lets each pick free ports (tests). */
  readonly basePort: number;
  /** Local addresses to bind, each with the address announced to pages (null: the same). */
  readonly listen: readonly { readonly ip: string; readonly announcedAddress: string | null }[];
  /** Opus target, bits per second, told to the page in the answer (RFC 7587 maxaveragebitrate). */
  readonly audioBitrate: number;
  /** Milliseconds of sound in a packet, asked of the page in the answer (RFC 8866 ptime): 20, 40 or 60. */
  readonly audioPacketMs: number;
}

export interface IceConfig {
  /** STUN and TURN URLs given to pages. */
  readonly stunUrls: readonly string[];
  readonly turnUrls: readonly string[];
  /** Shared secret of the TURN server for time-limited credentials (draft-uberti-behave-turn-rest-00). */
  readonly turnSecret: string | null;
  readonly turnCredentialTtlS: number;
}

export interface SessionConfig {
  /** How long a session and its media outlive its socket. */
  readonly graceMs: number;
  /** How long the page goes on sending after the last listener left. */
  readonly demandLingerMs: number;
  /** Teams whose speaking levels are shown also while nobody listens; `*` alone: all. */
  readonly voiceWithoutListeners: readonly string[];
  /** Longest stream; 0: no limit. */
  readonly maxStreamMs: number;
  /** How long a commercial who left stays in the roster as offline. */
  readonly offlineKeepMs: number;
  /** Socket.IO heartbeat. */
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
}

export interface LimitsConfig {
  readonly maxMessageBytes: number;
  readonly messagesPerSecond: number;
  readonly connectionsPerUser: number;
  readonly connectionsPerAddress: number;
  /** Handshakes whose token is being verified at the same time. */
  readonly pendingHandshakes: number;
  readonly maxStreams: number;
  readonly maxListeners: number;
  /** Load, from 0 to 1, from which on new streams and listeners are refused; 0: whatever it is. */
  readonly maxLoad: number;
}

/** How this relay is one node of several. */
export interface ClusterConfig {
  readonly redis: RedisEndpoint;
  /** The cluster's name, in every channel and key: several clusters may share a Redis. */
  readonly name: string;
  /** What every message between nodes is sealed under. */
  readonly secret: string;
  /** Another secret that opens messages, while the secret is being changed. */
  readonly previousSecret: string | null;
  /** This node's name, in session ids and paths. */
  readonly nodeId: string;
  /** IP address at which other nodes reach this one's pipes. */
  readonly pipeAddress: string;
  /** UDP ports for pipes, both included. */
  readonly pipePorts: { readonly first: number; readonly last: number };
  /** Public URL of this node alone; null: it has none. */
  readonly nodeUrl: string | null;
  /** How long this node, when it stops, waits for its pages to go over to others; 0: not at all. */
  readonly drainMs: number;
}

/** Where Redis or Valkey is, and how to log in. */
export interface RedisEndpoint {
  /** One server; the master that Sentinels name; a Redis Cluster. */
  readonly kind: 'single' | 'sentinel' | 'cluster';
  /** The server; the Sentinels; some servers of the Redis Cluster. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly tls: boolean;
  /** ACL user and password (Redis 6); null: not sent. */
  readonly username: string | null;
  readonly password: string | null;
  /** Number of the database; 0 in a Redis Cluster. */
  readonly database: number;
  /** With Sentinels: the name of the master that they watch, and how to log in to them. */
  readonly sentinel: {
    readonly master: string;
    readonly username: string | null;
    readonly password: string | null;
  } | null;
}

/**
 * What may stand in `AuthConfig.algorithms` (RFC 7518 section 3.1): all signatures that jsonwebtoken verifies, but for `none`.
 * One list, so that what the configuration accepts is what the verifier uses.
 */
export const JWT_ALGORITHMS = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
] as const;
