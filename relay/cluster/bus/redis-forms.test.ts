/** The ways in which ops have a Redis: behind a password and access rules, TLS, Sentinels, as a Redis Cluster. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Redis as Client } from 'ioredis';
import { createCA, createCert } from 'mkcert';
import { pino } from 'pino';
import { Redis } from '../../../test/harness/cluster/redis.ts';
import { skipWithout } from '../../../test/harness/ensure-program.ts';
import { freePort } from '../../../test/harness/network/free-port.ts';
import { RedisServer } from '../../../test/harness/redis-server.ts';
import { waitUntil } from '../../../test/harness/wait.ts';
import { redisUrl } from '../../config/redis-url.ts';
import { TimerSet } from '../../streams/timers.ts';
import { RedisStore } from '../store/redis-store.ts';
import { testStoreContract } from '../testing/store-contract.ts';
import { RedisTransport } from './redis-transport.ts';

const skip = await skipWithout('redis-server');
const timers = new TimerSet();
const open: RedisTransport[] = [];
// Those of tests that failed, too.
after(async () => {
  for (const transport of open) await transport.close();
  timers.clear();
});

const NAMESPACE = 'prospect:{test}:';

class Link {
  readonly transport: RedisTransport;
  readonly heard: string[] = [];
  standing = 0;
  readonly lines: string[] = [];

  constructor(url: string) {
    this.transport = new RedisTransport({
      endpoint: redisUrl.parse(url).redis,
      namespace: NAMESPACE,
      timers,
      logger: pino({ level: 'debug' }, { write: (line: string) => this.lines.push(line) }),
    });
    open.push(this.transport);
    this.transport.subscribe(
      `${NAMESPACE}a`,
      (text) => this.heard.push(text),
      () => {
        this.standing += 1;
      },
    );
  }

  async carries(text: string): Promise<void> {
    await waitUntil(`${text} comes through`, async () => {
      await this.transport.publish(`${NAMESPACE}a`, text);
      return this.heard.includes(text);
    });
  }
}

describe('Redis with the documented configuration', { skip }, () => {
  let redis: Redis;
  let link: Link;
  before(async () => {
    redis = await Redis.start(await freePort());
    link = new Link(redis.url);
    await waitUntil('connected', () => link.transport.up);
  });
  after(async () => {
    await link.transport.close();
    await redis.close();
  });

  it('carries messages', () => link.carries('hello'));

  testStoreContract(() => new RedisStore(link.transport));

  it('lets nobody in without the password, and says so', async () => {
    const stranger = new Link(redis.url.replace(/:[^:@]+@/, ':wrong@'));
    await waitUntil('refused', () => stranger.lines.some((line) => line.includes('WRONGPASS')));
    assert.equal(stranger.transport.up, false);
    assert.doesNotMatch(stranger.lines.join(), /wrong[@"]/);
    await stranger.transport.close();
  });

  it('lets the relays do nothing outside their names', async () => {
    const client = new Client(redis.url);
    try {
      await assert.rejects(client.set('others:x', 'y'), /NOPERM/);
      await assert.rejects(client.publish('others:x', 'y'), /NOPERM/);
      await assert.rejects(client.flushall(), /NOPERM/);
      assert.equal(await client.set(`${NAMESPACE}x`, 'y', 'PX', 1_000), 'OK');
    } finally {
      client.disconnect();
    }
  });
});

describe('Redis with TLS', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'prospect-redis-tls-'));
  const before_ = getCACertificates('default');
  let server: RedisServer;
  let authority: { cert: string; key: string };
  before(async () => {
    authority = await createCA({ organization: 'Test', countryCode: 'FR', state: 'x', locality: 'x', validity: 2 });
    const { cert, key } = await createCert({ ca: authority, domains: ['127.0.0.1', 'localhost'], validity: 2 });
    const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
    writeFileSync(files.cert, cert);
    writeFileSync(files.key, key);
    server = await RedisServer.start({ tls: files });
  });
  after(async () => {
    setDefaultCACertificates(before_);
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it('refuses a certificate that nobody vouches for, then takes one of a known authority', async () => {
    const link = new Link(`rediss://127.0.0.1:${server.port}`);
    await waitUntil('refused', () => link.lines.some((line) => /unable to verify|self.signed/i.test(line)));
    assert.equal(link.transport.up, false);
    setDefaultCACertificates([...before_, authority.cert]);
    await waitUntil('connected', () => link.transport.up);
    await link.carries('sealed twice');
    await link.transport.close();
  });
});

describe('Redis with Sentinels', { skip }, () => {
  const servers: RedisServer[] = [];
  after(async () => {
    for (const server of servers) await server.close();
  });

  it('follows the master to another server', async () => {
    const master = await RedisServer.start();
    const replica = await RedisServer.start({ lines: [`replicaof 127.0.0.1 ${master.port}`] });
    servers.push(master, replica);
    await waitUntil('the replica follows', () => replica.cli('INFO', 'replication').includes('master_link_status:up'));
    const sentinel = await RedisServer.start({
      sentinel: true,
      lines: [
        `sentinel monitor mine 127.0.0.1 ${master.port} 1`,
        'sentinel down-after-milliseconds mine 500',
        'sentinel failover-timeout mine 2000',
      ],
    });
    servers.push(sentinel);
    await waitUntil('the Sentinel knows the replica', () => sentinel.cli('SENTINEL', 'replicas', 'mine').length > 10);
    const link = new Link(`redis+sentinel://127.0.0.1:${sentinel.port}/mine`);
    await waitUntil('connected', () => link.transport.up);
    await link.carries('before');
    const standing = link.standing;
    await master.kill();
    await waitUntil('the other one is master', () => replica.cli('ROLE').startsWith('master'), 30_000);
    await link.carries('after');
    await waitUntil('told', () => link.standing > standing);
    assert.equal(await new RedisStore(link.transport).hold('x', 'y', 10_000, null), null);
    await link.transport.close();
  });
});

describe('Redis Cluster', { skip }, () => {
  let server: RedisServer;
  let link: Link;
  const form = async (): Promise<void> => {
    server.cli('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await waitUntil('the cluster stands', () => server.cli('CLUSTER', 'INFO').includes('cluster_state:ok'));
  };
  before(async () => {
    server = await RedisServer.start({
      lines: ['cluster-enabled yes', 'cluster-port', 'cluster-announce-ip 127.0.0.1'],
    });
    await form();
    link = new Link(`redis+cluster://127.0.0.1:${server.port}`);
    await waitUntil('connected', () => link.transport.up && link.standing > 0);
  });
  after(async () => {
    await link.transport.close();
    await server.close();
  });

  it('carries messages, by sharded channels', async () => {
    await link.carries('hello');
    assert.match(server.cli('PUBSUB', 'SHARDCHANNELS'), /prospect:\{test\}:a/);
    assert.equal(server.cli('PUBSUB', 'CHANNELS'), '');
  });

  testStoreContract(() => new RedisStore(link.transport));

  it('stands again after the server was gone, with what was followed meanwhile', async () => {
    const standing = link.standing;
    await server.kill();
    await waitUntil('noticed', () => !link.transport.up);
    const meanwhile: string[] = [];
    link.transport.subscribe(`${NAMESPACE}b`, (text) => meanwhile.push(text));
    await server.restart();
    await form();
    await waitUntil('standing again', () => link.transport.up && link.standing > standing);
    await link.carries('again');
    await waitUntil('the new one too', async () => {
      await link.transport.publish(`${NAMESPACE}b`, 'new');
      return meanwhile.includes('new');
    });
  });

  it('stands again after the server was frozen for long', async () => {
    const standing = link.standing;
    server.freeze();
    await waitUntil('noticed', () => !link.transport.up);
    server.thaw();
    await waitUntil('standing again', () => link.transport.up && link.standing > standing);
    await link.carries('thawed');
  });
});
