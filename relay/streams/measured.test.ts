/** What people feel is measured when it has happened: with pages and media of tests, and their clocks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countMeasures, readMeasures } from '../measures/testing/read-measures.ts';
import { admin, commercial, type FakePage, Scene, settle } from './testing/scene.ts';

const only = (all: Record<string, number>, name: string) =>
  Object.fromEntries(Object.entries(all).filter(([key]) => key.startsWith(name)));

/** The waits for a first packet so far, by cause; those in vain with a minus. */
async function waits(scene: Scene): Promise<Record<string, number>> {
  const all = await countMeasures(scene.measures);
  const cause = (key: string) => /cause="(\w+)"/.exec(key)?.[1];
  return Object.fromEntries(
    Object.entries(all).flatMap(([key, value]): [string, number][] => {
      if (key.startsWith('first_packet_seconds_count')) return [[cause(key) ?? '', value]];
      return key.startsWith('first_packet_missed_total') ? [[`-${cause(key)}`, value]] : [];
    }),
  );
}

async function hearing(): Promise<{ scene: Scene; cleo: FakePage; ada: FakePage }> {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  scene.media.listen().packets = false;
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  return { scene, cleo, ada };
}

test('a consumer is no packet: the wait ends with the first one that was sent', async () => {
  const { scene } = await hearing();
  assert.ok(scene.media.listen().hearing);
  assert.deepEqual(await waits(scene), {});
  scene.media.listen().send();
  scene.media.listen().send();
  assert.deepEqual(await waits(scene), { first: 1 });
  scene.registry.close();
});

test('a wait begins when there is somebody to hear, not with a selection of somebody who is not live', async () => {
  const scene = new Scene();
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  await new Promise((resolve) => setTimeout(resolve, 300));
  await scene.live(commercial('cleo'));
  await settle();
  const read = await readMeasures(scene.measures);
  assert.equal(read['first_packet_seconds_count{cause="first"}'], 1);
  assert.ok((read['first_packet_seconds_sum{cause="first"}'] ?? 1) < 0.3);
  scene.registry.close();
});

test('each wait has its cause', async () => {
  const { scene, cleo, ada } = await hearing();
  scene.media.listen().send();
  await scene.registry.publishing.pause(cleo.session, true);
  assert.deepEqual(await waits(scene), { first: 1 });
  await scene.registry.publishing.pause(cleo.session, false);
  await settle();
  scene.media.listen().send();
  assert.deepEqual(await waits(scene), { first: 1, resume: 1 });

  await scene.live(commercial('dora'));
  scene.registry.listening.select(ada.session, 'dora');
  await settle();
  scene.media.listen().send();
  assert.deepEqual(await waits(scene), { first: 1, resume: 1, switch: 1 });

  // The page makes a new transport: what was heard is made anew on it.
  scene.media.listen().lose('worker_died');
  await scene.registry.listening.connect(ada.session, 'connect');
  await scene.registry.listening.answer(ada.session, 'an answer');
  await settle();
  assert.deepEqual(await waits(scene), { first: 1, resume: 1, switch: 1, restart: 1 });
  scene.registry.close();
});

test('who gives up, or whose commercial is interrupted meanwhile, has waited in vain', async () => {
  const { scene, cleo, ada } = await hearing();
  scene.registry.publishing.capture(cleo.session, 'microphone');
  assert.deepEqual(await waits(scene), { '-first': 1 });
  scene.registry.publishing.capture(cleo.session, null);
  scene.registry.listening.stop(ada.session);
  scene.registry.listening.stop(ada.session);
  assert.deepEqual(await waits(scene), { '-first': 2 });
  scene.registry.close();
});

test('a page that goes on after a loss does not listen for the first time', async () => {
  const scene = new Scene();
  await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo', true);
  await settle();
  assert.deepEqual(await waits(scene), { restart: 1 });
  scene.registry.close();
});

test('the commercial is told when the page has acknowledged, once for each who comes', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  await settle();
  const versions: number[] = [];
  cleo.peer.onDemand = (version) => versions.push(version);
  const [ada, bea] = [await scene.listening(admin('ada')), await scene.listening(admin('bea'))];
  for (const { session } of [ada, bea]) scene.registry.listening.select(session, 'cleo');
  assert.deepEqual(only(await countMeasures(scene.measures), 'commercial_told'), {});
  scene.registry.publishing.seen(cleo.session, versions.at(-1) ?? 0);
  scene.registry.publishing.seen(cleo.session, versions.at(-1) ?? 0);
  assert.deepEqual(only(await countMeasures(scene.measures), 'commercial_told'), { commercial_told_seconds_count: 2 });
  // Who has gone before was never told of.
  scene.registry.listening.stop(bea.session);
  scene.registry.listening.select(bea.session, 'cleo');
  scene.registry.listening.stop(bea.session);
  scene.registry.publishing.seen(cleo.session, versions.at(-1) ?? 0);
  assert.deepEqual(only(await countMeasures(scene.measures), 'commercial_told'), { commercial_told_seconds_count: 2 });
  scene.registry.close();
});

test('every fault that is over is measured, by what it was', async () => {
  const { scene, cleo, ada } = await hearing();
  const { publishing, listening } = scene.registry;
  scene.media.publish().become('disconnected');
  scene.media.publish().become('connected');
  cleo.session.detach(cleo.peer);
  scene.join(commercial('cleo'), cleo.session);
  publishing.capture(cleo.session, 'hidden');
  publishing.capture(cleo.session, null);
  scene.media.listen().lose('transport_failed');
  await listening.connect(ada.session, 'connect');
  await listening.answer(ada.session, 'an answer');
  scene.media.publish().lose('worker_died');
  await scene.publish(cleo);
  assert.deepEqual(only(await countMeasures(scene.measures), 'recovery'), {
    'recovery_seconds_count{fault="network",kind="publish"}': 1,
    'recovery_seconds_count{fault="signalling",kind="publish"}': 1,
    'recovery_seconds_count{fault="hidden",kind="publish"}': 1,
    'recovery_seconds_count{fault="transport",kind="listen"}': 1,
    'recovery_seconds_count{fault="worker",kind="publish"}': 1,
  });
  scene.registry.close();
});

test('a fault that ends with the page’s own wish was not mended', async () => {
  const { scene, ada } = await hearing();
  scene.media.listen().become('disconnected');
  scene.registry.listening.disconnect(ada.session);
  await scene.registry.listening.connect(ada.session, 'connect');
  await scene.registry.listening.answer(ada.session, 'an answer');
  assert.deepEqual(only(await countMeasures(scene.measures), 'recovery'), {});
  scene.registry.close();
});

test('connected without media are those who should hear and to whom nothing comes', async () => {
  const { scene, cleo, ada } = await hearing();
  assert.equal(scene.registry.withoutMedia(), 0);
  scene.media.listen().silent = true;
  assert.equal(scene.registry.withoutMedia(), 1);
  scene.media.listen().become('disconnected');
  assert.equal(scene.registry.withoutMedia(), 0, 'the path is down, which is another fault');
  scene.media.listen().become('connected');
  scene.registry.publishing.capture(cleo.session, 'microphone');
  assert.equal(scene.registry.withoutMedia(), 0, 'the page says why nothing comes');
  scene.registry.publishing.capture(cleo.session, null);
  assert.equal(scene.registry.withoutMedia(), 1);
  scene.registry.listening.stop(ada.session);
  assert.equal(scene.registry.withoutMedia(), 0);
  scene.registry.close();
});
