import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { admin, commercial, Scene, settle } from './testing/scene.ts';

test('a session outlives its socket for the grace time, media included, and then everything is released', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  cleo.session.detach(cleo.peer);
  ada.session.detach(ada.peer);
  await settle();
  t.mock.timers.tick(29_000);
  assert.equal(scene.registry.gauges().sessions, 2);
  assert.equal(scene.media.gauges().transports, 2);
  const back = scene.join(admin('ada'), ada.session);
  assert.equal(back.resumed, true);
  assert.equal(back.peer.last('roster:snapshot').commercials.length, 1);
  assert.equal(back.peer.last('listen:changed').commercialId, 'cleo');
  t.mock.timers.tick(2_000);
  assert.equal(scene.registry.activeStreams(), 0);
  assert.equal(back.peer.last('listen:changed').status, 'waiting');
  back.session.detach(back.peer);
  t.mock.timers.tick(31_000);
  t.mock.timers.tick(60_000);
  assert.deepEqual(scene.registry.gauges(), {
    sessions: 0,
    attached: 0,
    streams: 0,
    listeners: 0,
    commercials: 0,
    timers: 0,
    ears: 0,
    microphones: 0,
    whispers: 0,
  });
  assert.equal(scene.media.gauges().transports, 0);
  assert.equal(scene.join(commercial('cleo'), cleo.session).resumed, false);
  scene.registry.close();
});

test('a session is resumed only by the same user in the same role', () => {
  const scene = new Scene();
  const cleo = scene.join(commercial('cleo'));
  assert.equal(scene.join(commercial('hugo'), cleo.session).resumed, false);
  assert.equal(scene.join(admin('cleo'), cleo.session).resumed, false);
  assert.equal(scene.join(commercial('cleo')).resumed, false);
  assert.equal(cleo.peer.dropped, false);
  const again = scene.join(commercial('cleo'), cleo.session);
  assert.equal(again.session, cleo.session);
  assert.equal(cleo.peer.dropped, true);
  cleo.session.detach(cleo.peer); // the older connection's end comes late
  assert.equal(cleo.session.peer, again.peer);
  scene.registry.close();
});

test('ids are long and never alike', () => {
  const scene = new Scene({ limits: { connectionsPerUser: 1_000 } });
  const ids = new Set(Array.from({ length: 200 }, () => scene.join(commercial('cleo')).session.id));
  assert.equal(ids.size, 200);
  for (const id of ids) assert.match(id, /^[\w-]{32}$/);
  scene.registry.close();
});

test('in a cluster an id begins with its node’s, and a new session remembers the one that the page had, as a hash', () => {
  const hash = (id: string) => createHash('sha256').update(id).digest('hex');
  const [one, two] = [new Scene({ nodeId: 'one' }), new Scene({ nodeId: 'two' })];
  const cleo = one.join(commercial('cleo'));
  assert.match(cleo.session.id, /^one\.[\w-]{32}$/);
  assert.equal(cleo.session.key, hash(cleo.session.id));
  assert.equal(cleo.session.predecessor, null);
  const moved = two.join(commercial('cleo'), cleo.session);
  assert.match(moved.session.id, /^two\./);
  assert.deepEqual([moved.resumed, moved.session.predecessor], [false, cleo.session.key]);
  assert.equal(two.join(commercial('cleo'), moved.session).session.predecessor, cleo.session.key);
  moved.session.follow(moved.session.id);
  assert.equal(moved.session.predecessor, cleo.session.key, 'none follows itself');
  for (const scene of [one, two]) scene.registry.close();
});

