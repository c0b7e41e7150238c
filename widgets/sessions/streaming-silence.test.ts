import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commercial } from './testing/fake-relay.ts';
import { live, mockTime, pass, setUp } from './testing/streaming-scene.ts';

describe('a microphone that delivers nothing but zeros', () => {
  mockTime();

  it('behind a noise gate, is left alone for as long as nobody speaks', async () => {
    const { session, microphones, statuses } = await live();
    microphones.rms = 0.2;
    await pass(2_000);
    microphones.rms = 0;
    await pass(1_000);
    microphones.rms = 0.2;
    await pass(1_000);
    microphones.rms = 0;
    await pass(300_000);
    assert.deepEqual([microphones.asked, session.getState().status], [1, 'live']);
    assert.deepEqual(statuses, ['ready', 'starting', 'live']);
  });

  it('is looked at once after ten seconds, and stays live for a sentence that comes later', async () => {
    const { session, microphones, statuses } = await live();
    microphones.rms = 0.2;
    await pass(6_000);
    microphones.rms = 0;
    await pass(34_000);
    assert.equal(microphones.asked, 2);
    assert.equal(microphones.live, 1);
    microphones.rms = 0.2;
    await pass(1_000);
    assert.equal(session.getState().status, 'live');
    assert.deepEqual(statuses, ['ready', 'starting', 'live']);
  });

  it('stays when it cannot be taken anew', async () => {
    const { session, microphones } = await live();
    microphones.gate = async () => {
      throw new DOMException('no', 'NotAllowedError');
    };
    microphones.rms = 0;
    await pass(20_000);
    assert.deepEqual([session.getState().status, microphones.live, session.getState().fault], ['live', 1, null]);
  });

  it('is lost after a minute without a sound, is not taken over and over, and is back with the first sound', async () => {
    const { session, microphones } = await live();
    microphones.rms = 0;
    await pass(61_000);
    assert.deepEqual([session.getState().status, session.getState().needsTap], ['interrupted', true]);
    await pass(120_000);
    assert.equal(microphones.asked, 2);
    microphones.rms = 0.1;
    await pass(200);
    assert.equal(session.getState().status, 'live');
  });
});

describe('a meter that throws', () => {
  mockTime();

  it('is made anew for the next track', async () => {
    const { session, microphones } = await live();
    microphones.last.break('ended');
    microphones.measurable = 0;
    await pass(50);
    // The first meter throws, and so does every new one: the flags alone tell.
    await pass(120_000);
    assert.deepEqual([session.getState().status, session.getState().level], ['live', 0]);
    assert.deepEqual([microphones.asked, microphones.metersOpen], [2, 0]);
    microphones.measurable = 10;
    microphones.rms = 0.2;
    microphones.last.break('ended');
    await pass(2_000);
    assert.deepEqual([microphones.metersMade, microphones.metersOpen], [2, 1]);
    assert.ok(session.getState().level > 0);
  });

  it('from the start is no silent microphone', async () => {
    const { relay, session, microphones } = setUp();
    microphones.measurable = 0;
    relay.ready(commercial('c1'));
    await session.start();
    await pass(120_000);
    assert.deepEqual([session.getState().status, microphones.asked], ['live', 1]);
    await session.stop();
    assert.equal(microphones.metersOpen, 0);
  });
});
