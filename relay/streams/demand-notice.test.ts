import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { ACKNOWLEDGE_WITHIN_MS, AT_ONCE, type DemandNotice, GATHER_MS } from './demand-notice.ts';
import { admin, commercial, type FakePage, Scene, settle } from './testing/scene.ts';

const ada = { id: 'ada', name: 'Ada' };
const ben = { id: 'ben', name: 'Ben' };

/** A commercial who is live on a page that acknowledges only what the test tells it to. */
async function live(): Promise<{
  scene: Scene;
  page: FakePage;
  demand: DemandNotice;
  seen: (version: number) => void;
}> {
  const scene = new Scene();
  const page = scene.join(commercial('cleo'));
  page.peer.onDemand = () => {};
  await scene.publish(page);
  const demand = scene.streamOf('cleo').demand;
  return { scene, page, demand, seen: (version) => scene.registry.publishing.seen(page.session, version) };
}

const shown = (demand: DemandNotice) => [...demand.shown.keys()].sort().join(' ');

describe('who the page shows', () => {
  it('is nobody before the page has acknowledged', async () => {
    const { demand } = await live();
    demand.announce([ada]);
    assert.equal(shown(demand), '');
    assert.equal(demand.acknowledge(2), true);
    assert.equal(shown(demand), 'ada');
  });

  it('is only who stands in all lists that the page may show', async () => {
    const { demand } = await live();
    demand.announce([ada]); // 2
    demand.acknowledge(2);
    demand.announce([]); // 3
    assert.equal(shown(demand), '', 'the page may have taken the name away already');
    demand.announce([ada, ben]); // 4
    assert.equal(shown(demand), '', 'the page may be at 3 still');
    demand.acknowledge(3);
    assert.equal(shown(demand), '');
    demand.acknowledge(4);
    assert.equal(shown(demand), 'ada ben');
  });

  it('is nobody who has another purpose now, until the page shows that one', async () => {
    const { demand } = await live();
    const why = (purpose: string) => ({ ...ada, purpose });
    demand.announce([why('help')]); // 2
    demand.acknowledge(2);
    assert.deepEqual([...demand.shown], [['ada', 'help']]);
    demand.announce([why('training')]); // 3
    assert.equal(shown(demand), '');
    assert.equal(demand.acknowledge(3), true);
    assert.deepEqual([...demand.shown], [['ada', 'training']]);
    // Also while the change waits to be sent, because much was sent just now.
    demand.announce([ada, ben]);
    demand.announce([ada]);
    demand.announce([why('help'), ben]);
    assert.equal(shown(demand), '');
  });

  it('takes a late or repeated acknowledgement for what it is, and refuses one of what was never sent', async () => {
    const { demand } = await live();
    demand.announce([ada]);
    demand.announce([ada, ben]);
    demand.acknowledge(3);
    assert.equal(demand.acknowledge(2), false);
    assert.equal(demand.acknowledge(3), false);
    assert.equal(shown(demand), 'ada ben');
    assert.throws(() => demand.acknowledge(4), { code: 'bad_request' });
  });

  it('is not who was sent over a connection that is gone, until the next one has brought it', async () => {
    const { scene, page, demand } = await live();
    demand.acknowledge(1);
    const listener = await scene.listening(admin('ada'));
    scene.registry.listening.select(listener.session, 'cleo');
    page.session.detach(page.peer);
    assert.equal(shown(demand), '');
    const back = scene.join(commercial('cleo'), page.session);
    await settle();
    assert.deepEqual(back.peer.listeners, [{ id: 'ada', name: 'ADA' }]);
    assert.equal(shown(demand), 'ada');
  });

  it('remembers a bounded number of lists of a page that acknowledges none', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { demand } = await live();
    for (let i = 0; i < 1_000; i += 1) {
      demand.announce(i % 2 === 0 ? [ada] : [ada, ben]);
      t.mock.timers.tick(GATHER_MS);
    }
    assert.equal(demand.acknowledge(2), false, 'forgotten');
    demand.acknowledge(1_001);
    assert.equal(shown(demand), 'ada ben');
  });
});

