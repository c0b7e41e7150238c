/** Whispers at one relay: who may, what the commercial's page must have said before, and everything that ends one. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { policyFile } from '../../policy/policy-schema.ts';
import { policyOf } from '../../policy/team-policy.ts';
import { WHISPER_LIMIT_MS } from '../../protocol/whisper-messages.ts';
import { admin, commercial, type FakePage, FakePeer, Scene, settle } from '../testing/scene.ts';
import {
  showsWhispers,
  type WhisperPair,
  whisperEnds,
  whisperingAdmin,
  whisperPair,
  whisperRules,
} from '../testing/whisper-scene.ts';
import { WHISPER_BURST } from './whisperers.ts';
import { CUE_KEPT_MS, SHOWN_WITHIN_MS } from './whispers.ts';

const file = whisperRules;

let rules: ReturnType<typeof file>;
let scene: Scene;
beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  rules = file(true);
  scene = new Scene({ policy: { exists: true, tag: 'one', of: (team) => policyOf(rules, team) } });
});
afterEach(() => {
  scene.registry.close();
  assert.deepEqual(scene.registry.whispering.gauges(), { ears: 0, microphones: 0, whispers: 0 });
  mock.timers.reset();
});

const speaker = (id: string, claims?: { whisper: boolean }): Promise<FakePage> => whisperingAdmin(scene, id, claims);
const pair = (): Promise<WhisperPair> => whisperPair(scene);
const begin = (page: FakePage) => scene.registry.whispering.begin(page.session);
const code = (expected: string) => (error: unknown) => {
  assert.equal((error as { code?: string }).code, expected);
  return true;
};
const trail = () => scene.trail.filter(({ event }) => event.startsWith('whisper'));
const ends = whisperEnds;

describe('a whisper', () => {
  it('is heard once the page shows who speaks, by the commercial alone, and is in the audit trail without a word of it', async () => {
    const { cleo, ada, ear, microphone } = await pair();
    const bea = await speaker('bea', { whisper: false });
    assert.deepEqual(ada.peer.last('whisper:changed'), { commercialId: 'cleo', voice: true, cues: true, by: null });
    assert.equal(bea.peer.all('whisper:changed').length, 0, 'without the claim nothing is possible');
    const { id, limitMs } = await begin(ada);
    await settle();
    assert.equal(limitMs, WHISPER_LIMIT_MS);
    assert.deepEqual(cleo.peer.last('whisper:began'), { id, by: { id: 'ada', name: 'ADA' }, limitMs });
    assert.equal(ear.heard, microphone.source);
    const heard = scene.media.listening.filter(({ hearing }) => hearing === microphone.source);
    assert.deepEqual(heard, [ear], 'nobody else hears the microphone');
    assert.deepEqual(bea.peer.last('whisper:changed').by, { id: 'ada', name: 'ADA' });
    scene.registry.whispering.stop(ada.session, null);
    await settle();
    assert.equal(ear.heard, null);
    assert.deepEqual(ends(cleo), ['stopped']);
    assert.deepEqual(ends(ada), [], 'who stopped knows');
    assert.equal(bea.peer.last('whisper:changed').by, null);
    const stream = scene.streamOf('cleo').id;
    const who = { commercial: 'cleo', equipe: 'Nord', stream };
    const [allowed, began, ended] = trail();
    assert.deepEqual(allowed, { event: 'whisper_allowed', ...who, allowed: true });
    assert.deepEqual(began, { event: 'whisper_began', whisper: id, ...who, admin: 'ada' });
    assert.ok(ended?.event === 'whisper_ended');
    assert.deepEqual(
      { ...ended, spokenMs: 0 },
      { event: 'whisper_ended', whisper: id, ...who, admin: 'ada', cause: 'stopped', spokenMs: 0 },
    );
  });

  it('is passed on to nobody before the page has said that it shows it, and is over when that does not come', async () => {
    const { cleo, ada, ear } = await pair();
    cleo.peer.notify = () => undefined;
    const refused = assert.rejects(begin(ada), code('whisper_not_shown'));
    await settle();
    assert.equal(ear.heard, null);
    mock.timers.tick(SHOWN_WITHIN_MS);
    await refused;
    await settle();
    assert.equal(ear.heard, null);
    assert.deepEqual(
      trail().map(({ event }) => event),
      ['whisper_allowed'],
      'nothing was passed on',
    );
    // Late, it means nothing.
    scene.registry.whispering.shown(cleo.session, 'late');
  });

  it('is refused where the claim, the policy, the commercial or the page says no, each by its code', async () => {
    const { cleo, ada } = await pair();
    const { whispering } = scene.registry;
    const bea = await speaker('bea', { whisper: false });
    await assert.rejects(begin(bea), code('forbidden'));
    assert.throws(() => whispering.offer(bea.session, 'connect', 'an offer'), code('forbidden'));
    const cora = await speaker('cora');
    await assert.rejects(begin(cora), code('not_connected'), 'no microphone');
    whispering.allow(cleo.session, false, true);
    await assert.rejects(begin(ada), code('whisper_not_allowed'));
    assert.equal(ada.peer.last('whisper:changed').voice, false);
    whispering.allow(cleo.session, true, true);
    scene.registry.listening.stop(ada.session);
    await assert.rejects(begin(ada), code('not_listening'));
    rules = file(false);
    scene.registry.policyChanged();
    assert.throws(() => whispering.allow(cleo.session, true, true), code('whisper_not_allowed'));
    assert.deepEqual(cleo.peer.last('whisper:offered'), { offered: false });
  });

  it('is one at a time: the second is refused with the name of who speaks', async () => {
    const { ada } = await pair();
    const bea = await speaker('bea');
    await scene.registry.whispering.offer(bea.session, 'connect', 'an offer');
    const first = await begin(ada);
    await assert.rejects(begin(bea), (error: Error) => code('whisper_busy')(error) && error.message.includes('ADA'));
    assert.equal((await begin(ada)).id, first.id, 'asked again is the same');
    scene.registry.whispering.stop(ada.session, null);
    await begin(bea);
  });

  it('that is let go before the page has answered carries nothing', async () => {
    const { cleo, ada, ear } = await pair();
    const { whispering } = scene.registry;
    let shown = '';
    cleo.peer.notify = (name, payload) => {
      if (name === 'whisper:began') shown = (payload as { id: string }).id;
    };
    const refused = assert.rejects(begin(ada), code('not_connected'));
    await settle();
    whispering.stop(ada.session, null);
    whispering.shown(cleo.session, shown);
    await refused;
    await settle();
    assert.equal(ear.heard, null);
  });

  const breaks: Record<string, [because: string, act: (pair: WhisperPair) => unknown]> = {
    'the commercial stops it': ['refused', ({ cleo }) => scene.registry.whispering.stop(cleo.session, null)],
    'the microphone hears it': ['echo', ({ cleo }) => scene.registry.whispering.stop(cleo.session, 'echo')],
    'the commercial allows it no longer': [
      'refused',
      ({ cleo }) => scene.registry.whispering.allow(cleo.session, false, true),
    ],
    'the commercial pauses': ['not_heard', ({ cleo }) => scene.registry.publishing.pause(cleo.session, true, null)],
    'the stream stops': ['not_heard', ({ cleo }) => scene.registry.publishing.stop(cleo.session)],
    'the admin hears somebody else': ['not_heard', ({ ada }) => scene.registry.listening.select(ada.session, 'hugo')],
    'the admin loses the team': [
      'not_heard',
      ({ ada }) => ada.session.refresh({ user: admin('ada', []), expiresAt: Date.now() + 60_000, whisper: true }),
    ],
    'the claim is gone': [
      'not_heard',
      ({ ada }) => ada.session.refresh({ user: admin('ada'), expiresAt: Date.now() + 60_000 }),
    ],
    'the policy forbids it': [
      'policy',
      () => {
        rules = file(false);
        scene.registry.policyChanged();
      },
    ],
    'the admin’s page is away': ['page_away', ({ ada }) => ada.session.detach(ada.peer)],
    'the commercial’s page is away': ['page_away', ({ cleo }) => cleo.session.detach(cleo.peer)],
    'the microphone’s path breaks': ['media_lost', ({ microphone }) => microphone.become('disconnected')],
    'the microphone’s worker dies': ['media_lost', ({ microphone }) => microphone.lose('worker_died')],
    'the ear’s path breaks': ['media_lost', ({ ear }) => ear.become('disconnected')],
    'the ear’s worker dies': ['media_lost', ({ ear }) => ear.lose('worker_died')],
    'it was as long as one may be': ['time_limit', () => mock.timers.tick(WHISPER_LIMIT_MS)],
  };
  for (const [what, [because, act]] of Object.entries(breaks)) {
    it(`ends at once when ${what}: ${because}`, async () => {
      const both = await pair();
      await begin(both.ada);
      await settle();
      assert.ok(both.ear.heard);
      await act(both);
      await settle();
      assert.ok(!both.ear.heard, 'the voice is passed on no more');
      const ended = trail().at(-1);
      const last = trail().findLast(({ event }) => event === 'whisper_ended');
      assert.ok(ended && last?.event === 'whisper_ended');
      assert.equal(last.cause, because);
      assert.equal(scene.registry.gauges().whispers, 0);
    });
  }

  it('of an admin whose claim goes while the page is waited for is not passed on', async () => {
    const { cleo, ada, ear } = await pair();
    const notify = cleo.peer.notify.bind(cleo.peer);
    cleo.peer.notify = (name, payload) => {
      if (name === 'whisper:began')
        ada.session.refresh({ user: admin('ada'), expiresAt: Date.now() + 3_600_000, whisper: false });
      notify(name, payload);
    };
    await assert.rejects(begin(ada), code('forbidden'));
    await settle();
    assert.equal(ear.heard, null);
    assert.equal(scene.registry.gauges().whispers, 0);
  });

  it('and texts come no faster than a person means them', async () => {
    const { ada } = await pair();
    for (let i = 0; i < WHISPER_BURST; i += 1) await scene.registry.whispering.cue(ada.session, `text ${i}`);
    await assert.rejects(begin(ada), code('rate_limited'));
  });
});

describe('a text', () => {
  it('is acknowledged when the page shows it, needs no earpiece, and can be refused', async () => {
    const cleo = await scene.live(commercial('cleo'));
    const ada = await speaker('ada');
    const { whispering } = scene.registry;
    assert.deepEqual(ada.peer.last('whisper:changed'), { commercialId: 'cleo', voice: false, cues: true, by: null });
    const late = assert.rejects(whispering.cue(ada.session, 'Say the price'), code('whisper_not_shown'));
    mock.timers.tick(SHOWN_WITHIN_MS);
    await late;
    assert.equal(trail().length, 0, 'what was not shown is not kept as sent');
    showsWhispers(scene, cleo);
    await whispering.cue(ada.session, 'Say the price');
    const { text, by } = cleo.peer.last('whisper:cued');
    assert.deepEqual([text, by.name], ['Say the price', 'ADA']);
    const stream = scene.streamOf('cleo').id;
    assert.deepEqual(trail(), [{ event: 'whisper_cue', commercial: 'cleo', equipe: 'Nord', stream, admin: 'ada' }]);
    whispering.allow(cleo.session, false, false);
    await assert.rejects(whispering.cue(ada.session, 'again'), code('whisper_not_allowed'));
  });

  it('that the page shows late, as a phone that slept does, is in the audit trail all the same, once', async () => {
    const cleo = await scene.live(commercial('cleo'));
    const ada = await speaker('ada');
    const { whispering } = scene.registry;
    const sent = assert.rejects(whispering.cue(ada.session, 'Say the price'), code('whisper_not_shown'));
    mock.timers.tick(SHOWN_WITHIN_MS);
    await sent;
    const { id } = cleo.peer.last('whisper:cued');
    whispering.shown(cleo.session, id);
    whispering.shown(cleo.session, id);
    await settle();
    const stream = scene.streamOf('cleo').id;
    const shown = [{ event: 'whisper_cue', commercial: 'cleo', equipe: 'Nord', stream, admin: 'ada' }];
    assert.deepEqual(trail(), shown);
    const never = assert.rejects(whispering.cue(ada.session, 'Again'), code('whisper_not_shown'));
    mock.timers.tick(CUE_KEPT_MS);
    await never;
    whispering.shown(cleo.session, cleo.peer.last('whisper:cued').id);
    await settle();
    assert.deepEqual(trail(), shown, 'it is not waited for without end');
  });

  it('is not sent by who does not hear', async () => {
    await scene.live(commercial('cleo'));
    const ada = await speaker('ada');
    scene.registry.listening.stop(ada.session);
    await assert.rejects(scene.registry.whispering.cue(ada.session, 'x'), code('not_listening'));
  });
});

it('a device is neither whispered nor written to: it shows nothing', async () => {
  rules = policyFile.parse({ version: 1, teams: { '*': { whisper: true, devicesMayBeHeard: true } } });
  const verified = { user: commercial('cleo'), expiresAt: Date.now() + 3_600_000 };
  const { session, resumed } = scene.registry.registry.open(verified, undefined, undefined, 'device');
  const peer = new FakePeer();
  session.attach(peer);
  peer.onDemand = (version) => queueMicrotask(() => scene.registry.publishing.seen(session, version));
  await scene.publish({ session, resumed, peer });
  const ada = await speaker('ada');
  assert.equal(ada.peer.last('listen:changed').status, 'live');
  assert.equal(ada.peer.all('whisper:changed').length, 0);
  await assert.rejects(scene.registry.whispering.cue(ada.session, 'x'), code('whisper_not_allowed'));
  await assert.rejects(begin(ada), code('not_connected'));
});

it('without a policy there is no whispering', async () => {
  scene.registry.close();
  scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  assert.equal(cleo.peer.all('whisper:offered').length, 0);
  assert.throws(() => scene.registry.whispering.allow(cleo.session, true, true), code('whisper_not_allowed'));
});

it('what was allowed ends with the stream, and is told again to who comes back', async () => {
  const { cleo, ada } = await pair();
  const peer = new FakePeer();
  ada.session.attach(peer);
  assert.deepEqual(peer.last('whisper:changed'), { commercialId: 'cleo', voice: true, cues: true, by: null });
  scene.registry.publishing.stop(cleo.session);
  await scene.publish(cleo);
  await settle();
  assert.equal(peer.last('whisper:changed').voice, false);
  await assert.rejects(begin(ada), code('whisper_not_allowed'));
});
