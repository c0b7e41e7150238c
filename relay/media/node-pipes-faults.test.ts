import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { freePort } from '../../test/harness/network/free-port.ts';
import { RecordedEvents, startMedia, until } from './testing/media-fixtures.ts';
import { hears, kill, NOTHING, SOON, TwoNodes } from './testing/two-nodes.ts';

/** Somebody at one node is heard at the other. */
async function heard(t: TestContext) {
  const nodes = await TwoNodes.start(await freePort(['127.0.0.1'], 16), 1, 8, SOON);
  t.after(() => nodes.close());
  const speaker = await nodes.speaker();
  const ear = await nodes.ear();
  const remote = nodes.remote(speaker);
  await ear.transport.hear(remote);
  await hears(ear);
  return { nodes, speaker, ear, remote };
}

describe('a worker that dies at one of two nodes', () => {
  it('costs the home’s links at the home, and the next source is heard', async (t) => {
    const { nodes, speaker, ear, remote } = await heard(t);
    kill(nodes.home);
    await until('its source has ended', () => speaker.source.closed);
    assert.deepEqual(nodes.homePipes.gauges(), NOTHING);
    remote.close();
    assert.equal(ear.transport.hearing, null);
    await until('the worker is back', () => nodes.home.available);
    const again = await nodes.speaker();
    await ear.page.renew();
    await ear.transport.hear(nodes.remote(again));
    await hears(ear, 'the next source is heard');
    await nodes.close();
    assert.deepEqual(nodes.homePipes.gauges(), NOTHING);
    assert.deepEqual(nodes.farPipes.gauges(), NOTHING);
  });

  it('costs the listeners’ copies where they are, and the home is told', async (t) => {
    const { nodes, ear, remote } = await heard(t);
    kill(nodes.far);
    await until('its transport is lost', () => ear.events.losses.length === 1);
    assert.deepEqual(nodes.farPipes.gauges(), NOTHING);
    assert.equal(nodes.released.length, 1);
    assert.equal(nodes.homePipes.gauges().given, 0);
    await until('the worker is back', () => nodes.far.available);
    const next = await nodes.ear();
    await next.transport.hear(remote);
    await hears(next, 'the same source is heard by the next listener');
    await nodes.close();
  });
});

describe('ports of pipes between nodes', () => {
  it('are given back, and it is said when there is none', async (t) => {
    const nodes = await TwoNodes.start(await freePort(['127.0.0.1'], 2), 2, 1, SOON);
    t.after(() => nodes.close());
    const speaker = await nodes.speaker();
    const remote = nodes.remote(speaker);
    const [first, second] = [await nodes.ear(), await nodes.ear()];
    await first.transport.hear(remote);
    // Another worker needs another link.
    await assert.rejects(second.transport.hear(remote), { code: 'media_unavailable' });
    assert.equal(nodes.farPipes.gauges().copies, 1);
    first.transport.close();
    await until('the port is free', () => nodes.farPipes.gauges().links + nodes.homePipes.gauges().links === 0);
    await second.transport.hear(remote);
    await hears(second);
    await nodes.close();
  });

  it('are none on a relay that is alone', async () => {
    const media = await startMedia({ workers: 1 });
    assert.equal(media.nodePipes, null);
    await media.createListenTransport(new RecordedEvents());
    const [report] = await media.dump();
    assert.equal(report?.router.transportIds.length, 1);
    await media.close();
  });
});
