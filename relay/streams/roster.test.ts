import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROSTER_INTERVAL_MS, ROSTER_PIECE_CHARS } from './roster.ts';
import { admin, commercial, type FakePage, Scene } from './testing/scene.ts';

/** What the admin's page shows after everything it was sent. */
function shown(page: FakePage): Map<string, string> {
  const rows = new Map<string, string>();
  const snapshots = page.peer.all('roster:snapshot');
  const start = page.peer.heard.findLastIndex(({ name }) => name === 'roster:snapshot');
  for (const row of snapshots.at(-1)?.commercials ?? []) rows.set(row.id, `${row.equipe} ${row.status}`);
  const later = page.peer.heard.slice(start).filter(({ name }) => name === 'roster:delta').length;
  for (const { changed, removed } of later > 0 ? page.peer.all('roster:delta').slice(-later) : []) {
    for (const row of changed) rows.set(row.id, `${row.equipe} ${row.status}`);
    for (const id of removed) rows.delete(id);
  }
  return rows;
}

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
  assert.equal(ada.peer.last('roster:delta').changed[0]?.level, 1);
  scene.registry.close();
});

test('levels faster than 4 a second are thinned out; the latest is shown, and it falls to 0 with the stream', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene({ session: { voiceWithoutListeners: ['*'] } });
  const ada = scene.join(admin('ada'));
  const cleo = await scene.live(commercial('cleo'));
  t.mock.timers.tick(200);
  const level = (): number | undefined => ada.peer.last('roster:delta').changed.at(-1)?.level;
  for (const value of [1, 2, 3, 4] as const) scene.registry.publishing.voice(cleo.session, value);
  t.mock.timers.tick(100);
  assert.equal(level(), 1);
  t.mock.timers.tick(300);
  t.mock.timers.tick(100);
  assert.equal(level(), 4);
  await scene.registry.publishing.pause(cleo.session, true);
  t.mock.timers.tick(100);
  assert.equal(level(), 0);
  await scene.registry.publishing.pause(cleo.session, false);
  t.mock.timers.tick(100);
  assert.equal(level(), 0);
  scene.registry.publishing.voice(cleo.session, 2);
  t.mock.timers.tick(300);
  t.mock.timers.tick(100);
  assert.equal(level(), 2);
  scene.registry.publishing.capture(cleo.session, 'microphone');
  t.mock.timers.tick(100);
  assert.equal(level(), 0);
  scene.registry.close();
});

test('levels are taken only while somebody listens, whatever a page sends, unless the team wants them always', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene({ session: { voiceWithoutListeners: ['Sud'] } });
  const watcher = scene.join(admin('ada', ['Nord', 'Sud']));
  const cleo = await scene.live(commercial('cleo', 'Nord'));
  const hugo = await scene.live(commercial('hugo', 'Sud'));
  const say = (page: typeof cleo, level: 1 | 2 | 3): void => {
    scene.registry.publishing.voice(page.session, level);
    t.mock.timers.tick(400);
  };
  const levels = (id: string): number[] =>
    watcher.peer
      .all('roster:delta')
      .flatMap(({ changed }) => changed.filter((row) => row.id === id).map((row) => row.level));
  say(cleo, 3);
  say(hugo, 2);
  assert.deepEqual(levels('cleo').filter(Boolean), []);
  assert.equal(levels('hugo').at(-1), 2);
  const bea = scene.join(admin('bea'));
  scene.registry.listening.select(bea.session, 'cleo');
  say(cleo, 3);
  assert.equal(levels('cleo').at(-1), 3);
  scene.registry.listening.stop(bea.session);
  t.mock.timers.tick(400);
  assert.equal(levels('cleo').at(-1), 0);
  say(cleo, 1);
  scene.registry.listening.select(bea.session, 'cleo');
  t.mock.timers.tick(400);
  assert.equal(levels('cleo').at(-1), 0, 'what was said unheard is not shown later');
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
