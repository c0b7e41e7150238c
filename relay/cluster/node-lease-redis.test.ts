/** Over a real Redis, as a relay starts: the connection is made while the id is taken. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { skipWithout } from '../../test/harness/ensure-program.ts';
import { RedisServer } from '../../test/harness/redis-server.ts';
import { waitUntil } from '../../test/harness/wait.ts';
import { redisUrl } from '../config/redis-url.ts';
import { TimerSet } from '../streams/timers.ts';
import { ClusterKeys } from './bus/cluster-keys.ts';
import { RedisTransport } from './bus/redis-transport.ts';
import { ClusterError } from './cluster-error.ts';
import { NodeLease } from './node-lease.ts';
import { RedisStore } from './store/redis-store.ts';
import { SECRET } from './testing/bus-scene.ts';

describe('NodeLease over Redis', { skip: await skipWithout('redis-server') }, () => {
  let server: RedisServer;
  const ends: (() => Promise<void>)[] = [];
  before(async () => {
    server = await RedisServer.start();
  });
  after(async () => {
    for (const end of ends) await end();
    await server.close();
  });

  /** A relay that starts. `die` is kill -9. */
  function starting(id: string) {
    const timers = new TimerSet();
    const transport = new RedisTransport({
      endpoint: redisUrl.parse(server.url).redis,
      namespace: 'prospect:{test}:',
      timers,
      logger: pino({ level: 'silent' }),
    });
    const taken: ClusterError[] = [];
    const lease = new NodeLease({
      id,
      store: new RedisStore(transport),
      keys: new ClusterKeys(SECRET),
      timers,
      logger: pino({ level: 'silent' }),
      onTaken: (error) => taken.push(error),
    });
    const die = async () => {
      timers.clear();
      await transport.close();
    };
    ends.push(die);
    return { lease, taken, die };
  }

  it('the second of the same id ends, and the first goes on', async () => {
    const [one, two] = [starting('a'), starting('a')];
    await one.lease.take();
    await assert.rejects(
      two.lease.take(),
      (error) => error instanceof ClusterError && error.code === 'node_id_taken' && error.message.includes('NODE_ID'),
    );
    assert.deepEqual(one.taken, []);
  });

  it('a relay that was killed comes back under its id, with a later epoch', async () => {
    const one = starting('b');
    const first = await one.lease.take();
    await one.die();
    assert.ok((await starting('b').lease.take()) > first);
  });

  it('a relay that closes leaves its id', async () => {
    const one = starting('c');
    await one.lease.take();
    assert.equal(server.cli('EXISTS', 'prospect:{test}:node:c'), '1');
    await one.lease.close();
    assert.equal(server.cli('EXISTS', 'prospect:{test}:node:c'), '0');
  });

  it('a Redis that restarts empty has the id again', async () => {
    const one = starting('d');
    await one.lease.take();
    await server.kill();
    await server.restart();
    await waitUntil('renewed', () => server.cli('EXISTS', 'prospect:{test}:node:d') === '1');
    assert.deepEqual(one.taken, []);
  });
});
