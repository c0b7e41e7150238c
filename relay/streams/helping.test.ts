/** Commercials who ask for help: what the rosters say, what ends it, and what does not. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, type TestContext } from 'node:test';
import { HELP_BURST } from './helping.ts';
import { admin, commercial, type FakePage, Scene, settle } from './testing/scene.ts';

let scene: Scene;
beforeEach((t) => {
  (t as TestContext).mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  scene = new Scene();
});
afterEach(() => scene.registry.close());

const ask = (page: FakePage, on = true, again = false) => scene.registry.helping.ask(page.session, on, again);
const row = (id = 'cleo') => scene.registry.find(id)?.row() ?? assert.fail();
const isAsked = (): boolean => row().helpForMs !== null;
const ends = () => scene.trail.flatMap((entry) => (entry.event === 'help_ended' ? [[entry.cause, entry.admin]] : []));
const reasons = ({ peer }: FakePage) => peer.all('help:changed').map(({ reason }) => reason);

async function select(page: FakePage): Promise<void> {
  scene.registry.listening.select(page.session, 'cleo');
  await settle();
}

describe('asking for help', () => {
  it('stands in the row with its time, live or not, is told once, and is taken back', (context) => {
    const t = context as TestContext;
    const ada = scene.join(admin('ada'));
    const cleo = scene.join(commercial('cleo'));
    t.mock.timers.tick(200);
    assert.deepEqual(ask(cleo), { askedForMs: 0 });
    t.mock.timers.tick(200);
    const told = ada.peer.last('roster:delta').changed[0];
    assert.equal(told?.status, 'ready');
    assert.ok(told?.helpForMs !== null && told !== undefined);
    const deltas = ada.peer.all('roster:delta').length;
    assert.notEqual(ask(cleo).askedForMs, null, 'asked again is asked');
    t.mock.timers.tick(200);
    assert.equal(ada.peer.all('roster:delta').length, deltas);
    assert.deepEqual(ask(cleo, false), { askedForMs: null });
    assert.deepEqual(ask(cleo, false), { askedForMs: null });
    t.mock.timers.tick(200);
    assert.equal(ada.peer.last('roster:delta').changed[0]?.helpForMs, null);
    assert.deepEqual(ends(), [['taken_back', null]]);
  });

  it('is answered by an admin whom the page shows, not by one who only selected', async () => {
    const cleo = await scene.live(commercial('cleo'));
    const acknowledge = cleo.peer.onDemand;
    let version = 0;
    cleo.peer.onDemand = (newest) => {
      version = newest;
    };
    const ada = await scene.listening(admin('ada'));
    ask(cleo);
    await select(ada);
    assert.ok(isAsked(), 'the page has not said that it shows ada');
    acknowledge(version);
    await settle();
    assert.ok(!isAsked());
    assert.deepEqual(ends(), [['answered', 'ada']]);
    assert.deepEqual(cleo.peer.last('help:changed'), { askedForMs: null, reason: 'answered' });
  });

  it('is not answered by who heard before, unless they come again; nor by a pause that is over', async () => {
    const cleo = await scene.live(commercial('cleo'));
    const ada = await scene.listening(admin('ada'));
    await select(ada);
    ask(cleo);
    await settle();
    await scene.registry.publishing.pause(cleo.session, true);
    await scene.registry.publishing.pause(cleo.session, false);
    await settle();
    assert.ok(isAsked());
    scene.registry.listening.stop(ada.session);
    await settle();
    assert.ok(isAsked());
    await select(ada);
    assert.deepEqual(ends(), [['answered', 'ada']]);
  });

  it('is not answered while paused, and is when the pause is over', async () => {
    const cleo = await scene.live(commercial('cleo'));
    await scene.registry.publishing.pause(cleo.session, true);
    ask(cleo);
    await select(await scene.listening(admin('ada')));
    assert.ok(isAsked());
    await scene.registry.publishing.pause(cleo.session, false);
    await settle();
    assert.deepEqual(ends(), [['answered', 'ada']]);
  });

  it('without a stream is answered by who waits, once they hear', async () => {
    const cleo = scene.join(commercial('cleo'));
    await select(await scene.listening(admin('ada')));
    ask(cleo);
    assert.ok(isAsked());
    await scene.publish(cleo);
    await settle();
    assert.deepEqual(ends(), [['answered', 'ada']]);
  });

  it('is answered by nobody of another team', async () => {
    const cleo = await scene.live(commercial('cleo'));
    ask(cleo);
    await select(await scene.listening(admin('sue', ['Sud'])));
    assert.ok(isAsked());
  });

  it('ends with the stream, but not when another page of the user takes it over', async () => {
    const cleo = await scene.live(commercial('cleo'));
    ask(cleo);
    const other = await scene.live(commercial('cleo'));
    assert.ok(isAsked());
    assert.deepEqual(reasons(other), [null], 'told when it came');
    scene.registry.publishing.stop(other.session);
    assert.deepEqual(ends(), [['stream_ended', null]]);
    assert.deepEqual(reasons(other), [null, 'stream_ended']);
  });

  it('outlives a lost connection, not the grace time; and another page of the user goes on', (context) => {
    const t = context as TestContext;
    const cleo = scene.join(commercial('cleo'));
    ask(cleo);
    cleo.session.detach(cleo.peer);
    const back = scene.join(commercial('cleo'), cleo.session);
    assert.deepEqual(reasons(back), [null]);
    const second = scene.join(commercial('cleo'));
    back.session.end('token_expired');
    assert.ok(isAsked());
    second.session.detach(second.peer);
    t.mock.timers.tick(29_000);
    assert.ok(isAsked());
    t.mock.timers.tick(2_000);
    assert.deepEqual(ends(), [['page_gone', null]]);
    assert.equal(scene.registry.helping.size, 0);
  });

  it('is told to be over when the page was away meanwhile', async () => {
    const cleo = await scene.live(commercial('cleo'));
    ask(cleo);
    cleo.session.detach(cleo.peer);
    scene.registry.publishing.stop(cleo.session);
    const back = scene.join(commercial('cleo'), cleo.session);
    assert.deepEqual(reasons(back), ['stream_ended']);
    ask(back);
    const again = scene.join(commercial('cleo'), cleo.session);
    assert.deepEqual(reasons(again), [null]);
  });

  it('again, after a loss, is not answered by those who come back', async () => {
    const cleo = await scene.live(commercial('cleo'));
    ask(cleo, true, true);
    await select(await scene.listening(admin('ada')));
    await settle();
    assert.ok(isAsked());
  });

  it('too often is refused, and can be taken back all the same', () => {
    const cleo = scene.join(commercial('cleo'));
    for (let time = 0; time < HELP_BURST; time += 1) {
      ask(cleo);
      ask(cleo, false);
    }
    assert.throws(() => ask(cleo), { code: 'rate_limited' });
    assert.deepEqual(ask(cleo, false), { askedForMs: null });
    assert.equal(scene.trail.filter(({ event }) => event === 'help_asked').length, HELP_BURST);
  });
});
