import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { commercial } from '../../streams/testing/scene.ts';
import { info } from '../testing/bus-scene.ts';
import { Clock } from '../testing/clock.ts';
import { type ClusterNode, ClusterScene } from '../testing/cluster-scene.ts';

let clock: Clock;
beforeEach(() => {
  clock = new Clock();
});
afterEach(() => clock.stop());

/** Everything that is under way has arrived. */
const rest = (): Promise<void> => clock.advance(300);

describe('a stream that goes over from a node that drains', () => {
  beforeEach((t) => {
    if ('mock' in t) t.mock.method(performance, 'now', () => clock.now());
  });

  /** Cleo has been live at a for two seconds when a drains, and goes over to b. */
  async function moved(drains: boolean) {
    let draining = false;
    const own = new ClusterScene({
      clock,
      session: { maxStreamMs: 10_000 },
      infoOf: (id) => ({ ...info, draining: draining && id === 'a' }),
    });
    const [a, b] = await own.start('a', 'b');
    const old = await a.scene.live(commercial('cleo'));
    await clock.advance(2_000);
    draining = drains;
    a.membership.announce();
    await rest();
    // As the widgets do: a second session there, negotiated, then the stream goes on.
    const page = b.scene.join(old.session.user, old.session);
    const { publishing } = b.scene.registry;
    const start = publishing
      .offer(page.session, 'connect', 'an offer')
      .then(() => publishing.start(page.session, true));
    await rest();
    await start;
    return { own, b, page };
  }

  const liveForMs = (node: ClusterNode): number => node.scene.registry.find('cleo')?.stream?.liveForMs ?? 0;

  it('goes on with its clock and its time limit; the audit trail has each part once', async () => {
    const { own, b, page } = await moved(true);
    assert.ok(liveForMs(b) >= 2_300, `${liveForMs(b)} ms`);
    await clock.advance(7_000);
    assert.equal(page.peer.all('stream:ended').length, 0);
    await clock.advance(1_000);
    assert.equal(page.peer.last('stream:ended').reason, 'time_limit');
    const lived = b.scene.trail.flatMap((entry) => ('liveMs' in entry ? [Number(entry.liveMs)] : []));
    assert.ok(lived.length === 1 && lived.every((ms) => ms < 9_000), String(lived));
    await own.close();
  });

  it('begins anew where the other node does not drain: it may be gone, and nobody waits for it', async () => {
    const { own, b } = await moved(false);
    assert.ok(liveForMs(b) < 1_000, `${liveForMs(b)} ms`);
    await own.close();
  });

  it('does not take the word of a page that was never there', async () => {
    const { own, b, page } = await moved(true);
    b.scene.registry.publishing.stop(page.session);
    const stranger = await b.scene.live(commercial('cleo'));
    assert.ok(liveForMs(b) < 1_000, `${liveForMs(b)} ms`);
    stranger.session.end('refused');
    await own.close();
  });
});
