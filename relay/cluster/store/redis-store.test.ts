import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { skipWithout } from '../../../test/harness/ensure-program.ts';
import { RedisServer } from '../../../test/harness/redis-server.ts';
import { waitUntil } from '../../../test/harness/wait.ts';
import { redisUrl } from '../../config/redis-url.ts';
import { TimerSet } from '../../streams/timers.ts';
import { RedisTransport } from '../bus/redis-transport.ts';
import { ClusterError } from '../cluster-error.ts';
import { testStoreContract } from '../testing/store-contract.ts';
import type { ClusterStore } from './cluster-store.ts';
import { RedisStore } from './redis-store.ts';

describe('RedisStore', { skip: await skipWithout('redis-server') }, () => {
  const timers = new TimerSet();
  let server: RedisServer;
  let transport: RedisTransport;
  let store: ClusterStore;
  before(async () => {
    server = await RedisServer.start();
    transport = new RedisTransport({
      endpoint: redisUrl.parse(server.url).redis,
      namespace: 'prospect:{test}:',
      timers,
      logger: pino({ level: 'silent' }),
    });
    store = new RedisStore(transport);
    await waitUntil('connected', () => transport.up);
  });
  after(async () => {
    await transport.close();
    await server.close();
    timers.clear();
  });

  testStoreContract(() => store);

  const key = (name: string) => `prospect:{test}:${name}`;
  const wish = { node: 'a', epoch: 1, session: 's', again: true, predecessor: null };

  it('counts by Redis’s own clock, in microseconds', async () => {
    const [seconds = ''] = server.cli('TIME').split('\n');
    const outcome = await store.claim(['claim:clock'], wish, 60_000);
    assert.ok(outcome.taken);
    assert.ok(Math.abs(outcome.order / 1e6 - Number(seconds)) < 60);
  });

  it('takes what others wrote there for nothing: garbage, numbers beyond counting, other types', async () => {
    for (const value of ['garbage', '99999999999999999999 a 1 s', '5 A 1 s', `5 a 1 ${'s'.repeat(400)}`]) {
      server.cli('SET', key('claim:x'), value);
      const outcome = await store.claim(['claim:x'], wish, 60_000);
      assert.ok(outcome.taken && outcome.previous === null, value);
      server.cli('DEL', key('claim:x'));
    }
    for (const name of ['claim:y', 'hold:y', 'next:y']) server.cli('RPUSH', key(name), 'a list');
    assert.ok((await store.claim(['claim:y'], wish, 60_000)).taken);
    assert.equal(await store.hold('hold:y', 'one', 60_000, null), null);
    assert.equal(await store.next('next:y', 7, 60_000), 7);
    await store.letGo('hold:y', 'one');
  });

  it('everything runs out', async () => {
    await store.hold('hold:ttl', 'one', 60_000, null);
    await store.next('next:ttl', 7, 60_000);
    await store.claim(['claim:ttl'], wish, 60_000);
    for (const name of ['hold:ttl', 'next:ttl', 'claim:ttl']) {
      const left = Number(server.cli('PTTL', key(name)));
      assert.ok(left > 50_000 && left <= 60_000, `${name} ${left}`);
    }
  });

  it('knows its scripts again after the server has forgotten them', async () => {
    server.cli('SCRIPT', 'FLUSH');
    assert.ok((await store.claim(['claim:forgotten'], wish, 60_000)).taken);
  });

  it('a frozen server: bus_timeout; none: bus_down', async () => {
    server.freeze();
    const frozen = store.letGo('x', 'y');
    await assert.rejects(frozen, (error) => error instanceof ClusterError && error.code === 'bus_timeout');
    server.thaw();
    await server.kill();
    await waitUntil('the loss is noticed', () => !transport.up);
    await assert.rejects(store.letGo('x', 'y'), (error) => error instanceof ClusterError && error.code === 'bus_down');
    await server.restart();
    await waitUntil('connected again', () => transport.up);
    await store.letGo('x', 'y');
  });
});