describe('what the page is sent', () => {
  /** What was sent since the stream began. */
  const sent = (page: FakePage) => page.peer.all('demand:changed').slice(1);

  it('is what changed since the list that was sent before, acknowledged or not', async () => {
    const { page, demand } = await live();
    assert.deepEqual(page.peer.all('demand:changed'), [{ version: 1, since: null, joined: [], left: [] }]);
    demand.announce([ada, ben]);
    demand.announce([ben]);
    demand.announce([{ id: 'ben', name: 'Benjamin' }]);
    assert.deepEqual(sent(page), [
      { version: 2, since: 1, joined: [ada, ben], left: [] },
      { version: 3, since: 2, joined: [], left: ['ada'] },
      { version: 4, since: 3, joined: [{ id: 'ben', name: 'Benjamin' }], left: [] },
    ]);
    assert.deepEqual(page.peer.listeners, [{ id: 'ben', name: 'Benjamin' }]);
  });

  it('is the whole list over a new connection and when the stream begins anew', async () => {
    const { scene, page, demand } = await live();
    demand.announce([ada]);
    const before = demand.shown;
    page.session.detach(page.peer);
    scene.registry.listening.select(scene.join(admin('ben')).session, 'cleo');
    const back = scene.join(commercial('cleo'), page.session);
    assert.deepEqual(back.peer.all('demand:changed'), [
      { version: 3, since: null, joined: [{ id: 'ben', name: 'BEN' }], left: [] },
    ]);
    assert.deepEqual(before, demand.shown);
    await scene.publish(back);
    assert.deepEqual(back.peer.last('demand:changed'), {
      version: 4,
      since: null,
      joined: [{ id: 'ben', name: 'BEN' }],
      left: [],
    });
  });

  it('comes at once for a few changes in a row, and gathered for a crowd', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { page, demand } = await live();
    for (let i = 0; i < AT_ONCE; i += 1) t.mock.timers.tick(GATHER_MS);
    const crowd = Array.from({ length: 1_000 }, (_, i) => ({ id: `admin-${i}`, name: `Admin ${i}` }));
    for (let i = 1; i <= AT_ONCE; i += 1) {
      demand.announce(crowd.slice(0, i));
      assert.equal(sent(page).length, i, 'at once');
    }
    for (let i = AT_ONCE + 1; i <= crowd.length; i += 1) {
      demand.announce(crowd.slice(0, i));
      if (i % 25 === 0) t.mock.timers.tick(GATHER_MS);
    }
    assert.equal(sent(page).length, AT_ONCE + crowd.length / 25);
    assert.equal(page.peer.listeners.length, crowd.length);
    assert.ok(JSON.stringify(sent(page)).length < 60_000, 'the list is not sent over and over');
    for (let i = 0; i < AT_ONCE; i += 1) t.mock.timers.tick(GATHER_MS);
    assert.equal(sent(page).length, AT_ONCE + crowd.length / 25, 'nothing is sent when nothing has changed');
    demand.announce([]);
    assert.deepEqual(page.peer.listeners, [], 'at once again');
  });

  it('while it waits to be sent, changes nothing of who is shown: the page shows what it was sent', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { page, demand } = await live();
    for (let i = 0; i < AT_ONCE; i += 1) demand.announce([{ id: 'ada', name: `Ada ${i}` }]);
    t.mock.timers.tick(GATHER_MS);
    const { version } = page.peer.last('demand:changed');
    demand.acknowledge(version);
    assert.equal(shown(demand), 'ada');
    demand.announce([]);
    demand.announce([ben]);
    assert.equal(page.peer.last('demand:changed').version, version, 'it waits');
    assert.equal(shown(demand), 'ada', 'Ben was not sent, and of Ada’s leaving the page knows nothing');
    t.mock.timers.tick(GATHER_MS);
    assert.deepEqual(page.peer.last('demand:changed'), {
      version: version + 1,
      since: version,
      joined: [ben],
      left: ['ada'],
    });
    assert.equal(shown(demand), '', 'sent is not shown');
    demand.acknowledge(version + 1);
    assert.equal(shown(demand), 'ben');
  });

  it('is nothing of what was taken back before it was sent', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { page, demand } = await live();
    for (let i = 0; i < 3 * AT_ONCE; i += 1) demand.announce(i % 2 === 0 ? [] : [ada]);
    const before = page.peer.all('demand:changed').length;
    assert.ok(before <= AT_ONCE);
    assert.deepEqual(page.peer.listeners, [ada]);
    t.mock.timers.tick(1_000);
    assert.equal(page.peer.all('demand:changed').length, before);
  });

  it('does not go to a stream’s page any more once the stream is over', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { scene, page, demand } = await live();
    for (let i = 0; i <= 2 * AT_ONCE; i += 1) demand.announce(i % 2 === 0 ? [ada] : [ben]);
    scene.registry.publishing.stop(page.session);
    const before = page.peer.all('demand:changed').length;
    t.mock.timers.tick(1_000);
    assert.equal(page.peer.all('demand:changed').length, before);
  });
});

describe('a newcomer', () => {
  it('makes the relay look at a silent connection: a dead one is dropped, a slow one is waited for', async (t) => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    t.after(() => mock.timers.reset());
    const { scene, page, seen } = await live();
    seen(1);
    const listener = scene.join(admin('ada'));
    scene.registry.listening.select(listener.session, 'cleo');
    page.peer.silentForMs = ACKNOWLEDGE_WITHIN_MS - 1;
    mock.timers.tick(ACKNOWLEDGE_WITHIN_MS);
    assert.equal(page.peer.dropped, false);
    page.peer.silentForMs = ACKNOWLEDGE_WITHIN_MS;
    mock.timers.tick(ACKNOWLEDGE_WITHIN_MS);
    assert.equal(page.peer.dropped, true);
    assert.equal(page.session.peer, null);
    assert.equal(listener.peer.last('listen:changed').status, 'interrupted');
  });
});