test('what ended during an absence is told at the return', async () => {
  const scene = new Scene();
  const older = await scene.live(commercial('cleo'));
  const ada = scene.join(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  older.session.detach(older.peer);
  ada.session.detach(ada.peer);
  const newer = await scene.live(commercial('cleo'));
  newer.session.refresh({ user: commercial('cleo', 'Sud'), expiresAt: Date.now() + 60_000 });
  const back = scene.join(commercial('cleo', 'Sud'), older.session);
  assert.deepEqual(back.peer.all('stream:ended'), [{ reason: 'replaced' }]);
  const adaBack = scene.join(admin('ada'), ada.session);
  assert.deepEqual(adaBack.peer.all('listen:ended'), [{ commercialId: 'cleo', reason: 'forbidden' }]);
  scene.registry.close();
});

test('what was told to a connection that was dead already is told again, until the page has moved on', async () => {
  const scene = new Scene();
  const older = await scene.live(commercial('cleo'));
  const ada = scene.join(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  await scene.live(commercial('cleo')); // nobody has noticed yet that the older page's connection is dead
  scene.registry.listening.select(scene.join(admin('ada')).session, 'cleo');
  const back = scene.join(commercial('cleo'), older.session);
  assert.deepEqual(back.peer.all('stream:ended'), [{ reason: 'replaced' }]);
  const adaBack = scene.join(admin('ada'), ada.session);
  assert.deepEqual(adaBack.peer.all('listen:ended'), [{ commercialId: 'cleo', reason: 'replaced' }]);
  scene.registry.listening.select(ada.session, 'cleo');
  assert.equal(scene.join(admin('ada'), ada.session).peer.all('listen:ended').length, 0);
  await scene.publish(back);
  assert.equal(scene.join(commercial('cleo'), older.session).peer.all('stream:ended').length, 0);
  scene.registry.close();
});

test('a resume with other claims takes effect before anything is sent', async () => {
  const scene = new Scene();
  await scene.live(commercial('cleo', 'Nord'));
  const ada = await scene.listening(admin('ada', ['Nord']));
  scene.registry.listening.select(ada.session, 'cleo');
  ada.session.detach(ada.peer);
  const back = scene.join(admin('ada', ['Sud']), ada.session);
  await settle();
  assert.deepEqual(
    back.peer.heard.map(({ name }) => name),
    ['listen:ended', 'roster:snapshot'],
  );
  assert.deepEqual(back.peer.last('roster:snapshot').commercials, []);
  assert.equal(scene.media.listen().heard, null);
  scene.registry.close();
});

test('a session ends with its token, with or without a socket; a refresh moves the end', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const cleo = scene.join(commercial('cleo'), undefined, 60_000);
  await scene.publish(cleo);
  t.mock.timers.tick(50_000);
  cleo.session.refresh({ user: commercial('cleo'), expiresAt: Date.now() + 60_000 });
  t.mock.timers.tick(50_000);
  assert.equal(cleo.peer.ended, null);
  cleo.session.detach(cleo.peer);
  t.mock.timers.tick(11_000);
  assert.equal(cleo.session.ended, true);
  assert.equal(scene.media.gauges().transports, 0);
  const hugo = scene.join(commercial('hugo'), undefined, 60_000);
  await scene.publish(hugo);
  t.mock.timers.tick(60_000);
  assert.equal(hugo.peer.ended?.code, 'token_expired');
  assert.equal(scene.media.gauges().transports, 0);
  assert.equal(scene.registry.sessions(), 0);
  scene.registry.close();
});

test('a token that ends in years does not end at once', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const year = 365 * 86_400_000;
  const cleo = scene.join(commercial('cleo'), undefined, year);
  t.mock.timers.tick(20 * 86_400_000);
  t.mock.timers.tick(20 * 86_400_000);
  assert.equal(cleo.session.ended, false);
  scene.registry.close();
  assert.equal(scene.registry.gauges().timers, 0);
});

test('pages that come and vanish in a loop do not pile up sessions, and live media goes last', async () => {
  const scene = new Scene({ limits: { connectionsPerUser: 3 } });
  const live = await scene.live(commercial('cleo'));
  live.session.detach(live.peer);
  for (let i = 0; i < 20; i += 1) {
    const page = scene.join(commercial('cleo'));
    page.session.detach(page.peer);
  }
  assert.equal(scene.registry.sessions(), 3);
  assert.equal(live.session.ended, false);
  scene.registry.close();
});

test('closing ends everything and leaves no timer', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  scene.registry.publishing.voice(cleo.session, 3);
  scene.registry.close();
  scene.registry.close();
  const { sessions, streams, listeners, timers } = scene.registry.gauges();
  assert.deepEqual([sessions, streams, listeners, timers], [0, 0, 0, 0]);
  assert.equal(scene.media.gauges().transports, 0);
  assert.equal(ada.peer.dropped, true);
});
