import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { AuditEntry } from '../audit-entries.ts';
import { signDelivery } from './signature.ts';
import { WebhookSink } from './webhook-sink.ts';

const SECRET = 'a secret of these tests, 32 bytes or more';

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server that answers as `answer` says. */
async function receiver(t: TestContext, answer: (nth: number) => number | null) {
  const received: Received[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (part) => {
      body += part;
    });
    req.on('end', () => {
      received.push({ headers: req.headers, body });
      const status = answer(received.length);
      // Null: never.
      if (status !== null) res.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

function sink(t: TestContext, url: string, log: string[] = [], answerWithin = 10_000): WebhookSink {
  const made = new WebhookSink({
    url,
    secret: SECRET,
    relay: 'one',
    logger: pino({ level: 'info' }, { write: (line) => void log.push(line) }),
    times: { gather: 5, firstRetry: 5, lastRetry: 40, answerWithin },
  });
  t.after(() => made.close());
  return made;
}

const entry = (stream: string): AuditEntry => ({ event: 'stream_started', stream, commercial: 'lea', equipe: 'nord' });
const streams = ({ body }: Received): string[] =>
  JSON.parse(body).entries.map(({ stream }: { stream: string }) => stream);

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 10) {
    assert.ok(waited < 10_000, 'waited in vain');
    await sleep(10);
  }
}

test('the signature is the one of the Standard Webhooks specification', () => {
  // Its own example.
  const headers = signDelivery(
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    1614265330,
    '{"test": 2432232314}',
  );
  assert.equal(headers['webhook-signature'], 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('entries are delivered together, in order, signed over what was sent', async (t) => {
  const { received, url } = await receiver(t, () => 204);
  const hook = sink(t, url);
  for (let i = 0; i < 250; i++) hook.record(entry(`s${i}`));
  await until(() => hook.gauges.delivered === 250);
  assert.deepEqual(
    received.map((each) => streams(each).length),
    [100, 100, 50],
  );
  assert.deepEqual(
    received.flatMap(streams),
    Array.from({ length: 250 }, (_, i) => `s${i}`),
  );
  for (const { headers, body } of received) {
    const id = String(headers['webhook-id']);
    const expected = signDelivery(SECRET, id, Number(headers['webhook-timestamp']), body);
    assert.equal(headers['webhook-signature'], expected['webhook-signature']);
    assert.equal(JSON.parse(body).relay, 'one');
  }
  assert.equal(new Set(received.map(({ headers }) => headers['webhook-id'])).size, 3);
});

test('what is refused, redirected or not answered is sent again with the same id, and nothing overtakes it', async (t) => {
  const { received, url } = await receiver(t, (nth) => (nth > 4 ? 200 : ([500, 302, null, 429][nth - 1] ?? null)));
  const log: string[] = [];
  const hook = sink(t, url, log, 400);
  hook.record(entry('a'));
  await until(() => received.length > 0);
  hook.record(entry('b'));
  await until(() => hook.gauges.delivered === 2);
  // On a busy machine one more may have come too late.
  const first = received.map(streams).filter(([stream]) => stream === 'a').length;
  assert.ok(first >= 5);
  assert.deepEqual(received.slice(first).map(streams)[0], ['b']);
  assert.equal(new Set(received.slice(0, first).map(({ headers }) => headers['webhook-id'])).size, 1);
  const whys = log.flatMap((line) => JSON.parse(line).why ?? []);
  assert.deepEqual([whys[0], whys[1], whys[3]], ['HTTP 500', 'HTTP 302', 'HTTP 429']);
});

test('what waits is bounded: the oldest give way, are counted, and the receiver is told how many', async (t) => {
  let up = false;
  const { received, url } = await receiver(t, () => (up ? 200 : 503));
  const hook = sink(t, url);
  hook.record(entry('first'));
  await until(() => received.length > 0);
  for (let i = 0; i < 10_007; i++) hook.record(entry(`s${i}`));
  assert.equal(hook.gauges.lost, 7);
  up = true;
  await until(() => hook.gauges.waiting === 0);
  const told = received.filter((_, i) => i > 0).map(({ body }) => JSON.parse(body).lost);
  assert.equal(Math.max(...told), 7);
  assert.equal(told.at(-1), 0);
  assert.equal(hook.gauges.delivered, 10_001);
});

test('a relay that stops delivers what waits, and is not held up by a receiver that does not answer', async (t) => {
  const good = await receiver(t, () => 200);
  const hook = sink(t, good.url);
  hook.record(entry('a'));
  await hook.close();
  assert.deepEqual(good.received.map(streams), [['a']]);
  const silent = await receiver(t, () => null);
  const log: string[] = [];
  const stuck = sink(t, silent.url, log);
  stuck.record(entry('a'));
  const before = performance.now();
  await stuck.close();
  assert.ok(performance.now() - before < 4_000);
  assert.match(log.join(), /entries were not delivered/);
});
