import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HIDDEN_INTERVAL_MS, LEVELS_INTERVAL_MS, ROSTER_INTERVAL_MS } from './roster.ts';
import { deltas, levelsOf, pass } from './testing/roster-page.ts';
import { admin, commercial, Scene, settle } from './testing/scene.ts';

test('levels faster than 4 a second are thinned out; the latest is shown, and it falls to 0 with the stream', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene({ session: { voiceWithoutListeners: ['*'] } });
  const ada = scene.join(admin('ada'));
  const cleo = await scene.live(commercial('cleo'));
  t.mock.timers.tick(200);
  const level = (): number | undefined => levelsOf(ada, 'cleo').at(-1);
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
  const levels = (id: string): number[] => levelsOf(watcher, id);
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

test('a level that changes comes without the rest of the row, and no faster than the interval', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene({ session: { voiceWithoutListeners: ['*'] } });
  const ada = scene.join(admin('ada'));
  const pages = await Promise.all(['cleo', 'hugo', 'mia'].map((id) => scene.live(commercial(id))));
  pass(t, 1_000);
  const before = deltas(ada);
  for (const [i, { session }] of pages.entries()) {
    scene.registry.publishing.voice(session, i === 0 ? 3 : 2);
    pass(t, ROSTER_INTERVAL_MS);
  }
  pass(t, LEVELS_INTERVAL_MS);
  assert.deepEqual(ada.peer.all('roster:delta').slice(before), [
    { changed: [], levels: [{ id: 'cleo', level: 3 }], removed: [] },
    {
      changed: [],
      levels: [
        { id: 'hugo', level: 2 },
        { id: 'mia', level: 2 },
      ],
      removed: [],
    },
  ]);
  scene.registry.close();
});

test('a page that reads slowly catches up with rows where rows changed, and with levels where only these did', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene({ session: { voiceWithoutListeners: ['*'] } });
  const [ada, ben] = [scene.join(admin('ada')), scene.join(admin('ben'))];
  const [cleo, hugo] = [await scene.live(commercial('cleo')), await scene.live(commercial('hugo'))];
  pass(t, 1_000);
  ada.peer.congested = true;
  const before = deltas(ada);
  scene.registry.publishing.voice(cleo.session, 3);
  await scene.registry.publishing.pause(hugo.session, true);
  pass(t, 1_000);
  scene.registry.publishing.voice(cleo.session, 4);
  pass(t, 1_000);
  assert.equal(deltas(ada), before);
  ada.peer.congested = false;
  pass(t, ROSTER_INTERVAL_MS);
  assert.equal(deltas(ada), before + 1);
  const { changed, levels } = ada.peer.last('roster:delta');
  assert.deepEqual(
    [changed.map(({ id, status }) => [id, status]), levels],
    [[['hugo', 'paused']], [{ id: 'cleo', level: 4 }]],
  );
  // In step again.
  await scene.registry.publishing.pause(hugo.session, false);
  pass(t, ROSTER_INTERVAL_MS);
  assert.equal(ada.peer.last('roster:delta'), ben.peer.last('roster:delta'));
  scene.registry.close();
});

test('a hidden page gets no levels, rows seldom, its own listening at once, and all of it when it is seen again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene({ session: { voiceWithoutListeners: ['*'] } });
  const ada = scene.join(admin('ada'));
  const cleo = await scene.live(commercial('cleo'));
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  pass(t, 1_000);
  scene.registry.paceRoster(ada.session, true);
  const before = deltas(ada);
  scene.registry.publishing.voice(cleo.session, 3);
  pass(t, 5_000);
  assert.equal(deltas(ada), before, 'a level is of no use to it');
  for (let paused = true, ms = 0; ms < 6_400; ms += 400, paused = !paused) {
    await scene.registry.publishing.pause(cleo.session, paused);
    assert.equal(ada.peer.last('listen:changed').status, paused ? 'paused' : 'live');
    pass(t, 400);
  }
  const told = deltas(ada) - before;
  assert.ok(told >= 3 && told <= 1 + 6_400 / HIDDEN_INTERVAL_MS, `told ${told} times`);
  scene.registry.publishing.voice(cleo.session, 2);
  pass(t, 300);
  const hidden = deltas(ada);
  scene.registry.paceRoster(ada.session, false);
  assert.equal(deltas(ada), hidden + 1, 'at once');
  assert.equal(levelsOf(ada, 'cleo').at(-1), 2);
  scene.registry.publishing.voice(cleo.session, 4);
  pass(t, ROSTER_INTERVAL_MS + LEVELS_INTERVAL_MS);
  assert.equal(levelsOf(ada, 'cleo').at(-1), 4);
  scene.registry.close();
});

test('a page that connects anew counts as one that is seen; changed teams change nothing of that', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene({ session: { voiceWithoutListeners: ['*'] } });
  const ada = scene.join(admin('ada'));
  const cleo = await scene.live(commercial('cleo', 'Sud'));
  scene.registry.paceRoster(ada.session, true);
  ada.session.refresh({ user: admin('ada', ['Sud']), expiresAt: Date.now() + 3_600_000 });
  pass(t, 1_000);
  scene.registry.publishing.voice(cleo.session, 3);
  pass(t, 1_000);
  assert.deepEqual(levelsOf(ada, 'cleo'), []);
  const back = scene.join(admin('ada', ['Sud']), ada.session);
  scene.registry.publishing.voice(cleo.session, 1);
  pass(t, 1_000);
  assert.deepEqual(levelsOf(back, 'cleo'), [1]);
  scene.registry.close();
});
