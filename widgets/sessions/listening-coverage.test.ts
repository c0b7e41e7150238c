import assert from 'node:assert/strict';
import { it } from 'node:test';
import { admin } from './testing/fake-relay.ts';
import { listeningScene } from './testing/listening-scene.ts';

it('that somebody may be missing is known until the relay says otherwise, or there is a new session', (t) => {
  const { relay, session } = listeningScene();
  t.after(() => session.close());
  const partial = () => session.getState().partial;
  relay.ready(admin('a1'));
  assert.equal(partial(), false);
  relay.emit('roster:coverage', { complete: false });
  assert.equal(partial(), true);
  assert.deepEqual([session.getState().fault, session.getState().status], [null, 'ready']);
  relay.emit('roster:coverage', { complete: true });
  assert.equal(partial(), false);
  relay.emit('roster:coverage', { complete: false });
  relay.ready(admin('a1'), { resumed: true, hasMedia: false });
  assert.equal(partial(), false, 'the relay says it anew where it is still so');
  relay.emit('roster:coverage', { complete: false });
  session.setToken(null);
  assert.equal(partial(), false);
});

it('an admin of no team is told so, with a code of its own, until another token names one', (t) => {
  const { relay, session } = listeningScene();
  t.after(() => session.close());
  relay.ready({ role: 'admin', id: 'a1', name: 'a1', equipes: [] });
  const { fault, status } = session.getState();
  assert.deepEqual([fault?.code, status], ['no_team', 'ready']);
  assert.match(fault?.message ?? '', /equipes/);
  relay.emit('roster:coverage', { complete: false });
  assert.equal(session.getState().fault, fault, 'one failure is one object');
  relay.ready(admin('a1'));
  assert.equal(session.getState().fault, null);
});
