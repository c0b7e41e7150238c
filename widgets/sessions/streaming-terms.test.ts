/** What a relay's policy asks of the commercial's page, among fakes. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeChoices, FakeMemory } from '../shared/testing/fake-memory.ts';
import { heardNow } from './policy-state.ts';
import { commercial, settle } from './testing/fake-relay.ts';
import { live, mockTime, pass, setUp } from './testing/streaming-scene.ts';

const NOTICE = { tone: true, vibration: true, card: true };
const CHANGED = { tag: 'one', teams: [], open: true };
const asked = (version: string, given = false) => ({
  ...CHANGED,
  notice: NOTICE,
  consent: { version, text: { en: 'You may be heard.' }, given },
});

describe('the text to acknowledge', () => {
  mockTime();

  test('is told before the start, kept in the browser, and told to each relay that does not know it', async () => {
    const { relay, session, choices } = setUp();
    relay.ready(commercial('c1'));
    relay.emit('policy:changed', asked('a'));
    assert.deepEqual(session.getState().policy?.consent, asked('a').consent);
    assert.deepEqual(relay.drain(), []);
    session.acknowledge('a');
    void session.start();
    await settle();
    assert.deepEqual(
      relay.drain().filter((name) => /consent|start/.test(name)),
      ['consent:give', 'stream:start'],
    );
    assert.equal(session.getState().policy?.consent?.given, true);
    assert.deepEqual([...choices.kept], [['consent:c1', 'a']]);
    // A relay that has started anew.
    relay.ready(commercial('c1'));
    relay.emit('policy:changed', asked('a'));
    assert.equal(relay.requests.filter((name) => name === 'consent:give').length, 1);
    assert.equal(session.getState().policy?.consent?.given, true);
  });

  test('of another version, or of another person at this device, is asked for anew', async () => {
    const choices = new FakeChoices();
    choices.write('consent:c1', 'a');
    const { relay, session } = setUp(new FakeMemory(), choices);
    relay.ready(commercial('c1'));
    relay.emit('policy:changed', asked('b'));
    const { policy } = session.getState();
    assert.deepEqual([policy?.consent?.given, policy?.consentChanged], [false, true]);
    relay.ready(commercial('c2'));
    relay.emit('policy:changed', asked('a'));
    assert.deepEqual(
      [session.getState().policy?.consent?.given, session.getState().policy?.consentChanged],
      [false, false],
    );
    assert.deepEqual(relay.drain(), []);
  });

  test('is no reason any more once another page has acknowledged it, or nothing is asked', async () => {
    for (const now of [asked('a', true), { ...CHANGED, notice: NOTICE, consent: null }]) {
      const { relay, session } = await live();
      relay.emit('policy:changed', asked('a'));
      relay.emit('stream:ended', { reason: 'consent_required' });
      relay.emit('policy:changed', asked('a'));
      assert.equal(session.getState().fault?.code, 'consent_required');
      relay.emit('policy:changed', now);
      assert.equal(session.getState().fault, null);
    }
  });

  test('is asked for no more by a relay that comes back without a policy; what it said is forgotten', async () => {
    const { relay, session } = await live();
    relay.emit('policy:changed', asked('a'));
    relay.emit('stream:ended', { reason: 'consent_required' });
    relay.policy = false;
    relay.ready(commercial('c1'));
    assert.deepEqual([session.getState().policy, session.getState().fault], [null, null]);
    relay.emit('policy:changed', { ...CHANGED, notice: null, consent: null });
    assert.equal(session.getState().policy?.consent, null);
  });

  test('that the host asks for is no matter of this page', () => {
    const { relay, session } = setUp();
    relay.ready(commercial('c1'));
    relay.emit('policy:changed', { ...CHANGED, notice: null, consent: { version: 'a', text: null, given: true } });
    assert.equal(session.getState().policy?.consent?.given, true);
    assert.deepEqual(relay.drain(), []);
  });

  test('goes along to another node, before the stream', async () => {
    const { relay, session } = await live();
    relay.emit('policy:changed', asked('a'));
    session.acknowledge('a');
    const over: string[] = [];
    const note = async (name: string) => {
      over.push(name);
      return { sdp: 'answer', streamId: 's', liveForMs: 0 } as never;
    };
    assert.ok(relay.session);
    await relay.prepareMove?.({ session: relay.session, request: note, commit: note });
    assert.deepEqual(over, ['publish:offer', 'consent:give', 'stream:start']);
  });
});

describe('a person at the door who minds', () => {
  mockTime();

  test('is a pause with that reason, told once', async () => {
    const { relay, session } = await live();
    const asked: unknown[] = [];
    relay.answers['stream:pause'] = (params) => {
      asked.push(params);
      return {};
    };
    await session.setPaused(true, 'objection');
    assert.deepEqual([session.getState().status, session.getState().objection], ['paused', true]);
    relay.ready(commercial('c1'), { resumed: true, hasMedia: true });
    await settle();
    assert.deepEqual(asked, [{ paused: true, reason: 'objection' }, { paused: true }]);
    await session.setPaused(false);
    assert.equal(session.getState().objection, false);
    await session.setPaused(true);
    assert.deepEqual([session.getState().objection, asked.at(-1)], [false, { paused: true }]);
  });

  test('is told when the relay is back, where it could not be told', async () => {
    const { relay, session } = await live();
    relay.set('offline');
    await session.setPaused(true, 'objection');
    assert.equal(session.getState().objection, true);
    const asked: unknown[] = [];
    relay.answers['stream:pause'] = (params) => {
      asked.push(params);
      return {};
    };
    relay.ready(commercial('c1'), { resumed: true, hasMedia: true });
    await settle();
    assert.deepEqual(asked, [{ paused: true, reason: 'objection' }]);
  });

  test('during a pause makes it theirs, and the relay counts it, also one that did not hear of it at once', async () => {
    const { relay, session } = await live();
    const asked: unknown[] = [];
    relay.answers['stream:pause'] = (params) => {
      asked.push(params);
      return {};
    };
    await session.setPaused(true);
    relay.set('offline');
    await session.setPaused(true, 'objection');
    assert.deepEqual([session.getState().objection, asked], [true, [{ paused: true }]]);
    relay.ready(commercial('c1'), { resumed: true, hasMedia: true });
    await settle();
    await session.setPaused(true, 'objection');
    assert.deepEqual(asked, [{ paused: true }, { paused: true, reason: 'objection' }]);
    await session.setPaused(false);
    await session.setPaused(true);
    await session.setPaused(true, 'objection');
    assert.deepEqual(asked.slice(2), [{ paused: false }, { paused: true }, { paused: true, reason: 'objection' }]);
  });
});

describe('time', () => {
  mockTime();

  test('that begins takes the end of working hours from the page', async () => {
    const { relay, session } = await live();
    const hours = (open: boolean) => relay.emit('policy:changed', { ...asked('a', true), open });
    const code = () => session.getState().fault?.code;
    hours(false);
    relay.emit('stream:ended', { reason: 'policy_hours' });
    relay.emit('policy:time', { commercialId: 'c1', heardMs: 1, leftMs: 1, running: false });
    assert.equal(code(), 'policy_hours');
    hours(true);
    assert.equal(code(), undefined);
    await session.start();
    relay.emit('stream:ended', { reason: 'policy_time' });
    hours(true);
    assert.equal(code(), 'policy_time', 'which no hour mends');
  });

  test('of somebody else at this device is nobody’s business', async () => {
    const { relay, session } = await live();
    relay.emit('policy:changed', asked('a', true));
    relay.emit('policy:time', { commercialId: 'c1', heardMs: 60_000, leftMs: 120_000, running: false });
    relay.ready(commercial('c1'));
    assert.equal(session.getState().policy?.time?.heardMs, 60_000);
    relay.ready(commercial('c2'));
    relay.emit('policy:changed', asked('a'));
    assert.equal(session.getState().policy?.time, null);
  });

  test('that another policy left is said no more', async () => {
    const { relay, session } = await live();
    relay.emit('policy:changed', asked('a', true));
    relay.emit('policy:time', { commercialId: 'c1', heardMs: 60_000, leftMs: 120_000, running: true });
    relay.emit('policy:warning', { commercialId: 'c1', reason: 'policy_time', endsInMs: 1_000 });
    relay.emit('policy:changed', asked('b', true));
    assert.equal(session.getState().policy?.warnings.length, 1);
    relay.emit('policy:changed', { ...asked('b', true), tag: 'two' });
    const { time, warnings, consent } = session.getState().policy ?? {};
    assert.deepEqual([time, warnings, consent?.version], [null, [], 'b']);
  });

  test('that was heard rises while somebody hears', async () => {
    const { relay, session } = await live();
    relay.emit('policy:time', { commercialId: 'c1', heardMs: 60_000, leftMs: 120_000, running: true });
    const { time } = session.getState().policy ?? {};
    assert.ok(time);
    assert.deepEqual(heardNow(time, Date.now() + 30_000), { heardMs: 90_000, leftMs: 90_000 });
    assert.deepEqual(heardNow(time, Date.now() + 300_000), { heardMs: 360_000, leftMs: 0 });
    assert.deepEqual(heardNow({ ...time, running: false }, Date.now() + 30_000), { heardMs: 60_000, leftMs: 120_000 });
  });

  test('warnings are of the stream and of each who listens; an end is told for a minute, with the name', async () => {
    const { relay, session } = await live();
    relay.tellListeners(1, [{ id: 'a1', name: 'Anna' }]);
    const warn = (adminId?: string) =>
      relay.emit('policy:warning', {
        commercialId: 'c1',
        reason: 'policy_time',
        endsInMs: 1_000,
        ...(adminId && { adminId }),
      });
    warn();
    warn('a1');
    warn('a1');
    assert.deepEqual(
      session.getState().policy?.warnings.map(({ adminId, at }) => [adminId, at - Date.now()]),
      [
        [null, 1_000],
        ['a1', 1_000],
      ],
    );
    relay.emit('policy:ended', { adminId: 'a1', reason: 'policy_time' });
    assert.deepEqual(session.getState().policy?.ended, { name: 'Anna', reason: 'policy_time' });
    assert.equal(session.getState().policy?.warnings.length, 1);
    await pass(60_000);
    assert.equal(session.getState().policy?.ended, null);
    relay.emit('stream:ended', { reason: 'policy_time' });
    assert.deepEqual(session.getState().policy?.warnings, []);
    assert.equal(session.getState().fault?.code, 'policy_time');
  });
});
