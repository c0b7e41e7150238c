import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fixtureNames, readFixture } from '../sdp/testing/fixtures.ts';
import type { AudioMedia } from './audio-media.ts';
import { OFFER, publishing, RESTART_OFFER, RecordedEvents, startMedia } from './testing/media-fixtures.ts';

const ufrag = (sdp: string): string => /a=ice-ufrag:(\S+)/.exec(sdp)?.[1] ?? 'none';
const version = (sdp: string): number => Number(/^o=\S+ \d+ (\d+)/m.exec(sdp)?.[1]);

describe('AudioPublishTransport', () => {
  let media: AudioMedia;
  before(async () => {
    media = await startMedia({ workers: 1 });
  });
  after(() => media.close());

  for (const name of fixtureNames('offer')) {
    it(`takes ${name} all the way to a producer`, async () => {
      const transport = await media.createPublishTransport(new RecordedEvents());
      const answer = await transport.answer(readFixture(name));
      assert.match(answer, /a=recvonly/);
      const source = await transport.produce();
      assert.equal(source.closed, false);
      assert.equal(await transport.bytesReceived(), 0);
      transport.close();
      assert.equal(source.closed, true);
      assert.deepEqual(media.gauges(), { workers: 1, transports: 0, producers: 0, consumers: 0 });
    });
  }

  it('refuses a broken offer and can take a good one after it', async () => {
    const transport = await media.createPublishTransport(new RecordedEvents());
    await assert.rejects(transport.answer('nonsense'), { code: 'sdp_invalid' });
    await assert.rejects(transport.produce(), { code: 'not_connected' });
    await assert.rejects(transport.restartIce(OFFER), { code: 'not_connected' });
    await transport.answer(OFFER);
    await assert.rejects(transport.answer(OFFER), { code: 'sdp_invalid' });
    transport.close();
  });

  it('restarts ICE with fresh credentials and the same media', async () => {
    const transport = await media.createPublishTransport(new RecordedEvents());
    const first = await transport.answer(OFFER);
    const source = await transport.produce();
    const second = await transport.restartIce(RESTART_OFFER);
    assert.notEqual(ufrag(second), ufrag(first));
    assert.equal(version(second), version(first) + 1);
    assert.equal(source.closed, false);
    // The page may ask again when the answer was lost on the way.
    const third = await transport.restartIce(RESTART_OFFER);
    assert.notEqual(ufrag(third), ufrag(second));
    await assert.rejects(
      transport.restartIce(readFixture('chromium-offer-no-track')),
      /differs from the connection's first offer/,
    );
    transport.close();
    await assert.rejects(transport.restartIce(RESTART_OFFER), { code: 'not_connected' });
  });

  it('makes one source, however often it is asked, and a new one after that was closed', async () => {
    const transport = await publishing(media);
    const [one, two] = await Promise.all([transport.produce(), transport.produce()]);
    assert.equal(one, two);
    assert.equal(media.gauges().producers, 1);
    one.close();
    one.close();
    assert.equal(media.gauges().producers, 0);
    const three = await transport.produce();
    assert.notEqual(three, one);
    assert.equal(media.gauges().producers, 1);
    transport.close();
  });

  it('pauses and resumes; the last word counts', async () => {
    const transport = await publishing(media);
    const source = await transport.produce();
    await source.pause();
    assert.equal(source.paused, true);
    await Promise.all([source.resume(), source.pause(), source.resume()]);
    assert.equal(source.paused, false);
    source.close();
    await source.pause();
    transport.close();
  });

  it('may be closed in the middle of everything', async () => {
    const events = new RecordedEvents();
    for (let round = 0; round < 20; round += 1) {
      const transport = await media.createPublishTransport(events);
      const work = Promise.allSettled([
        transport.answer(OFFER),
        transport.produce(),
        transport.restartIce(RESTART_OFFER),
      ]);
      if (round % 2 === 1) await new Promise((resolve) => setImmediate(resolve));
      transport.close();
      transport.close();
      for (const result of await work) {
        if (result.status === 'rejected') assert.equal(result.reason.code, 'not_connected');
      }
    }
    assert.deepEqual(events, new RecordedEvents());
    assert.deepEqual(media.gauges(), { workers: 1, transports: 0, producers: 0, consumers: 0 });
    assert.deepEqual((await media.dump())[0]?.router.transportIds, []);
  });
});
