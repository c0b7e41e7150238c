import assert from 'node:assert/strict';
import { afterEach, beforeEach, it, mock } from 'node:test';
import { ProspectError } from '../shared/fault.ts';
import { admin } from './testing/fake-relay.ts';
import { listeningScene } from './testing/listening-scene.ts';
import { pass } from './testing/streaming-scene.ts';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] }));
afterEach(() => mock.timers.reset());

/** An admin at a relay that has as many listeners as it can carry. */
async function refused() {
  const { relay, session } = listeningScene();
  const granted = relay.answers['listen:select'];
  relay.answers['listen:select'] = () => {
    throw new ProspectError('capacity', 'full');
  };
  relay.ready(admin('a1'));
  await session.listen('c1');
  const free = () => {
    relay.answers['listen:select'] = granted;
  };
  const asked = () => relay.drain().filter((request) => request.startsWith('listen:select')).length;
  assert.equal(asked(), 1);
  return { relay, session, asked, free };
}

it('without room asks again by itself, every 5 to 10 s, with the same words all along, until there is some', async () => {
  const { session, asked, free } = await refused();
  const faults = new Set<unknown>();
  session.subscribe(() => faults.add(session.getState().fault));
  const { fault } = session.getState();
  assert.equal(fault?.code, 'capacity');
  await pass(4_900);
  assert.equal(asked(), 0);
  await pass(30_000);
  const count = asked();
  assert.ok(count >= 3 && count <= 7, `${count} times`);
  assert.deepEqual([...faults], [fault].slice(0, faults.size));
  free();
  await pass(10_000);
  assert.deepEqual([asked(), session.getState().selectedId, session.getState().fault], [1, 'c1', null]);
  await pass(30_000);
  assert.equal(asked(), 0);
  session.close();
});

it('asks no more after a stop, another wish, or the end of the element', async () => {
  for (const end of ['stop', 'listen', 'close'] as const) {
    const { relay, session, asked, free } = await refused();
    free();
    if (end === 'listen') await session.listen('c2');
    else await session[end]();
    relay.drain();
    await pass(30_000);
    assert.equal(asked(), 0, end);
    assert.equal(session.getState().selectedId, end === 'listen' ? 'c2' : null);
    session.close();
  }
});
