import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProspectError } from '../shared/fault.ts';
import { commercial, deferred, settle } from './testing/fake-relay.ts';
import { live, mockTime, pass, setUp } from './testing/streaming-scene.ts';

describe('a streaming session asks for help', () => {
  mockTime();

  it('and shows it when the relay has confirmed it, live or not, with the relay’s time', async () => {
    const { relay, session } = setUp();
    relay.ready(commercial('c1'));
    const ack = deferred<{ askedForMs: number | null }>();
    relay.answers['help:ask'] = () => ack.promise;
    const asking = session.setHelp(true);
    await settle();
    assert.equal(session.getState().helpSince, null);
    ack.resolve({ askedForMs: 4_000 });
    await asking;
    assert.equal(session.getState().helpSince, Date.now() - 4_000);
  });

  it('and shows for a while why it is over', async () => {
    const { relay, session } = await live();
    await session.setHelp(true);
    relay.emit('help:changed', { askedForMs: null, reason: 'answered' });
    assert.deepEqual([session.getState().helpSince, session.getState().helpEnd], [null, 'answered']);
    relay.emit('help:changed', { askedForMs: null, reason: 'answered' });
    assert.equal(session.getState().helpEnd, null, 'told again at a resume, it is no news');
    await session.setHelp(true);
    await session.setHelp(false);
    assert.equal(session.getState().helpEnd, 'taken_back');
    await pass(11_000);
    assert.equal(session.getState().helpEnd, null);
  });

  it('and says when the relay refused', async () => {
    const { relay, session } = await live();
    relay.answers['help:ask'] = () => Promise.reject(new ProspectError('rate_limited', 'too often'));
    await session.setHelp(true);
    const { helpSince, fault } = session.getState();
    assert.deepEqual([helpSince, fault?.code], [null, 'rate_limited']);
  });

  it('again of a relay that has forgotten it, not of one that resumes, and not for somebody else', async () => {
    const { relay, session } = await live();
    await session.setHelp(true);
    const asked: unknown[] = [];
    relay.answers['help:ask'] = (params) => {
      asked.push(params);
      return { askedForMs: 0 };
    };
    relay.ready(commercial('c1'), { resumed: true, hasMedia: true });
    await settle();
    assert.deepEqual(asked, []);
    relay.ready(commercial('c1'));
    await settle();
    assert.deepEqual(asked, [{ on: true, again: true }]);
    relay.ready(commercial('c2'));
    await settle();
    assert.equal(asked.length, 1);
    assert.equal(session.getState().helpSince, null);
  });
});
