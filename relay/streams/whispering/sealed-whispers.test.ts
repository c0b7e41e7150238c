/** Whispers to streams that are sealed from end to end, at one relay: sealed too, or refused. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { policyOf } from '../../policy/team-policy.ts';
import { admin, type FakePage, FakePeer, Scene, settle } from '../testing/scene.ts';
import { whisperEnds as ends, type WhisperPair, whisperPair, whisperRules } from '../testing/whisper-scene.ts';

let scene: Scene;
beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  scene = new Scene({ policy: { exists: true, tag: 'one', of: (team) => policyOf(whisperRules(true), team) } });
});
afterEach(() => {
  scene.registry.close();
  assert.deepEqual(scene.registry.whispering.gauges(), { ears: 0, microphones: 0, whispers: 0 });
  mock.timers.reset();
});

const pair = (): Promise<WhisperPair> => whisperPair(scene);
const begin = (page: FakePage) => scene.registry.whispering.begin(page.session);
const code = (expected: string) => ({ code: expected });

describe('streams that are sealed from end to end', () => {
  const STREAM = { salt: 'AAAAAAAAAAAAAAAAAAAAAA', tag: 7 };
  const SEAL = { salt: 'BBBBBBBBBBBBBBBBBBBBBB', tag: 8 };
  const OTHER = { salt: 'CCCCCCCCCCCCCCCCCCCCCC', tag: 9 };
  const required = (user: ReturnType<typeof admin>) => ({
    user,
    expiresAt: Date.now() + 3_600_000,
    whisper: true as const,
    e2ee: 'required' as const,
  });

  /** As `pair`, and the stream is sealed. */
  async function sealedPair(opensSealed = true): Promise<WhisperPair> {
    const both = await pair();
    const { listening, publishing, whispering } = scene.registry;
    listening.select(both.ada.session, 'cleo', false, null, true);
    await publishing.start(both.cleo.session, true, STREAM);
    if (opensSealed) whispering.allow(both.cleo.session, true, true, true);
    await settle();
    return both;
  }

  it('are whispered to with what is sealed, and the page is told how; never with what is not', async () => {
    const { cleo, ada, ear } = await sealedPair();
    const { whispering } = scene.registry;
    assert.deepEqual(ada.peer.last('whisper:changed'), { commercialId: 'cleo', voice: true, cues: false, by: null });
    await assert.rejects(begin(ada), code('e2ee_required'));
    await assert.rejects(whispering.cue(ada.session, 'hello'), code('e2ee_required'));
    assert.equal(cleo.peer.all('whisper:began').length, 0);
    const { id } = await whispering.begin(ada.session, SEAL);
    await settle();
    assert.deepEqual(cleo.peer.last('whisper:began').e2ee, SEAL);
    assert.ok(ear.heard);
    assert.equal((await whispering.begin(ada.session, SEAL)).id, id, 'asked again is the same');
    assert.notEqual((await whispering.begin(ada.session, OTHER)).id, id, 'sealed anew is another one');
    assert.deepEqual(cleo.peer.last('whisper:began').e2ee, OTHER);
    assert.deepEqual(ends(cleo), ['stopped']);
    // Another salt of the stream changes nothing.
    await scene.registry.publishing.start(cleo.session, true, OTHER);
    assert.deepEqual(ends(cleo), ['stopped']);
  });

  it('end what is not sealed when they begin', async () => {
    const { cleo, ada, ear } = await pair();
    scene.registry.listening.select(ada.session, 'cleo', false, null, true);
    await settle();
    await begin(ada);
    await settle();
    assert.ok(ear.heard);
    await scene.registry.publishing.start(cleo.session, true, STREAM);
    await settle();
    assert.equal(ear.heard, null);
    assert.deepEqual([ends(cleo), ends(ada)], [['e2ee_required'], ['e2ee_required']]);
  });

  it('are whispered to by nobody whom their page could not open: it would play noise', async () => {
    const { cleo, ada } = await sealedPair(false);
    const { whispering } = scene.registry;
    assert.equal(ada.peer.last('whisper:changed').voice, false);
    await assert.rejects(whispering.begin(ada.session, SEAL), code('whisper_not_allowed'));
    assert.equal(cleo.peer.all('whisper:began').length, 0);
    whispering.allow(cleo.session, false, true);
    assert.throws(() => whispering.allow(cleo.session, true, true), code('e2ee_required'));
  });

  for (const reason of ['e2ee_required', 'e2ee_key_missing', 'e2ee_cannot_decrypt'] as const) {
    it(`the page that hears it ends it, and the admin is told why: ${reason}`, async () => {
      const { cleo, ada, ear } = await sealedPair();
      await scene.registry.whispering.begin(ada.session, SEAL);
      await settle();
      scene.registry.whispering.stop(cleo.session, reason);
      await settle();
      assert.equal(ear.heard, null);
      assert.deepEqual(ends(ada), [reason]);
    });
  }

  it('an admin whose token asks for them sends nothing else, also when the token comes later', async () => {
    const { ada, ear } = await pair();
    await begin(ada);
    await settle();
    assert.ok(ear.heard);
    ada.session.refresh(required(admin('ada')));
    await settle();
    assert.equal(ear.heard, null);
    await assert.rejects(begin(ada));
    const { cleo, ada: again } = await (async () => {
      scene.registry.publishing.stop(scene.streamOf('cleo').session);
      return sealedPair();
    })();
    again.session.refresh(required(admin('ada')));
    await assert.rejects(begin(again), code('e2ee_required'));
    await assert.rejects(scene.registry.whispering.cue(again.session, 'hello'), code('e2ee_required'));
    await scene.registry.whispering.begin(again.session, SEAL);
    assert.deepEqual(cleo.peer.last('whisper:began').e2ee, SEAL);
  });

  it('in a session that was resumed it goes on as before: sealed, or not at all', async () => {
    const { cleo, ada, ear } = await sealedPair();
    const { whispering } = scene.registry;
    await whispering.begin(ada.session, SEAL);
    await settle();
    ada.session.detach(ada.peer);
    await settle();
    assert.equal(ear.heard, null);
    const peer = new FakePeer();
    ada.session.attach(peer);
    await settle();
    assert.equal(peer.last('whisper:changed').voice, true);
    await assert.rejects(begin(ada), code('e2ee_required'));
    await whispering.begin(ada.session, OTHER);
    assert.deepEqual(cleo.peer.last('whisper:began').e2ee, OTHER);
    await settle();
    assert.ok(ear.heard);
  });
});
