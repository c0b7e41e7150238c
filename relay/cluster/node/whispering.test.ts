/** Whispers whose admin and commercial are connected to different nodes: the commercial's home decides, and the voice goes there and nowhere else. */
import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { policyFile } from '../../policy/policy-schema.ts';
import { policyOf } from '../../policy/team-policy.ts';
import { admin, commercial, FakePeer } from '../../streams/testing/scene.ts';
import { ClusterScene, rest } from '../testing/cluster-scene.ts';

const file = policyFile.parse({ version: 1, teams: { '*': { whisper: true } } });

/** Nodes a, where Cléo is live and wears an earpiece, and b, where Ada hears her and has a microphone. */
async function scene(t: TestContext) {
  const policy = { exists: true, tag: 'one', of: (team: string) => policyOf(file, team) };
  const cluster = new ClusterScene({ policyOf: () => ({ policy }) });
  t.after(() => cluster.close());
  const [a, b] = await cluster.start('a', 'b');
  const verified = { user: admin('ada'), expiresAt: Date.now() + 3_600_000, whisper: true };
  const { session } = b.scene.registry.registry.open(verified, undefined);
  const peer = new FakePeer();
  session.attach(peer);
  const ada = { session, peer, resumed: false };
  await b.scene.registry.listening.connect(session, 'connect');
  await b.scene.registry.listening.answer(session, 'an answer');
  await rest();
  const cleo = await a.scene.live(commercial('cleo'));
  const notify = cleo.peer.notify.bind(cleo.peer);
  cleo.peer.notify = (name, payload) => {
    notify(name, payload);
    if (name !== 'whisper:began' && name !== 'whisper:cued') return;
    const { id } = payload as { id: string };
    queueMicrotask(() => a.scene.registry.whispering.shown(cleo.session, id));
  };
  await rest();
  b.scene.registry.listening.select(session, 'cleo');
  const { whispering } = a.scene.registry;
  await whispering.connect(cleo.session, 'connect');
  await whispering.answer(cleo.session, 'an answer');
  const ear = a.scene.media.listen();
  whispering.allow(cleo.session, true, true);
  await b.scene.registry.whispering.offer(session, 'connect', 'an offer');
  await rest();
  return { a, b, ada, cleo, ear };
}

it('is offered, heard, stopped, and in the home’s audit trail', async (t) => {
  const { a, b, ada, cleo, ear } = await scene(t);
  assert.deepEqual(ada.peer.last('whisper:changed'), { commercialId: 'cleo', voice: true, cues: true, by: null });
  const { id } = await b.scene.registry.whispering.begin(ada.session);
  await rest();
  assert.equal(cleo.peer.last('whisper:began').by.name, 'ADA');
  assert.ok(ear.heard);
  assert.deepEqual(b.given, ['a'], 'the microphone goes to the home');
  assert.equal(ada.peer.last('whisper:changed').by?.id, 'ada');
  b.scene.registry.whispering.stop(ada.session, null);
  await rest();
  assert.equal(ear.hearing, null);
  assert.deepEqual(b.given, []);
  assert.equal(a.cluster.gauges().whispers + b.cluster.gauges().whispers, 0);
  const kept = a.scene.trail.flatMap((entry) => (entry.event === 'whisper_began' ? [entry.whisper] : []));
  assert.deepEqual(kept, [id]);
  assert.ok(!b.scene.trail.some(({ event }) => event.startsWith('whisper')));
  // To who comes back it is told again, without the home.
  const peer = new FakePeer();
  ada.session.attach(peer);
  assert.equal(peer.last('whisper:changed').voice, true);
});

it('is sealed where the stream is, or refused, and the commercial’s page is told how', async (t) => {
  const { a, b, ada, cleo, ear } = await scene(t);
  const stream = { salt: 'AAAAAAAAAAAAAAAAAAAAAA', tag: 7 };
  const seal = { salt: 'BBBBBBBBBBBBBBBBBBBBBB', tag: 8 };
  b.scene.registry.listening.select(ada.session, 'cleo', false, null, true);
  await a.scene.registry.publishing.start(cleo.session, true, stream);
  a.scene.registry.whispering.allow(cleo.session, true, true, true);
  await rest();
  await rest();
  assert.deepEqual(ada.peer.last('whisper:changed'), { commercialId: 'cleo', voice: true, cues: false, by: null });
  await assert.rejects(b.scene.registry.whispering.begin(ada.session), { code: 'e2ee_required' });
  await b.scene.registry.whispering.begin(ada.session, seal);
  await rest();
  assert.deepEqual(cleo.peer.last('whisper:began').e2ee, seal);
  assert.ok(ear.heard);
  a.scene.registry.whispering.stop(cleo.session, 'e2ee_cannot_decrypt');
  await rest();
  assert.equal(ear.hearing, null);
  assert.equal(ada.peer.last('whisper:ended').reason, 'e2ee_cannot_decrypt');
});

it('ends when the commercial refuses, pauses, or is cut off, and the admin is told', async (t) => {
  const { a, b, ada, cleo, ear } = await scene(t);
  const { whispering } = b.scene.registry;
  await whispering.begin(ada.session);
  a.scene.registry.whispering.stop(cleo.session, 'echo');
  await rest();
  assert.equal(ear.hearing, null);
  assert.deepEqual(b.given, []);
  await whispering.begin(ada.session);
  await a.scene.registry.publishing.pause(cleo.session, true, null);
  await rest();
  assert.deepEqual(
    ada.peer.all('whisper:ended').map(({ reason }) => reason),
    ['echo', 'not_heard'],
  );
  assert.deepEqual(b.given, []);
});

it('the home’s refusals come through by their codes, and texts arrive', async (t) => {
  const { a, b, ada, cleo } = await scene(t);
  const { whispering } = b.scene.registry;
  await whispering.cue(ada.session, 'Say the price');
  assert.equal(cleo.peer.last('whisper:cued').text, 'Say the price');
  a.scene.registry.whispering.allow(cleo.session, false, false);
  await assert.rejects(whispering.begin(ada.session), { code: 'whisper_not_allowed' });
  await assert.rejects(whispering.cue(ada.session, 'x'), { code: 'whisper_not_allowed' });
});

it('nobody hears an admin any more whose node is gone', async (t) => {
  const { a, b, ada, ear } = await scene(t);
  await b.scene.registry.whispering.begin(ada.session);
  await rest();
  assert.ok(ear.hearing);
  const [peer] = a.membership.peers();
  assert.ok(peer);
  await b.close();
  await rest();
  assert.equal(ear.hearing, null);
  assert.equal(a.cluster.gauges().whispers, 0);
});
