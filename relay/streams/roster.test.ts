import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROSTER_INTERVAL_MS } from './roster.ts';
import { ROSTER_PIECE_CHARS } from './roster-rows.ts';
import { VOICE_INTERVAL_MS } from './stream.ts';
import { deltas, levelsOf, pass, shown } from './testing/roster-page.ts';
import { admin, commercial, Scene } from './testing/scene.ts';

test('an admin sees their teams: a snapshot, then what changes, gathered', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const cleo = scene.join(commercial('cleo', 'Nord'));
  scene.join(commercial('hugo', 'Sud'));
  const ada = scene.join(admin('ada', ['Nord']));
  const both = scene.join(admin('ben', ['Nord', 'Sud']));
  assert.deepEqual(ada.peer.last('roster:snapshot').commercials, [
    {
      id: 'cleo',
      name: 'CLEO',
      equipe: 'Nord',
      status: 'ready',
      interruption: null,
      liveForMs: null,
      level: 0,
      listenerCount: 0,
      helpForMs: null,
    },
  ]);
  assert.equal(both.peer.last('roster:snapshot').commercials.length, 2);
  t.mock.timers.tick(200);
  await scene.publish(cleo);
  scene.registry.listening.select(ada.session, 'cleo');
  scene.registry.publishing.voice(cleo.session, 3);
  t.mock.timers.tick(99);
  assert.equal(ada.peer.all('roster:delta').length, 0);
  t.mock.timers.tick(1);
  const deltas = ada.peer.all('roster:delta');
  assert.equal(deltas.length, 1);
  assert.deepEqual(
    deltas[0]?.changed.map(({ id, status, level, listenerCount }) => ({ id, status, level, listenerCount })),
    [{ id: 'cleo', status: 'live', level: 3, listenerCount: 1 }],
  );
  scene.registry.close();
});

test('a commercial who leaves is offline, then gone; one who is waited for stays', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const ada = scene.join(admin('ada'));
  const [cleo, hugo] = [scene.join(commercial('cleo')), scene.join(commercial('hugo'))];
  scene.registry.listening.select(ada.session, 'hugo');
  cleo.session.detach(cleo.peer);
  hugo.session.detach(hugo.peer);
  t.mock.timers.tick(200);
  assert.deepEqual([...shown(ada).values()], ['Nord offline', 'Nord offline']);
  t.mock.timers.tick(60_000);
  t.mock.timers.tick(200);
  assert.deepEqual([...shown(ada).keys()], ['hugo']);
  scene.registry.listening.stop(ada.session);
  t.mock.timers.tick(200);
  assert.equal(shown(ada).size, 0);
  scene.registry.close();
});

test('a commercial who changes team moves from one roster to the other', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const nord = scene.join(admin('ada', ['Nord']));
  const sud = scene.join(admin('ben', ['Sud']));
  const both = scene.join(admin('eve', ['Nord', 'Sud']));
  const cleo = scene.join(commercial('cleo', 'Nord'));
  t.mock.timers.tick(200);
  cleo.session.refresh({ user: commercial('cleo', 'Sud'), expiresAt: Date.now() + 60_000 });
  t.mock.timers.tick(200);
  assert.deepEqual([...shown(nord)], []);
  assert.deepEqual([...shown(sud)], [['cleo', 'Sud ready']]);
  assert.deepEqual([...shown(both)], [['cleo', 'Sud ready']]);
  assert.deepEqual(
    both.peer.all('roster:delta').flatMap(({ removed }) => removed),
    [],
  );
  scene.registry.close();
});

test('an admin whose teams change gets a new snapshot, and nothing of the old teams any more', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const cleo = scene.join(commercial('cleo', 'Nord'));
  scene.join(commercial('hugo', 'Sud'));
  const ada = scene.join(admin('ada', ['Nord']));
  t.mock.timers.tick(200);
  ada.session.refresh({ user: admin('ada', ['Sud']), expiresAt: Date.now() + 60_000 });
  assert.deepEqual([...shown(ada)], [['hugo', 'Sud ready']]);
  cleo.session.detach(cleo.peer);
  t.mock.timers.tick(200);
  assert.deepEqual([...shown(ada)], [['hugo', 'Sud ready']]);
  assert.equal(ada.peer.all('roster:delta').length, 0);
  scene.registry.close();
});

test('a page that reads slowly gets one delta with the latest rows', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene({ session: { voiceWithoutListeners: ['*'] } });
  const ada = scene.join(admin('ada'));
  const cleo = await scene.live(commercial('cleo'));
  ada.peer.congested = true;
  for (let i = 0; i < 50; i += 1) {
    scene.registry.publishing.voice(cleo.session, i % 2 ? 1 : 4);
    t.mock.timers.tick(300);
  }
  assert.equal(ada.peer.all('roster:delta').length, 0);
  ada.peer.congested = false;
  t.mock.timers.tick(100);
  assert.equal(ada.peer.all('roster:delta').length, 1);
  assert.equal(levelsOf(ada, 'cleo').at(-1), 1);
  scene.registry.close();
});

