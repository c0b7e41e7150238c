/**
 * Every environment variable that the relay reads: name, meaning, default and kind of value. The reading (`config.ts`),
 * `--help`, `.env.example` and the README's table all come from here.
 */
import { availableParallelism } from 'node:os';
import type { z } from 'zod';
import { clusterVariables } from './cluster-variables.ts';
import { JWT_ALGORITHMS } from './shape.ts';
import * as value from './values.ts';
import { optional, required } from './variable.ts';

export type { Variable } from './variable.ts';

const GENERAL = 'General';
const HTTP = 'HTTP and signalling';
const TOKENS = 'Tokens (set exactly one of JWT_SECRET, JWT_SECRET_FILE, JWT_PUBLIC_KEY, JWT_PUBLIC_KEY_FILE, JWKS_URL)';
const MEDIA = 'Media';
const ICE = 'STUN and TURN';
const SESSIONS = 'Sessions';
const LIMITS = 'Limits';
const POLICY = 'Policy';

const SECOND = 1000;
const HOUR = 3_600_000;

export const variables = {
  NODE_ENV: required(GENERAL, value.oneOf('development', 'production', 'test'), {
    doc: 'With `production`, the relay refuses to start without `ANNOUNCED_ADDRESS` and a list of `ALLOWED_ORIGINS`.',
    default: 'development',
    example: 'production',
  }),
  LOG_LEVEL: required(GENERAL, value.oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), {
    doc: 'The least level that is logged. Tokens and session descriptions are never logged.',
    default: 'info',
    example: 'debug',
  }),
  LOG_FILE: optional(GENERAL, value.anyText, {
    doc: 'A file that the lines of log and audit trail go to as well as to standard output, as JSON. One for each relay. At midnight (UTC), and when it is full, it is put aside as `NAME-DATE.N` in its folder, and a new one begun. When somebody else moves or removes it, it is opened anew within a second, and on SIGHUP. Of a symbolic link it is the file to which that leads.',
    defaultDoc: 'none: standard output alone',
    example: '/var/log/prospect-live/relay.log',
  }),
  LOG_FILE_BYTES: required(GENERAL, value.wholeNumber(10_000, 1_000_000_000_000), {
    doc: 'The size of `LOG_FILE`, in bytes, from which it is put aside.',
    default: '50000000',
    example: '10000000',
  }),
  LOG_FILES_KEPT: required(GENERAL, value.wholeNumber(1, 1000), {
    doc: 'How many files that were put aside are kept. Each has at most one day in it: with 14, no line is older than 15 days, while the relay runs.',
    default: '14',
    example: '30',
  }),

  AUDIT_DIR: optional(GENERAL, value.anyText, {
    doc: 'A folder in which the audit trail is kept for good: for each relay a chain of its own, one file a day (UTC) and its signed head. `prospect-live audit` reads and verifies it.',
    defaultDoc: 'none: the trail is in the log alone',
    example: '/var/lib/prospect-live/audit',
  }),
  AUDIT_WEBHOOK_URL: optional(GENERAL, value.httpUrl, {
    doc: 'Where the entries of the audit trail are sent to as well, signed, for your own systems. `http:` only for this machine or outside production. Needs `AUDIT_WEBHOOK_SECRET`.',
    defaultDoc: 'none',
    example: 'https://app.example.com/hooks/listening',
  }),
  AUDIT_WEBHOOK_SECRET: optional(GENERAL, value.secretText, {
    doc: 'Signs what is sent to `AUDIT_WEBHOOK_URL` (HMAC-SHA-256, Standard Webhooks): at least 24 bytes.',
    defaultDoc: 'none',
    example: 'the output of: openssl rand -base64 48',
    secret: true,
  }),
  AUDIT_WEBHOOK_SECRET_FILE: optional(GENERAL, value.anyText, {
    doc: 'File that holds the secret of the webhook; a line end after it does not count.',
    defaultDoc: 'none',
    example: '/run/secrets/webhook-secret',
  }),

  HOST: required(HTTP, value.ipAddress, {
    doc: 'The address that HTTP and HTTPS listen on; `0.0.0.0` is every IPv4 address, `::` every address.',
    default: '0.0.0.0',
    example: '127.0.0.1',
  }),
  HTTP_PORT: required(HTTP, value.portOrOff, {
    doc: 'Plain HTTP port: for development, health checks, or behind a TLS proxy. `off` to have none, `0` for a free one.',
    default: '8080',
    example: '8080',
  }),
  HTTPS_PORT: required(HTTP, value.port, {
    doc: 'HTTPS port, used when both certificate files are set. `0` for a free one.',
    default: '8443',
    example: '8443',
  }),
  TLS_CERT_FILE: optional(HTTP, value.anyText, {
    doc: 'Certificate chain (PEM), the server’s own first. Read again when the content changes, within seconds, and on SIGHUP.',
    defaultDoc: 'none: no HTTPS',
    example: '/etc/prospect-live/fullchain.pem',
  }),
  TLS_KEY_FILE: optional(HTTP, value.anyText, {
    doc: 'Private key of the certificate (PEM, without passphrase).',
    defaultDoc: 'none: no HTTPS',
    example: '/etc/prospect-live/privkey.pem',
  }),
  HSTS_MAX_AGE: required(HTTP, value.duration(0, 730 * 24 * HOUR), {
    doc: 'Time for which browsers use https only for every port of the relay’s host name (RFC 6797), other services of that name too. `0`: not asked for.',
    default: '0',
    example: '365d',
  }),
  ALLOWED_ORIGINS: optional(HTTP, value.list(value.origin), {
    doc: 'Origins of the pages that may use the relay, separated by commas. `https://*.example.com` is every name below `example.com`; `capacitor://localhost` and the like are pages inside apps. `*` allows any page and is refused in production, as is a suffix of a registry (`https://*.co.uk`).',
    defaultDoc: '`*` outside production; required in production',
    example: 'https://app.example.com,https://admin.example.com',
  }),
  TRUSTED_PROXIES: required(HTTP, value.wholeNumber(0, 10), {
    doc: 'How many proxies in front of the relay set `X-Forwarded-For`. Too high a number lets clients invent their address.',
    default: '0',
    example: '1',
  }),
  WIDGETS_DIR: optional(HTTP, value.anyText, {
    doc: 'Folder of the built widgets, served under `/widgets/`.',
    defaultDoc: 'those of the package `@prospect-live/widgets` that the relay depends on',
    example: '/srv/prospect-live/widgets',
  }),
  WHIP: required(HTTP, value.oneOf('off', 'on'), {
    doc: 'With `on`, devices (OBS, FFmpeg, GStreamer, a body camera) may be a commercial’s microphone: `POST /whip` (RFC 9725, docs/whip.md). The policy must say `devicesMayBeHeard`.',
    default: 'off',
    example: 'on',
  }),
  WHEP: required(HTTP, value.oneOf('off', 'on'), {
    doc: 'With `on`, players may be an admin’s ear: `POST /whep/COMMERCIAL` (draft-ietf-wish-whep, docs/whip.md). They are shown and counted as every listener is.',
    default: 'off',
    example: 'on',
  }),
  METRICS_PORT: optional(HTTP, value.portOrOff, {
    doc: 'Port of `GET /metrics` (plain HTTP, for Prometheus), apart from those of the pages. `off` to have none, `0` for a free one.',
    defaultDoc: '`9464` in production; a free one elsewhere, which the log names',
    example: '9464',
  }),
  METRICS_HOST: required(HTTP, value.ipAddress, {
    doc: 'The address that `METRICS_PORT` listens on. By default this machine alone; for a Prometheus elsewhere a private address.',
    default: '127.0.0.1',
    example: '10.0.0.11',
  }),
  METRICS_PUBLIC: required(HTTP, value.oneOf('off', 'on'), {
    doc: 'With `on`, `GET /metrics` is answered at `HTTP_PORT` and `HTTPS_PORT` too, to whoever reaches these.',
    default: 'off',
    example: 'on',
  }),
  METRICS_TOKEN: optional(HTTP, value.secretText, {
    doc: 'When set, `GET /metrics` needs `Authorization: Bearer` with this value, at every port, and `POST /admin/drain` stops the relay for who sends it.',
    defaultDoc: 'none: whoever reaches the port can read the metrics (they hold counts only)',
    example: 'a-long-random-value',
    secret: true,
  }),

  JWT_SECRET: optional(TOKENS, value.secretText, {
    doc: 'Shared secret of the host’s tokens (HS256): at least 32 random bytes (RFC 7518, 3.2), e.g. from `openssl rand -base64 48`.',
    defaultDoc: 'none; there is no fallback',
    example: 'the output of: openssl rand -base64 48',
    secret: true,
  }),
  JWT_SECRET_FILE: optional(TOKENS, value.anyText, {
    doc: 'File that holds the shared secret; a line end after it does not count.',
    defaultDoc: 'none',
    example: '/run/secrets/jwt-secret',
  }),
  JWT_PUBLIC_KEY: optional(TOKENS, value.anyText, {
    doc: 'Public key of the host’s tokens (PEM; `\\n` may stand for line ends).',
    defaultDoc: 'none',
    example: '"-----BEGIN PUBLIC KEY-----\\nMIIB…\\n-----END PUBLIC KEY-----"',
  }),
  JWT_PUBLIC_KEY_FILE: optional(TOKENS, value.anyText, {
    doc: 'File that holds the public key (PEM).',
    defaultDoc: 'none',
    example: '/etc/prospect-live/jwt-public.pem',
  }),
  JWKS_URL: optional(TOKENS, value.httpUrl, {
    doc: 'Where the host publishes its keys as a JSON Web Key Set (RFC 7517). `http:` only for this machine or outside production.',
    defaultDoc: 'none',
    example: 'https://login.example.com/.well-known/jwks.json',
  }),
  JWT_ALGORITHMS: optional(TOKENS, value.list(value.oneOf(...JWT_ALGORITHMS)), {
    doc: 'The signature algorithms that are accepted (RFC 7518, 3.1). HS… goes with a secret only; `none` is never accepted.',
    defaultDoc: 'HS256 for a secret; what the key is made for with a public key; RS256,ES256 for a JWKS',
    example: 'RS256',
  }),
  JWT_ISSUER: optional(TOKENS, value.anyText, {
    doc: 'The `iss` that every token must carry.',
    defaultDoc: 'not checked (warned about in production)',
    example: 'https://login.example.com',
  }),
  JWT_AUDIENCE: optional(TOKENS, value.anyText, {
    doc: 'A name that the `aud` of every token must contain.',
    defaultDoc: 'not checked (warned about in production)',
    example: 'prospect-live',
  }),
  JWT_CLOCK_TOLERANCE: required(TOKENS, value.duration(0, 120 * SECOND), {
    doc: 'How far the clocks of the relay and of the token’s maker may differ.',
    default: '5s',
    example: '5s',
  }),

  ANNOUNCED_ADDRESS: optional(MEDIA, value.list(value.ipAddress), {
    doc: 'The public IP address at which pages reach the media ports; or one per address of `MEDIA_LISTEN_IPS`, in the same order.',
    defaultDoc: 'outside production this machine’s own addresses; required in production',
    example: '203.0.113.7',
  }),
  MEDIA_LISTEN_IPS: optional(MEDIA, value.list(value.ipAddress), {
    doc: 'Local addresses that media binds, separated by commas.',
    defaultDoc: '`0.0.0.0` (`::` for IPv6) with an announced address, else every local IPv4 address and `::1`',
    example: '0.0.0.0',
  }),
  MEDIA_PORT: required(MEDIA, value.port, {
    doc: 'First media port. Each worker takes one port, UDP and TCP, counting up from here. `0` for free ones.',
    default: '44400',
    example: '44400',
  }),
  MEDIA_WORKERS: required(MEDIA, value.wholeNumber(1, 256), {
    doc: 'Number of media workers, each a process of its own.',
    default: String(availableParallelism()),
    defaultDoc: 'one per core',
    example: '4',
  }),
  AUDIO_BITRATE: required(MEDIA, value.wholeNumber(6000, 510_000), {
    doc: 'Opus bit rate asked of the commercials’ pages, in bits per second (RFC 7587, `maxaveragebitrate`).',
    default: '32000',
    example: '24000',
  }),
  AUDIO_PACKET_MS: required(MEDIA, value.oneNumberOf(20, 40, 60), {
    doc: 'Milliseconds of sound in a packet, asked of the commercials’ pages (RFC 8866, `ptime`): 20, 40 or 60. Longer ones are fewer, and heard later.',
    default: '20',
    example: '40',
  }),

  STUN_URLS: optional(ICE, value.list(value.iceUrl('stun', 'stuns')), {
    doc: 'STUN servers given to pages. Seldom of use: the relay itself has a public address.',
    defaultDoc: 'none',
    example: 'stun:stun.example.com:3478',
  }),
  TURN_URLS: optional(ICE, value.list(value.iceUrl('turn', 'turns')), {
    doc: 'TURN servers given to pages, for networks that let neither UDP nor the media port pass.',
    defaultDoc: 'none',
    example: 'turn:turn.example.com:3478?transport=udp,turns:turn.example.com:443?transport=tcp',
  }),
  TURN_SECRET: optional(ICE, value.secretText, {
    doc: 'Secret shared with the TURN servers (coturn: `static-auth-secret`), from which time-limited credentials are made.',
    defaultDoc: 'none; required with `TURN_URLS`',
    example: 'the same as in turnserver.conf',
    secret: true,
  }),
  TURN_TTL: required(ICE, value.duration(60 * SECOND, 7 * 24 * HOUR), {
    doc: 'How long TURN credentials are good for; longer than a working day spares reconnections.',
    default: '12h',
    example: '12h',
  }),

  SESSION_GRACE: required(SESSIONS, value.duration(0, HOUR), {
    doc: 'How long a session and its audio outlive a lost signalling connection.',
    default: '30s',
    example: '30s',
  }),
  DEMAND_LINGER: required(SESSIONS, value.duration(0, 10 * 60 * SECOND), {
    doc: 'How long a commercial’s page goes on sending after the last listener left.',
    default: '3s',
    example: '3s',
  }),
  VOICE_WITHOUT_LISTENERS: optional(SESSIONS, value.list(value.anyText), {
    doc: 'Teams, separated by commas, whose admins see in the roster how loud a commercial speaks also while nobody listens; `*` for all. The commercial is told so in words.',
    defaultDoc: 'none: nothing leaves the phone while nobody listens',
    example: 'North,South',
  }),
  MAX_STREAM: required(SESSIONS, value.duration(0, 24 * HOUR), {
    doc: 'The longest stream, after which it is stopped with the reason `time_limit`. `0` for no limit.',
    default: '8h',
    example: '4h',
  }),
  OFFLINE_KEEP: required(SESSIONS, value.duration(0, 24 * HOUR), {
    doc: 'How long a commercial who left stays in the roster as offline.',
    default: '10m',
    example: '10m',
  }),
  PING_INTERVAL: required(SESSIONS, value.duration(SECOND, 10 * 60 * SECOND), {
    doc: 'Time between two heartbeats of a signalling connection.',
    default: '25s',
    example: '25s',
  }),
  PING_TIMEOUT: required(SESSIONS, value.duration(SECOND, 10 * 60 * SECOND), {
    doc: 'How long a heartbeat may stay unanswered before the connection counts as lost.',
    default: '20s',
    example: '20s',
  }),

  MAX_MESSAGE_BYTES: required(LIMITS, value.wholeNumber(20_000, 1_048_576), {
    doc: 'The largest signalling message, in bytes. A session description takes up to 16 KiB.',
    default: '65536',
    example: '65536',
  }),
  MESSAGES_PER_SECOND: required(LIMITS, value.wholeNumber(1, 1000), {
    doc: 'Requests per second and connection.',
    default: '20',
    example: '20',
  }),
  CONNECTIONS_PER_USER: required(LIMITS, value.wholeNumber(1, 1000), {
    doc: 'Signalling connections (tabs, phones) of one user at the same time.',
    default: '10',
    example: '10',
  }),
  CONNECTIONS_PER_ADDRESS: required(LIMITS, value.wholeNumber(1, 100_000), {
    doc: 'Signalling connections from one IP address at the same time. A whole office may share one address.',
    default: '500',
    example: '500',
  }),
  MAX_SOCKETS: required(LIMITS, value.wholeNumber(10, 1_000_000), {
    doc: 'TCP connections to the HTTP and HTTPS ports at the same time, counted before TLS and HTTP. Never more than the process may open files. At the limit the longest idle one gives way.',
    default: '10000',
    example: '10000',
  }),
  SOCKETS_PER_ADDRESS: required(LIMITS, value.wholeNumber(1, 1_000_000), {
    doc: 'The same from one IP address (IPv6: one /64), and never more than half of all. Not applied with `TRUSTED_PROXIES`, since all connections come from the proxy then.',
    default: '2000',
    example: '2000',
  }),
  PENDING_HANDSHAKES: required(LIMITS, value.wholeNumber(1, 100_000), {
    doc: 'Connections whose token is being verified at the same time.',
    default: '500',
    example: '500',
  }),
  MAX_STREAMS: required(LIMITS, value.wholeNumber(1, 100_000), {
    doc: 'Streams at the same time; one more is refused with `capacity`.',
    default: '1000',
    example: '1000',
  }),
  MAX_LISTENERS: required(LIMITS, value.wholeNumber(1, 100_000), {
    doc: 'Listening admins at the same time; one more is refused with `capacity`.',
    default: '2000',
    example: '2000',
  }),
  MAX_LOAD: required(LIMITS, value.share(0.1), {
    doc: 'The load, from 0.1 to 1, of a media worker or of the relay’s own process from which on new streams and listeners are refused with `capacity`; what runs goes on. `0`: never.',
    default: '0.9',
    example: '0.9',
  }),

  POLICY_FILE: optional(POLICY, value.anyText, {
    doc: 'A file, JSON or YAML, that says who may be heard when, how long, why and by how many (docs/policy.md). `SIGHUP` reads it anew; `prospect-live policy check` says what it means. In a cluster every relay has the same.',
    defaultDoc: 'none: tokens alone say who may hear whom',
    example: '/etc/prospect-live/policy.yaml',
  }),

  ...clusterVariables,
} as const;

/** The name of a variable. */
export type VariableName = keyof typeof variables;

/** What the variables hold once read: null where one is not set and has no default. */
export type Values = {
  readonly [N in VariableName]:
    | z.infer<(typeof variables)[N]['schema']>
    | (null extends (typeof variables)[N]['default'] ? null : never);
};
