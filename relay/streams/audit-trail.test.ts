/** What is kept of listening: who really heard whom, for how long, and why it ended; ids alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry } from '../audit/audit-entries.ts';
import { auditLog } from '../audit/log-sink.ts';
import { admin, commercial, Scene, settle } from './testing/scene.ts';

type Ended = Extract<AuditEntry, { event: 'hearing_ended' }>;

function hearings({ trail }: Scene): (string | null)[][] {
  return trail.flatMap((entry) => {
    if (entry.event === 'hearing_began') return [['began', entry.admin, entry.commercial]];
    return entry.event === 'hearing_ended' ? [['ended', entry.admin, entry.commercial, entry.cause]] : [];
  });
}

function ends({ trail }: Scene): Ended[] {
  return trail.filter((entry) => entry.event === 'hearing_ended');
}

/** An admin who hears Cléo. */
async function heard(changes = {}) {
  const scene = new Scene(changes);
  const cleo = await scene.live(commercial('cleo', 'Nord', 'Cléo Secret'));
  const ada = await scene.listening(admin('ada', ['Nord'], 'Ada Secret'));
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  return { scene, cleo, ada };
}

test('a hearing begins with the consumer and ends with it, with ids and without names', async () => {
  const { scene, ada } = await heard();
  scene.registry.listening.select(ada.session, 'cleo'); // sent again: nothing new
  await settle();
  scene.registry.listening.stop(ada.session);
  scene.registry.listening.stop(ada.session);
  assert.deepEqual(hearings(scene), [
    ['began', 'ada', 'cleo'],
    ['ended', 'ada', 'cleo', 'asked'],
  ]);
  const [began, ended] = scene.trail.filter((entry) => entry.event !== 'stream_started');
  assert.ok(began?.event === 'hearing_began' && ended?.event === 'hearing_ended');
  assert.equal(began.hearing, ended.hearing);
  assert.equal(began.stream, ended.stream);
  assert.ok(!JSON.stringify(scene.trail).includes('Secret'));
  scene.registry.close();
});

test('a wish is no hearing: nobody is there, the page shows nobody, the consumer is not made, nothing is negotiated', async () => {
  const scene = new Scene();
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'ghost');
  await settle();
  scene.registry.listening.stop(ada.session);
  const cleo = await scene.live(commercial('cleo'));
  cleo.peer.onDemand = () => {};
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  scene.registry.listening.stop(ada.session);
  await scene.live(commercial('hugo'));
  const { promise, resolve } = Promise.withResolvers<void>();
  scene.media.slow = (step) => (step === 'hear' ? promise : Promise.resolve());
  scene.registry.listening.select(ada.session, 'hugo');
  await settle();
  scene.registry.listening.stop(ada.session);
  resolve();
  await settle();
  const zoe = scene.join(admin('zoe'));
  scene.registry.listening.select(zoe.session, 'hugo');
  await settle();
  assert.deepEqual(hearings(scene), []);
  scene.registry.close();
});

test('who waits, or whose commercial has paused, is due no audio', async () => {
  const { scene, cleo } = await heard();
  assert.equal(scene.registry.hearingsDue(), 1);
  const zoe = await scene.listening(admin('zoe'));
  scene.registry.listening.select(zoe.session, 'hugo');
  await settle();
  assert.equal(scene.registry.totalListeners(), 2);
  assert.equal(scene.registry.hearingsDue(), 1);
  await scene.registry.publishing.pause(cleo.session, true);
  assert.equal(scene.registry.hearingsDue(), 0);
  scene.registry.close();
});

test('a pause is part of the hearing, its time apart', async (t) => {
  const { scene, cleo, ada } = await heard();
  let now = performance.now();
  t.mock.method(performance, 'now', () => now);
  now += 300;
  await scene.registry.publishing.pause(cleo.session, true);
  await settle();
  now += 1_500;
  await scene.registry.publishing.pause(cleo.session, false);
  await settle();
  now += 200;
  scene.registry.listening.stop(ada.session);
  await settle();
  const [end, ...more] = ends(scene);
  assert.deepEqual(more, []);
  assert.ok(end);
  assert.ok(end.heardMs >= 500 && end.heardMs < 1_500, `heard for ${end.heardMs} ms`);
  assert.ok(end.pausedMs >= 1_490 && end.pausedMs <= 1_510, `paused for ${end.pausedMs} ms`);
  assert.equal(end.connectedMs, end.heardMs);
  scene.registry.publishing.stop(cleo.session);
  const stream = scene.trail.at(-1);
  assert.ok(stream?.event === 'stream_ended' && stream.cause === 'stopped');
  assert.ok(stream.pausedMs >= 1_490 && stream.pausedMs <= 1_510 && stream.liveMs >= 2_000);
  scene.registry.close();
});

