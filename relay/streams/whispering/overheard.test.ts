/** Whispers that others who listen hear too: never before the page of who speaks shows them, and no longer than they may. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { policyOf } from '../../policy/team-policy.ts';
import type { StreamSeal } from '../../protocol/stream-seal.ts';
import type { FakeListenTransport } from '../testing/fake-media.ts';
import { admin, type FakePage, FakePeer, Scene, settle } from '../testing/scene.ts';
import { type WhisperPair, whisperEnds, whisperingAdmin, whisperPair, whisperRules } from '../testing/whisper-scene.ts';

const OPEN = { heardByListeners: true };

let rules: ReturnType<typeof whisperRules>;
let scene: Scene;
beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  rules = whisperRules(OPEN);
  scene = new Scene({ policy: { exists: true, tag: 'one', of: (team) => policyOf(rules, team) } });
});
afterEach(() => {
  scene.registry.close();
  assert.deepEqual(scene.registry.whispering.gauges(), { ears: 0, microphones: 0, whispers: 0 });
  mock.timers.reset();
});

interface Overhearing {
  readonly page: FakePage;
  readonly ear: FakeListenTransport;
}

/** An admin who hears Cléo, and whose page is connected with an ear. */
async function listener(id: string): Promise<Overhearing> {
  const page = await whisperingAdmin(scene, id, { whisper: false });
  const { whispering } = scene.registry;
  await whispering.connect(page.session, 'connect');
  await whispering.answer(page.session, 'an answer');
  await settle();
  return { page, ear: scene.media.listen() };
}

const begin = async ({ ada }: WhisperPair): Promise<string> => {
  const { id } = await scene.registry.whispering.begin(ada.session);
  await settle();
  return id;
};
const named = ({ peer }: FakePage) => peer.last('whisper:hearers').hearers.map(({ id }) => id);
/** The page of who speaks shows the newest that it was told. */
const shows = async ({ ada }: WhisperPair): Promise<void> => {
  const { id, version } = ada.peer.last('whisper:hearers');
  scene.registry.whispering.seen(ada.session, id, version);
  await settle();
};
/** Ada speaks, and Bea hears it, as Ada's page shows. */
async function heard() {
  const pair = await whisperPair(scene);
  const bea = await listener('bea');
  const id = await begin(pair);
  await shows(pair);
  assert.equal(bea.ear.heard, pair.microphone.source);
  return { ...pair, pair, bea, id };
}
const last = ({ peer }: FakePage) => peer.last('whisper:overheard').whisper;
const endOf = () => scene.trail.findLast(({ event }) => event === 'whisper_ended');

