import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { ACKNOWLEDGE_WITHIN_MS, type DemandNotice } from './demand-notice.ts';
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

const shown = (demand: DemandNotice) => [...demand.shown].sort().join(' ');

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
    assert.deepEqual(back.peer.last('demand:changed').listeners, [{ id: 'ada', name: 'ADA' }]);
    assert.equal(shown(demand), 'ada');
  });

  it('remembers a bounded number of lists of a page that acknowledges none', async () => {
    const { demand } = await live();
    for (let i = 0; i < 1_000; i += 1) demand.announce(i % 2 === 0 ? [ada] : [ada, ben]);
    assert.equal(demand.acknowledge(2), false, 'forgotten');
    demand.acknowledge(1_001);
    assert.equal(shown(demand), 'ada ben');
  });
});

describe('a newcomer', () => {
  it('hears nothing, and is told so, before the page has acknowledged', async () => {
    const { scene, seen } = await live();
    const page = await scene.listening(admin('ada'));
    assert.equal(scene.registry.listening.select(page.session, 'cleo').status, 'joining');
    await settle();
    assert.equal(scene.media.listen().heard, null);
    seen(2);
    await settle();
    assert.equal(page.peer.last('listen:changed').status, 'live');
    assert.equal(scene.media.listen().heard, scene.media.publish().source);
  });

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