test('each end has its cause', async () => {
  const causes: Record<string, (all: Awaited<ReturnType<typeof heard>>) => unknown> = {
    replaced: async ({ scene }) => {
      const newer = await scene.listening(admin('ada'));
      scene.registry.listening.select(newer.session, 'cleo');
    },
    forbidden: ({ ada }) => ada.session.refresh({ user: admin('ada', ['Sud']), expiresAt: Date.now() + 60_000 }),
    token_expired: ({ ada }) => ada.session.end('token_expired'),
    grace_expired: ({ ada }) => ada.session.end('grace_expired'),
    page_gone: ({ scene, ada }) => {
      scene.media.listen().become('disconnected');
      ada.session.detach(ada.peer);
    },
    stream_stopped: ({ scene, cleo }) => scene.registry.publishing.stop(cleo.session),
    stream_token_expired: ({ cleo }) => cleo.session.end('token_expired'),
    stream_page_gone: ({ cleo }) => cleo.session.end('superseded'),
    stream_replaced: ({ scene }) => scene.live(commercial('cleo')),
    source_lost: ({ scene }) => scene.media.publish().lose('transport_failed'),
    worker_died: ({ scene }) => scene.media.listen().lose('worker_died'),
    transport_failed: ({ scene }) => scene.media.listen().lose('transport_failed'),
    media_closed: ({ scene, ada }) => scene.registry.listening.disconnect(ada.session),
    relay_stopping: ({ scene }) => scene.registry.close(),
  };
  for (const [cause, bring] of Object.entries(causes)) {
    const all = await heard();
    await bring(all);
    await settle();
    assert.deepEqual(hearings(all.scene).slice(0, 2), [
      ['began', 'ada', 'cleo'],
      ['ended', 'ada', 'cleo', cause],
    ]);
    all.scene.registry.close();
    await settle();
    const began = all.scene.trail.filter(({ event }) => event === 'hearing_began').length;
    assert.equal(ends(all.scene).length, began, `${cause}: every hearing has one end`);
    const started = all.scene.trail.filter(({ event }) => event === 'stream_started').length;
    assert.equal(all.scene.trail.filter(({ event }) => event === 'stream_ended').length, started);
  }
});

test('audio that is lost with a worker of the commercial says so, and what follows is another hearing', async () => {
  const { scene, cleo } = await heard();
  scene.media.publish().lose('worker_died');
  await settle();
  await scene.publish(cleo);
  await settle();
  assert.deepEqual(hearings(scene), [
    ['began', 'ada', 'cleo'],
    ['ended', 'ada', 'cleo', 'worker_died'],
    ['began', 'ada', 'cleo'],
  ]);
  scene.registry.close();
});

test('a switch ends one hearing and begins another; a takeover by another page of the commercial too', async () => {
  const { scene, ada } = await heard();
  await scene.live(commercial('hugo'));
  scene.registry.listening.select(ada.session, 'hugo');
  await settle();
  await scene.live(commercial('hugo'));
  await settle();
  assert.deepEqual(hearings(scene), [
    ['began', 'ada', 'cleo'],
    ['ended', 'ada', 'cleo', 'asked'],
    ['began', 'ada', 'hugo'],
    ['ended', 'ada', 'hugo', 'stream_replaced'],
    ['began', 'ada', 'hugo'],
  ]);
  scene.registry.close();
});

test('time without a path to the page is told from time with one', async (t) => {
  const { scene, ada } = await heard();
  let now = performance.now();
  t.mock.method(performance, 'now', () => now);
  scene.media.listen().become('disconnected');
  now += 5_000;
  scene.media.listen().become('connected');
  scene.registry.listening.stop(ada.session);
  const [end] = ends(scene);
  assert.ok(end && end.heardMs >= 5_000 && end.heardMs - end.connectedMs >= 4_990);
  scene.registry.close();
});

test('the lines are JSON that is marked, whatever the log level is', () => {
  const lines: string[] = [];
  auditLog({ write: (line) => void lines.push(line) }).record({
    event: 'stream_started',
    stream: 's',
    commercial: 'c',
    equipe: 'nord',
  });
  const [line, ...more] = lines.map((text): unknown => JSON.parse(text));
  assert.deepEqual(more, []);
  assert.ok(typeof line === 'object' && line !== null && 'time' in line);
  const { time, ...rest } = line;
  assert.ok(!Number.isNaN(Date.parse(String(time))));
  assert.deepEqual(rest, {
    level: 'info',
    audit: true,
    event: 'stream_started',
    stream: 's',
    commercial: 'c',
    equipe: 'nord',
    msg: 'stream started',
  });
});
