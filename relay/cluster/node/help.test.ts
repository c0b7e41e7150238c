import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { admin, commercial, type FakePage, settle } from '../../streams/testing/scene.ts';
import { Clock } from '../testing/clock.ts';
import { ClusterScene } from '../testing/cluster-scene.ts';

let clock: Clock;
let scene: ClusterScene;
beforeEach(() => {
  clock = new Clock();
  scene = new ClusterScene({ clock });
});
afterEach(async () => {
  await scene.close();
  clock.stop();
});

/** Everything that is under way has arrived. */
const rest = (): Promise<void> => clock.advance(300);

const helpIn = ({ peer }: FakePage): number | null | undefined =>
  [
    ...peer.all('roster:snapshot').flatMap(({ commercials }) => commercials),
    ...peer.all('roster:delta').flatMap(({ changed }) => changed),
  ].at(-1)?.helpForMs;

describe('a commercial who asks for help at another node', () => {
  it('is shown with the time there, also to who comes later, and answered by who hears from there', async () => {
    const [a, b] = await scene.start('a', 'b');
    const ada = await b.scene.listening(admin('ada'));
    const cleo = await a.scene.live(commercial('cleo'));
    await rest();
    assert.equal(helpIn(ada), null);
    a.scene.registry.helping.ask(cleo.session, true);
    await rest();
    assert.equal(typeof helpIn(ada), 'number');
    const told = helpIn(ada) ?? assert.fail();
    // The time itself is that of the machine's clock.
    for (const until = performance.now() + 20; performance.now() < until; ) await settle();
    const bea = await b.scene.listening(admin('bea'));
    const later = helpIn(bea) ?? assert.fail();
    assert.ok(later >= told + 15, `${told}, then ${later}`);
    b.scene.registry.listening.select(ada.session, 'cleo');
    await rest();
    assert.equal(helpIn(ada), null);
    assert.deepEqual(
      a.scene.trail.flatMap((entry) => (entry.event === 'help_ended' ? [[entry.cause, entry.admin]] : [])),
      [['answered', 'ada']],
    );
  });

  it('without a stream is shown as well, and no longer when their node is gone', async () => {
    const [a, b] = await scene.start('a', 'b');
    const ada = await b.scene.listening(admin('ada'));
    const cleo = a.scene.join(commercial('cleo'));
    a.scene.registry.helping.ask(cleo.session, true);
    await rest();
    assert.equal(typeof helpIn(ada), 'number');
    await a.die();
    await clock.advance(10_000);
    assert.equal(helpIn(ada), null);
  });
});
