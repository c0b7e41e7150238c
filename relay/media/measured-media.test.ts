/** Real packets of real workers: what is measured of them is what happened to them. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Measures } from '../measures/measures.ts';
import { countMeasures } from '../measures/testing/read-measures.ts';
import type { AudioMedia } from './audio-media.ts';
import { OFFER, RecordedEvents, startMedia, until } from './testing/media-fixtures.ts';
import { RtpPages } from './testing/rtp-pages.ts';

describe('media that is measured', () => {
  const measures = new Measures();
  let media: AudioMedia;
  let pages: RtpPages;
  before(async () => {
    media = await startMedia({ workers: 1 }, undefined, measures);
    pages = await RtpPages.start();
  });
  after(() => Promise.all([media.close(), pages.close()]));

  it('knows of the first packet that went to the page, of connections, and of those that never come up', async () => {
    const voice = await pages.publisher();
    const publish = await media.createPublishTransport(new RecordedEvents());
    const answer = await publish.answer(await voice.offer());
    const source = await publish.produce();

    const ear = await pages.listener();
    const told: boolean[] = [];
    const listen = await media.createListenTransport({
      onState: () => undefined,
      onLost: () => undefined,
      onSending: () => told.push(listen.sending === source),
    });
    await listen.accept(await ear.answer(listen.offer()));
    await listen.hear(source);
    await until('the listener is connected', () => listen.state === 'connected');
    assert.equal(listen.hearing, source);
    // A connection and a consumer are no packet.
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual([told, listen.sending], [[], null]);

    await voice.speak(answer);
    await until('a packet has been sent', () => listen.sending === source);
    assert.deepEqual(told, [true]);
    const all = await countMeasures(measures);
    for (const kind of ['publish', 'listen']) {
      assert.equal(all[`negotiation_seconds_count{kind="${kind}"}`], 1);
      assert.equal(all[`media_paths_total{kind="${kind}",path="udp"}`], 1);
    }

    const quality = () => media.quality();
    await until('both connections were looked at twice', () => {
      const { publish: from, listen: to } = quality();
      return from.loss.length === 1 && to.loss.length === 1;
    });
    assert.ok((quality().publish.jitterMs[0] ?? 1_000) < 1_000);
    assert.equal(listen.silent, false);

    const sample = async () => (await listen.sample())?.packets ?? 0;
    const once = await sample();
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.ok((await sample()) > once, 'packets go on');

    await listen.hear(null);
    assert.equal(listen.sending, null);
    assert.deepEqual(told, [true], 'once');
    for (const page of [voice, ear]) page.close();
    for (const transport of [publish, listen]) transport.close();
    assert.deepEqual(quality().listen.loss, []);
  });

  it('says that a page with a description never came', async () => {
    const publish = await media.createPublishTransport(new RecordedEvents());
    await publish.answer(OFFER);
    const failed = 'media_failures_total{kind="publish",what="connecting"}';
    for (let tries = 0; (await countMeasures(measures))[failed] !== 1; tries += 1) {
      assert.ok(tries < 150, 'nothing was counted');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    publish.close();
    const early = await media.createPublishTransport(new RecordedEvents());
    await early.answer(OFFER);
    early.close();
    assert.equal((await countMeasures(measures))[failed], 1, 'who closes at once has not failed');
  });
});
