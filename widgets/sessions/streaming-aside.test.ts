import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { ProspectError } from '../shared/fault.ts';
import { FakeMemory } from '../shared/testing/fake-memory.ts';
import { MAX_ENTRIES } from './listened-today.ts';
import { MAX_AGE_MS } from './live-memory.ts';
import { commercial, deferred, settle } from './testing/fake-relay.ts';
import { live, mockTime, pass, setUp } from './testing/streaming-scene.ts';

const ADA = { id: 'a1', name: 'Ada' };
const BEN = { id: 'b1', name: 'Ben' };

describe('the user’s other pages', () => {
  mockTime();

  it('are told of while the relay says so, and while there is a connection', async () => {
    const { relay, session } = setUp();
    relay.ready(commercial('c1'));
    relay.emit('stream:elsewhere', { status: 'live', liveForMs: 60_000 });
    assert.deepEqual(session.getState().elsewhere, { status: 'live', startedAt: Date.now() - 60_000 });
    relay.emit('stream:elsewhere', { status: null, liveForMs: null });
    assert.equal(session.getState().elsewhere, null);
    relay.emit('stream:elsewhere', { status: 'paused', liveForMs: 60_000 });
    relay.set('offline');
    assert.equal(session.getState().elsewhere, null);
  });

  it('can be stopped; a relay that cannot is a fault, until it can', async () => {
    const { relay, session } = setUp();
    relay.ready(commercial('c1'));
    relay.answers['stream:stop-elsewhere'] = () => Promise.reject(new Error('no'));
    await session.stopElsewhere();
    assert.equal(session.getState().fault?.code, 'unexpected');
    relay.answers['stream:stop-elsewhere'] = () => ({});
    await session.stopElsewhere();
    assert.equal(session.getState().fault, null);
    assert.deepEqual(relay.drain(), ['stream:stop-elsewhere', 'stream:stop-elsewhere']);
  });

  it('may stop this one, which says so until the next start', async () => {
    const { relay, session, microphones } = await live();
    relay.emit('stream:ended', { reason: 'stopped' });
    assert.deepEqual([session.getState().status, session.getState().ended], ['ready', 'stopped']);
    assert.equal(microphones.live, 0);
    await pass(60_000);
    assert.equal(session.getState().ended, 'stopped');
    await session.start();
    assert.equal(session.getState().ended, null);
  });
});

describe('a page that was live when it was reloaded', () => {
  mockTime();

  /** What a page leaves in its tab when it is reloaded live. */
  async function reloaded(): Promise<FakeMemory> {
    const { page, memory } = await live();
    page.emit('leaving');
    return memory;
  }

  it('says so to the same user, and not to another; one start is enough', async () => {
    const memory = await reloaded();
    const other = setUp(memory);
    other.relay.ready(commercial('c2'));
    assert.equal(other.session.getState().ended, null);
    const { relay, session } = setUp(memory);
    assert.equal(session.getState().ended, null, 'before it is known who it is');
    relay.ready(commercial('c1'));
    assert.equal(session.getState().ended, 'reload');
    await session.start();
    assert.deepEqual([session.getState().status, session.getState().ended], ['live', null]);
  });

  it('says so also after a crash, and not when it is too long ago', async () => {
    const { memory } = await live();
    await pass(60_000);
    // No goodbye: the page is gone.
    const crashed = new FakeMemory();
    for (const [name, text] of memory.kept) crashed.kept.set(name, text);
    const soon = setUp(crashed);
    soon.relay.ready(commercial('c1'));
    assert.equal(soon.session.getState().ended, 'reload');
    mock.timers.tick(MAX_AGE_MS);
    const late = setUp(crashed);
    late.relay.ready(commercial('c1'));
    assert.equal(late.session.getState().ended, null);
  });

  it('keeps no token, and nothing once the live ended otherwise', async () => {
    const memory = await reloaded();
    assert.deepEqual(Object.keys(memory.read('live') as object).sort(), ['at', 'user']);
    for (const end of ['stop', 'replaced', 'stopped', 'time_limit'] as const) {
      const { relay, session, memory: own } = await live();
      assert.ok(own.read('live'), end);
      if (end === 'stop') await session.stop();
      else relay.emit('stream:ended', { reason: end });
      assert.equal(own.read('live'), null, end);
    }
  });

  it('takes nothing for it that it did not write', () => {
    for (const text of ['7', '"live"', '[]', '{"user":"c1"}', '{"user":"c1","at":"soon"}', '{"user":"c1","at":9e99}']) {
      const memory = new FakeMemory();
      memory.kept.set('live', text);
      const { relay, session } = setUp(memory);
      relay.ready(commercial('c1'));
      assert.equal(session.getState().ended, null, text);
    }
  });
});

