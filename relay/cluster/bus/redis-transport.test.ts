/** Against a real Redis, which is stopped, killed, frozen and emptied. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { skipWithout } from '../../../test/harness/ensure-program.ts';
import { RedisServer } from '../../../test/harness/redis-server.ts';
import { waitUntil } from '../../../test/harness/wait.ts';
import { redisUrl } from '../../config/redis-url.ts';
import { TimerSet } from '../../streams/timers.ts';
import type { ClusterError } from '../cluster-error.ts';
import { RedisScript } from './redis-connection.ts';
import { RedisTransport } from './redis-transport.ts';

const timers = new TimerSet();
const open: RedisTransport[] = [];
afterEach(async () => {
  for (const transport of open.splice(0)) await transport.close();
});
after(() => timers.clear());

async function connect(url: string): Promise<RedisTransport> {
  const transport = new RedisTransport({
    endpoint: redisUrl.parse(url).redis,
    namespace: 'prospect:{test}:',
    timers,
    logger: pino({ level: 'silent' }),
  });
  open.push(transport);
  return transport;
}

async function connected(url: string): Promise<RedisTransport> {
  const transport = await connect(url);
  await waitUntil('the connection', () => transport.up);
  return transport;
}

const CHANNEL = 'prospect:{test}:a';

/** A sender and a receiver that is subscribed. */
async function pair(url: string) {
  const [one, two] = await Promise.all([connected(url), connected(url)]);
  const heard: string[] = [];
  let standing = 0;
  const stop = two.subscribe(
    CHANNEL,
    (text) => heard.push(text),
    () => {
      standing += 1;
    },
  );
  await waitUntil('the subscription', () => standing === 1);
  return { one, two, heard, stop, standing: () => standing };
}

/** Says it until it is heard: messages are lost until everything stands again. */
async function carriesAgain(one: RedisTransport, heard: string[], text: string): Promise<void> {
  await waitUntil(`${text} is heard`, async () => {
    await one.publish(CHANNEL, text);
    return heard.includes(text);
  });
}

describe('RedisTransport', { skip: await skipWithout('redis-server') }, () => {
  let server: RedisServer;
  before(async () => {
    server = await RedisServer.start();
  });
  after(() => server.close());

  it('carries texts by channel, in order, to the sender too', async () => {
    const { one, two, heard, stop } = await pair(server.url);
    const own: string[] = [];
    one.subscribe(CHANNEL, (text) => own.push(text));
    const sent = Array.from({ length: 200 }, (_, index) => `${index} é € 😀`);
    const taken = await Promise.all(sent.map((text) => one.publish(CHANNEL, text)));
    assert.ok(taken.every(Boolean));
    await one.publish('prospect:{test}:b', 'elsewhere');
    await waitUntil('all', () => heard.length === sent.length);
    assert.deepEqual(heard, sent);
    stop();
    stop();
    await one.publish(CHANNEL, 'too late');
    await waitUntil('the sender heard it', () => own.includes('too late'));
    assert.equal(heard.length, sent.length);
    assert.equal(two.counts().received, sent.length);
    assert.equal(one.counts().failed, 0);
  });

  it('tells when it is there, also somebody who asks later', async () => {
    const transport = await connect(server.url);
    let told = 0;
    transport.onUp(() => {
      told += 1;
    });
    await waitUntil('told', () => told === 1);
    transport.onUp(() => {
      told += 1;
    });
    await waitUntil('told at once', () => told === 2);
  });

  it('a server that is killed and restarts empty: all subscriptions stand again, and everybody is told', async () => {
    const { one, two, heard, standing } = await pair(server.url);
    let ups = 0;
    two.onUp(() => {
      ups += 1;
    });
    await waitUntil('up', () => ups === 1);
    await server.kill();
    await waitUntil('the loss is noticed', () => !two.up && !one.up);
    assert.equal(await one.publish(CHANNEL, 'into nothing'), false);
    let standingMeanwhile = 0;
    two.subscribe(
      'prospect:{test}:meanwhile',
      () => undefined,
      () => {
        standingMeanwhile += 1;
      },
    );
    await server.restart();
    await waitUntil('standing again', () => standing() === 2 && ups === 2 && standingMeanwhile === 1);
    await waitUntil('the sender too', () => one.up);
    assert.equal(await one.publish(CHANNEL, 'again'), true);
    await waitUntil('heard', () => heard.includes('again'));
    assert.deepEqual(heard, ['again']);
    assert.equal(two.counts().reconnects, 1);
  });

  it('a connection that the server closes is made anew', async () => {
    const { one, heard, standing } = await pair(server.url);
    server.cli('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await waitUntil('standing again', () => standing() === 2);
    server.cli('CLIENT', 'KILL', 'TYPE', 'normal');
    await carriesAgain(one, heard, 'again');
  });

  it('a server that is frozen for a while: nothing blocks, what was said late may come late, then all goes on', async () => {
    const { one, two, heard } = await pair(server.url);
    server.freeze();
    assert.equal(await one.publish(CHANNEL, 'late'), false);
    server.thaw();
    await waitUntil('the late message', () => heard.includes('late'));
    assert.equal(await one.publish(CHANNEL, 'again'), true);
    await waitUntil('heard', () => heard.includes('again'));
    assert.ok(two.up);
  });

  it('a server that is frozen for long is noticed, though its connections stay', async () => {
    const { one, two, heard, standing } = await pair(server.url);
    server.freeze();
    await waitUntil('noticed', () => !two.up && !one.up);
    server.thaw();
    await waitUntil('standing again', () => standing() >= 2);
    await carriesAgain(one, heard, 'again');
  });

  it('keeps a bounded number of bytes for a frozen server', async () => {
    const { one } = await pair(server.url);
    server.freeze();
    const text = 'x'.repeat(1_000_000);
    const before = process.memoryUsage().external + process.memoryUsage().arrayBuffers;
    const sent = await Promise.all(Array.from({ length: 200 }, () => one.publish(CHANNEL, text)));
    const held = process.memoryUsage().external + process.memoryUsage().arrayBuffers - before;
    server.thaw();
    assert.equal(sent.filter(Boolean).length, 0);
    assert.ok(held < 50_000_000, `${held} bytes`);
    await waitUntil('it takes messages again', () => one.publish(CHANNEL, 'again'));
  });

  it('says nothing and takes nothing once it has closed', async () => {
    const { one, two, heard, standing } = await pair(server.url);
    await two.close();
    await two.close();
    assert.equal(two.up, false);
    assert.equal(await two.publish(CHANNEL, 'x'), false);
    await one.publish(CHANNEL, 'x');
    assert.deepEqual([heard, standing()], [[], 1]);
  });

  it('what is asked before the first connection waits for it, later nothing waits', async () => {
    const transport = await connect(server.url);
    const echo = new RedisScript('return ARGV[1]');
    assert.equal(await transport.run(echo, [], ['x']), 'x');
    await server.kill();
    await waitUntil('noticed', () => !transport.up);
    await assert.rejects(transport.run(echo, [], ['x']), (error) => (error as ClusterError).code === 'bus_down');
    const never = await connect(server.url);
    await assert.rejects(never.run(echo, [], ['x']), (error) => (error as ClusterError).code === 'bus_down');
    await server.restart();
  });

  it('goes on trying where there is no server yet', async () => {
    const late = await RedisServer.start();
    await late.kill();
    const transport = await connect(late.url);
    assert.equal(await transport.publish(CHANNEL, 'x'), false);
    await late.restart();
    await waitUntil('the connection', () => transport.up);
    await transport.close();
    await late.close();
  });
});