describe('a whisper that others may hear', () => {
  it('is heard by those who listen once the page of who speaks shows them, and the audit trail says who they were', async () => {
    const pair = await whisperPair(scene);
    const bea = await listener('bea');
    assert.equal(bea.page.peer.last('whisper:changed').overheard, true);
    const id = await begin(pair);
    assert.deepEqual(pair.ada.peer.last('whisper:hearers'), { id, version: 1, hearers: [{ id: 'bea', name: 'BEA' }] });
    assert.equal(pair.ear.heard, pair.microphone.source, 'the commercial hears it');
    assert.equal(bea.ear.heard, null, 'Ada’s page does not show her yet');
    assert.equal(bea.page.peer.all('whisper:overheard').length, 0);
    await shows(pair);
    assert.equal(bea.ear.heard, pair.microphone.source);
    assert.deepEqual(bea.page.peer.last('whisper:overheard'), {
      commercialId: 'cleo',
      whisper: { id, by: { id: 'ada', name: 'ADA' } },
    });
    scene.registry.whispering.stop(pair.ada.session, null);
    await settle();
    assert.deepEqual([bea.ear.heard, last(bea.page)], [null, null]);
    const ended = endOf();
    assert.ok(ended?.event === 'whisper_ended');
    assert.deepEqual(ended.heardBy, ['bea']);
  });

  it('is not heard by who comes later before the page of who speaks shows them too; the others hear on', async () => {
    const { pair, bea, ada, microphone } = await heard();
    const cora = await listener('cora');
    assert.deepEqual(named(ada), ['bea', 'cora']);
    assert.deepEqual([bea.ear.heard, cora.ear.heard], [microphone.source, null]);
    await shows(pair);
    assert.deepEqual([bea.ear.heard, cora.ear.heard], [microphone.source, microphone.source]);
  });

  it('is not heard by who went and came back on the word of a version without them', async () => {
    const pair = await whisperPair(scene);
    const bea = await listener('bea');
    const id = await begin(pair);
    const first = pair.ada.peer.last('whisper:hearers').version;
    scene.registry.listening.stop(bea.page.session);
    await settle();
    assert.deepEqual(named(pair.ada), []);
    scene.registry.listening.select(bea.page.session, 'cleo');
    await settle();
    // The commercial's page is told of several changes at once.
    mock.timers.tick(1_000);
    await settle();
    assert.deepEqual(named(pair.ada), ['bea']);
    // Lost on the way until now: what it showed then was another Bea.
    scene.registry.whispering.seen(pair.ada.session, id, first);
    assert.equal(bea.ear.heard, null);
    scene.registry.whispering.seen(pair.ada.session, id, 99);
    scene.registry.whispering.seen(pair.ada.session, 'another whisper', 3);
    assert.equal(bea.ear.heard, null, 'nothing that was told');
    await shows(pair);
    assert.equal(bea.ear.heard, pair.microphone.source);
  });

  it('is heard by nobody on the word of another page, or of a whisper that is over', async () => {
    const pair = await whisperPair(scene);
    const bea = await listener('bea');
    const id = await begin(pair);
    scene.registry.whispering.seen(bea.page.session, id, 1);
    scene.registry.whispering.seen(pair.cleo.session, id, 1);
    assert.equal(bea.ear.heard, null);
    scene.registry.whispering.stop(pair.ada.session, null);
    scene.registry.whispering.seen(pair.ada.session, id, 1);
    await settle();
    assert.equal(bea.ear.heard, null);
    const ended = endOf();
    assert.ok(ended?.event === 'whisper_ended' && ended.heardBy === undefined, 'nobody else heard it');
  });

  for (const [what, cut] of [
    ['they hear the commercial no more', ({ bea }) => scene.registry.listening.stop(bea.page.session)],
    ['they hear somebody else', ({ bea }) => scene.registry.listening.select(bea.page.session, 'hugo')],
    ['their page loses its connection', ({ bea }) => bea.page.session.detach(bea.page.peer)],
    ['their token ends', ({ bea }) => bea.page.session.end('token_expired')],
    [
      'their team is another one',
      ({ bea }) => bea.page.session.refresh({ user: admin('bea', ['Sud']), expiresAt: Date.now() + 3_600_000 }),
    ],
    [
      'their token asks for what is sealed',
      ({ bea }) =>
        bea.page.session.refresh({ user: admin('bea'), expiresAt: Date.now() + 3_600_000, e2ee: 'required' }),
    ],
    ['their page lets go of its ear', ({ bea }) => scene.registry.whispering.disconnect(bea.page.session, 'ear')],
    ['their ear is lost', ({ bea }) => bea.ear.become('disconnected')],
    [
      'the policy does not let them any more',
      () => {
        rules = whisperRules(true);
        scene.registry.policyChanged();
      },
    ],
  ] as const satisfies readonly (readonly [string, (all: Awaited<ReturnType<typeof heard>>) => void])[]) {
    it(`is heard no more by others as soon as ${what}, and goes on for the commercial`, async () => {
      const all = await heard();
      cut(all);
      assert.equal(all.bea.ear.heard, null, 'at once');
      await settle();
      assert.deepEqual(named(all.ada), []);
      assert.equal(all.ear.heard, all.microphone.source);
      assert.deepEqual(whisperEnds(all.cleo), []);
    });
  }

  for (const [what, end] of [
    ['the commercial refuses it', ({ cleo }) => scene.registry.whispering.stop(cleo.session, null)],
    ['the commercial pauses', ({ cleo }) => scene.registry.publishing.pause(cleo.session, true)],
    ['the commercial takes the earpiece out', ({ cleo }) => scene.registry.whispering.allow(cleo.session, false, true)],
    ['the page of who speaks is lost', ({ ada }) => ada.session.detach(ada.peer)],
    ['who speaks hears the commercial no more', ({ ada }) => scene.registry.listening.stop(ada.session)],
    [
      'the policy allows no whispers any more',
      () => {
        rules = whisperRules(false);
        scene.registry.policyChanged();
      },
    ],
  ] as const satisfies readonly (readonly [string, (all: Awaited<ReturnType<typeof heard>>) => unknown])[]) {
    it(`is over for all as soon as ${what}`, async () => {
      const all = await heard();
      void end(all);
      assert.deepEqual([all.ear.heard, all.bea.ear.heard], [null, null], 'at once');
      await settle();
      assert.equal(last(all.bea.page), null);
      assert.equal(scene.registry.whispering.gauges().whispers, 0);
    });
  }

  it('is heard again by a page that comes back once it is shown again', async () => {
    const { pair, bea, ada, microphone } = await heard();
    const { session } = bea.page;
    session.detach(bea.page.peer);
    await settle();
    const peer = new FakePeer();
    session.attach(peer);
    await settle();
    assert.equal(peer.last('whisper:changed').overheard, true);
    assert.deepEqual(named(ada), ['bea']);
    assert.equal(bea.ear.heard, null);
    await shows(pair);
    assert.equal(bea.ear.heard, microphone.source);
  });

  it('leaves the ear where it is when who speaks lets go of the microphone', async () => {
    const { ada } = await heard();
    const { whispering } = scene.registry;
    await whispering.connect(ada.session, 'connect');
    assert.deepEqual(whispering.gauges(), { ears: 3, microphones: 1, whispers: 1 });
    whispering.disconnect(ada.session, 'microphone');
    assert.deepEqual(whispering.gauges(), { ears: 3, microphones: 0, whispers: 0 });
    whispering.disconnect(ada.session, 'ear');
    assert.equal(whispering.gauges().ears, 2);
  });

  it('is told of with its seal, to pages that open what is sealed', async () => {
    const pair = await whisperPair(scene);
    const bea = await listener('bea');
    const seal: StreamSeal = { salt: 'A'.repeat(22), tag: 7 };
    await scene.registry.whispering.begin(pair.ada.session, seal);
    await settle();
    assert.equal(pair.ada.peer.all('whisper:hearers').length, 0, 'Bea’s page does not open it');
    scene.registry.listening.select(bea.page.session, 'cleo', false, null, true);
    await settle();
    await shows(pair);
    assert.deepEqual(last(bea.page)?.e2ee, seal);
  });
});

describe('where the policy says nothing of it', () => {
  it('no page may connect an ear for it, and none is told that it might', async () => {
    rules = whisperRules(true);
    const pair = await whisperPair(scene);
    const bea = await whisperingAdmin(scene, 'bea', { whisper: false });
    await assert.rejects(scene.registry.whispering.connect(bea.session, 'connect'), { code: 'whisper_not_allowed' });
    assert.equal(bea.peer.all('whisper:changed').length, 0);
    await begin(pair);
    assert.equal(pair.ada.peer.all('whisper:hearers').length, 0);
    const hearing = scene.media.listening.filter(({ hearing }) => hearing === pair.microphone.source);
    assert.deepEqual(hearing, [pair.ear]);
  });

  it('who connected an ear while it did hears nothing', async () => {
    const pair = await whisperPair(scene);
    const bea = await listener('bea');
    rules = whisperRules(true);
    scene.registry.policyChanged();
    assert.equal(bea.page.peer.last('whisper:changed').overheard, undefined);
    await begin(pair);
    assert.equal(pair.ada.peer.all('whisper:hearers').length, 0);
    assert.equal(bea.ear.heard, null);
  });
});