describe('a connection that is silent', () => {
  mockTime();

  it('makes it uncertain within 3 s who listens, while the sound goes on; the next answer ends that', async () => {
    const { relay, session, peers } = await live();
    relay.tellListeners(1, [ADA]);
    await pass(5_000);
    assert.equal(session.getState().uncertain, false);
    const frozen = deferred<Record<string, never>>();
    relay.answers['demand:seen'] = () => frozen.promise;
    await pass(3_000);
    assert.equal(session.getState().uncertain, true);
    assert.deepEqual([session.getState().status, peers.last.sent], ['live', 'track1']);
    assert.ok(relay.checks > 0);
    frozen.resolve({});
    await settle();
    assert.equal(session.getState().uncertain, false);
  });

  it('does so also when it freezes before the newest list is acknowledged', async () => {
    const { relay, session } = await live();
    relay.answers['demand:seen'] = () => new Promise(() => {});
    relay.tellListeners(1, [ADA]);
    await pass(3_000);
    assert.equal(session.getState().uncertain, true);
  });

  it('does so when it is lost and not back in a second, and not for a blink', async () => {
    const { relay, session } = await live();
    relay.tellListeners(1, [ADA]);
    await settle();
    relay.set('offline');
    await pass(900);
    relay.ready(commercial('c1'), { resumed: true, hasMedia: true });
    await pass(2_000);
    assert.equal(session.getState().uncertain, false);
    relay.set('offline');
    await pass(1_100);
    assert.deepEqual([session.getState().uncertain, session.getState().status], [true, 'live']);
    relay.ready(commercial('c1'), { resumed: true, hasMedia: true });
    await settle();
    assert.equal(session.getState().uncertain, false);
  });

  it('asks nothing while nobody listens, nobody looks, or nothing is live', async () => {
    const { relay, session, page } = await live();
    await pass(10_000);
    assert.deepEqual(relay.seen, []);
    relay.tellListeners(1, [ADA]);
    await settle();
    page.hidden = true;
    relay.tellListeners(2, [ADA, BEN]);
    await settle();
    const { length } = relay.seen;
    await pass(10_000);
    assert.equal(relay.seen.length, length);
    await session.stop();
    page.hidden = false;
    await pass(10_000);
    assert.equal(relay.seen.length, length);
    assert.equal(session.getState().uncertain, false);
  });
});

describe('who listened today', () => {
  mockTime();

  it('is written down once the relay knows that they are shown, with when and how long', async () => {
    const { relay, session, rendering } = await live();
    const { promise, resolve } = deferred<void>();
    rendering.done = promise;
    relay.tellListeners(1, [ADA]);
    await settle();
    assert.deepEqual(session.getState().listenedToday, []);
    resolve();
    await settle();
    const from = Date.now();
    assert.deepEqual(session.getState().listenedToday, [{ ...ADA, from, ms: null }]);
    await pass(60_000);
    relay.tellListeners(2, [BEN]);
    await settle();
    await pass(1_000);
    await session.stop();
    assert.deepEqual(session.getState().listenedToday, [
      { ...ADA, from, ms: 60_000 },
      { ...BEN, from: from + 60_000, ms: 1_000 },
    ]);
  });

  it('is not who was gone before the page could show them', async () => {
    const { relay, session, rendering } = await live();
    const { promise, resolve } = deferred<void>();
    rendering.done = promise;
    relay.tellListeners(1, [ADA]);
    relay.tellListeners(2, []);
    resolve();
    await settle();
    assert.deepEqual(session.getState().listenedToday, []);
  });

  it('outlives a reload, not another user nor the day; and has a bound', async () => {
    const { relay, session, memory, page } = await live();
    relay.tellListeners(1, [ADA]);
    await settle();
    page.emit('leaving');
    assert.equal(session.getState().status, 'stopping');
    const next = await live(memory);
    assert.deepEqual(
      next.session.getState().listenedToday.map(({ name }) => name),
      ['Ada'],
    );
    for (let i = 0; i < MAX_ENTRIES + 5; i += 1) {
      next.relay.tellListeners(i + 1, [{ id: `p${i}`, name: `P${i}` }]);
      await settle();
    }
    assert.equal(next.session.getState().listenedToday.length, MAX_ENTRIES);
    next.relay.ready(commercial('c2'));
    assert.deepEqual(next.session.getState().listenedToday, []);
    assert.deepEqual(memory.read('listened'), { user: 'c2', list: [] });
  });

  it('begins anew on another day, and takes nothing for it that it did not write', async () => {
    const memory = new FakeMemory();
    const entry = { ...ADA, from: Date.now(), ms: 5 };
    memory.write('listened', {
      user: 'c1',
      list: [entry, null, { id: 7 }, { ...entry, ms: 'x' }, { ...entry, from: entry.from - 2 * 86_400_000 }],
    });
    const { relay, session } = setUp(memory);
    relay.ready(commercial('c1'));
    assert.deepEqual(session.getState().listenedToday, [entry, { ...entry, ms: null }]);
  });
});

describe('the browser’s question', () => {
  mockTime();

  it('is spoken of only while it may be open', async () => {
    for (const isGranted of [true, false]) {
      const { relay, session, microphones, permission } = setUp();
      permission.isGranted = isGranted;
      relay.ready(commercial('c1'));
      const { promise, resolve } = deferred<void>();
      microphones.gate = () => promise;
      void session.start();
      await settle();
      assert.equal(session.getState().asking, !isGranted);
      resolve();
      await settle();
      assert.equal(session.getState().asking, false);
    }
  });

  it('is over when the stream is stopped; a denial ends when the user allows it after all', async () => {
    const { relay, session, microphones, permission } = setUp();
    relay.ready(commercial('c1'));
    microphones.gate = () => new Promise(() => {});
    void session.start();
    await settle();
    await session.stop();
    assert.equal(session.getState().asking, false);
    microphones.gate = () => Promise.reject(new ProspectError('microphone_denied', 'no'));
    await session.start();
    assert.equal(session.getState().fault?.code, 'microphone_denied');
    permission.grant();
    assert.equal(session.getState().fault, null);
  });
});
