import assert from 'node:assert/strict';
import { it } from 'node:test';
import { admin, settle } from './testing/fake-relay.ts';
import { listeningScene } from './testing/listening-scene.ts';

it('tells the relay that nobody looks at the page, and again over each connection', async (t) => {
  const { relay, page, session } = listeningScene();
  t.after(() => session.close());
  relay.ready(admin('a1'));
  await settle();
  assert.deepEqual(relay.drain(), []);
  page.hidden = true;
  page.emit('hidden');
  assert.deepEqual(relay.drain(), ['roster:pace true']);
  relay.set('offline');
  relay.ready(admin('a1'), { resumed: true, hasMedia: false });
  assert.ok(relay.drain().includes('roster:pace true'));
  page.hidden = false;
  page.emit('visible');
  assert.deepEqual(relay.drain(), ['roster:pace false']);
  relay.set('offline');
  page.emit('visible');
  assert.deepEqual(relay.drain(), [], 'without a connection there is nothing to tell');
});