test('the status endpoint sees counts, and only the teams that it may know', async () => {
  const scene = new Scene();
  await scene.live(commercial('cleo', 'Nord'));
  scene.join(commercial('hugo', 'Sud'));
  const ada = scene.join(admin('ada', ['Nord']));
  scene.registry.listening.select(ada.session, 'cleo');
  assert.deepEqual(
    [scene.registry.activeStreams(), scene.registry.totalListeners(), scene.registry.sessions()],
    [1, 1, 3],
  );
  const [detail, ...others] = scene.registry.detail((equipe) => equipe === 'Nord');
  assert.deepEqual(others, []);
  assert.equal(detail?.status, 'live');
  assert.deepEqual(detail?.listeners, [{ id: 'ada', name: 'ADA' }]);
  assert.equal(scene.registry.detail(() => false).length, 0);
  scene.registry.close();
});

test('a roster of thousands comes in pieces, whoever streams first, each when the one before has been taken', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const many = 2_000;
  const pages = Array.from({ length: many }, (_, i) =>
    scene.join(commercial(`${'Éléonore-Stéphanie de La '.repeat(4)}${i}`)),
  );
  const last = pages.at(-1);
  assert.ok(last);
  await scene.publish(last);
  const ada = scene.join(admin('ada'));
  const { commercials } = ada.peer.last('roster:snapshot');
  assert.equal(commercials[0]?.status, 'live');
  assert.ok(commercials.length < many);
  ada.peer.congested = true;
  t.mock.timers.tick(1_000);
  assert.equal(ada.peer.all('roster:delta').length, 0);
  ada.peer.congested = false;
  for (let piece = 0; piece < 20; piece += 1) t.mock.timers.tick(ROSTER_INTERVAL_MS);
  assert.equal(shown(ada).size, many);
  for (const { name, payload } of ada.peer.heard) {
    if (name.startsWith('roster:')) assert.ok(JSON.stringify(payload).length < 2 * ROSTER_PIECE_CHARS);
  }
  const pieces = ada.peer.heard.length;
  t.mock.timers.tick(1_000);
  assert.equal(ada.peer.heard.length, pieces);
  scene.registry.close();
});

test('a team’s changes are one message for all who see it and keep up; who sees several teams gets one of each', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const [ada, ben, both] = [admin('ada'), admin('ben'), admin('eve', ['Nord', 'Sud'])].map((user) => scene.join(user));
  assert.ok(ada && ben && both);
  scene.join(commercial('cleo', 'Nord'));
  scene.join(commercial('hugo', 'Sud'));
  pass(t, ROSTER_INTERVAL_MS);
  assert.equal(deltas(ada), 1);
  assert.equal(ada.peer.last('roster:delta'), ben.peer.last('roster:delta'), 'made once');
  assert.deepEqual(
    both.peer.all('roster:delta').map(({ changed }) => changed.map(({ id }) => id)),
    [['cleo'], ['hugo']],
  );
  assert.equal(both.peer.all('roster:delta')[0], ada.peer.last('roster:delta'));
  scene.registry.close();
});

test('of what only looked like a change nothing is told', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const ada = scene.join(admin('ada'));
  const cleo = await scene.live(commercial('cleo'));
  pass(t, 1_000);
  const before = deltas(ada);
  await scene.registry.publishing.pause(cleo.session, true);
  await scene.registry.publishing.pause(cleo.session, false);
  pass(t, 1_000);
  assert.equal(deltas(ada), before);
  scene.registry.close();
});

test('who comes in the midst of a change that is taken back is not left with it', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene({ session: { voiceWithoutListeners: ['*'] } });
  const ada = scene.join(admin('ada'));
  const cleo = await scene.live(commercial('cleo'));
  pass(t, 1_000);
  scene.registry.listening.select(ada.session, 'cleo');
  const ben = scene.join(admin('ben'));
  assert.equal(ben.peer.last('roster:snapshot').commercials[0]?.listenerCount, 1);
  scene.registry.listening.stop(ada.session);
  pass(t, ROSTER_INTERVAL_MS);
  assert.equal(ben.peer.last('roster:delta').changed[0]?.listenerCount, 0);
  // The same of a level, which waits longer.
  pass(t, 1_000);
  scene.registry.publishing.voice(cleo.session, 1);
  pass(t, VOICE_INTERVAL_MS);
  scene.registry.publishing.voice(cleo.session, 3);
  pass(t, ROSTER_INTERVAL_MS - 10);
  scene.registry.publishing.voice(cleo.session, 1);
  const eve = scene.join(admin('eve'));
  assert.equal(eve.peer.last('roster:snapshot').commercials[0]?.level, 3);
  pass(t, 1_000);
  for (const page of [ada, ben, eve]) assert.equal(levelsOf(page, 'cleo').at(-1), 1, page.session.user.id);
  scene.registry.close();
});

test('who comes while a commercial is in another team for a moment sees them all the same', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const ada = scene.join(admin('ada'));
  const cleo = scene.join(commercial('cleo', 'Nord'));
  pass(t, 1_000);
  const expiresAt = Date.now() + 3_600_000;
  cleo.session.refresh({ user: commercial('cleo', 'Sud'), expiresAt });
  const ben = scene.join(admin('ben'));
  assert.equal(ben.peer.last('roster:snapshot').commercials.length, 0);
  cleo.session.refresh({ user: commercial('cleo', 'Nord'), expiresAt });
  pass(t, ROSTER_INTERVAL_MS);
  for (const page of [ada, ben]) assert.deepEqual([...shown(page)], [['cleo', 'Nord ready']]);
  scene.registry.close();
});
