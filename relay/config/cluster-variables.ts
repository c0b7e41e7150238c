import { redisUrl } from './redis-url.ts';
import * as value from './values.ts';
import { optional, required } from './variable.ts';

const CLUSTER = 'Cluster (several relays as one service; nothing of it is used without CLUSTER_URL)';

/** Those of a cluster; nothing of them is used without `CLUSTER_URL`. */
export const clusterVariables = {
  CLUSTER_URL: optional(CLUSTER, redisUrl, {
    doc: 'Redis 7 or Valkey, over which the relays of a cluster speak: `redis://user:password@host:6379/0`, `redis+sentinel://host,host/master` (after it, where Sentinels ask for one, `?sentinelUsername=…&sentinelPassword=…`) or `redis+cluster://host,host`; `rediss` in place of `redis` for TLS. Special characters of a password stand as in URLs (`%40` for `@`). `?name=staging` keeps several clusters on one Redis apart.',
    defaultDoc: 'none: this relay is alone',
    example: 'rediss://relay:your-secret@redis.internal:6379',
    secret: true,
  }),
  CLUSTER_URL_FILE: optional(CLUSTER, value.anyText, {
    doc: 'File that holds that URL, since it may hold a password; a line end after it does not count.',
    defaultDoc: 'none',
    example: '/run/secrets/cluster-url',
  }),
  CLUSTER_SECRET: optional(CLUSTER, value.secretText, {
    doc: 'What every message between relays is sealed under (AES-256-GCM), the same on each: at least 32 random bytes, e.g. from `openssl rand -base64 48`. Who has it can listen in: it belongs to the relays alone.',
    defaultDoc: 'none; required with `CLUSTER_URL`',
    example: 'the output of: openssl rand -base64 48',
    secret: true,
  }),
  CLUSTER_SECRET_FILE: optional(CLUSTER, value.anyText, {
    doc: 'File that holds the cluster’s secret; a line end after it does not count.',
    defaultDoc: 'none',
    example: '/run/secrets/cluster-secret',
  }),
  CLUSTER_SECRET_PREVIOUS: optional(CLUSTER, value.secretText, {
    doc: 'A second secret that is understood too. To change the secret without a break, restart the relays one by one, three times: first with the new secret here, then with both swapped, then without the old one.',
    defaultDoc: 'none',
    example: 'the output of: openssl rand -base64 48',
    secret: true,
  }),
  CLUSTER_SECRET_PREVIOUS_FILE: optional(CLUSTER, value.anyText, {
    doc: 'File that holds the second secret.',
    defaultDoc: 'none',
    example: '/run/secrets/cluster-secret-previous',
  }),
  NODE_ID: optional(CLUSTER, value.shortName, {
    doc: 'This relay’s name among those of its cluster, in paths (`/n/<name>/`) and session ids: small letters, digits, hyphens. No two may have the same: the second one ends with an error.',
    defaultDoc: 'made up at each start',
    example: 'relay-1',
  }),
  NODE_URL: optional(CLUSTER, value.httpUrl, {
    doc: 'Public URL at which pages reach this relay and no other, where there is one. Without it the common name and the path `/n/<name>/` lead to it.',
    defaultDoc: 'none',
    example: 'https://relay-1.example.com',
  }),
  PIPE_ADDRESS: optional(CLUSTER, value.ipAddress, {
    doc: 'IP address at which the other relays reach this one’s pipes, which carry audio between relays (encrypted); a private one where there is one.',
    defaultDoc: 'outside production the first address of the media; required in production with `CLUSTER_URL`',
    example: '10.0.0.11',
  }),
  PIPE_PORTS: required(CLUSTER, value.portRange, {
    doc: 'UDP ports for pipes, both included. Each pair of workers of two relays takes one on either side. Open them to the other relays only.',
    default: '45000-45999',
    example: '45000-45999',
  }),
  DRAIN_TIME: required(CLUSTER, value.duration(0, 3_600_000), {
    doc: 'How long a relay that stops (`SIGTERM`, `POST /admin/drain`) waits for its pages to go over to other relays, while what they carry goes on. It ends as soon as the last one is gone, and at once where there is no other relay. `0`: it does not wait. Whoever stops it must let it have 10 s more.',
    default: '60s',
    example: '60s',
  }),
} as const;
