import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fixtureNames, readFixture } from '../sdp/testing/fixtures.ts';
import type { AudioMedia } from './audio-media.ts';
import type { AudioListenTransport } from './listen-transport.ts';
import type { AudioSource, PublishTransport } from './media.ts';
import { RtcConnection } from './rtc-connection.ts';
import { ANSWER, publishing, RESTART_ANSWER, RecordedEvents, startMedia, until } from './testing/media-fixtures.ts';

const NOTHING = { workers: 2, transports: 0, producers: 0, consumers: 0 };

describe('AudioListenTransport', () => {
  let media: AudioMedia;
  before(async () => {
    media = await startMedia({ workers: 2 });
  });
  after(() => media.close());

  async function listening(): Promise<AudioListenTransport> {
    const listen = await media.createListenTransport(new RecordedEvents());
    await listen.accept(ANSWER);
    return listen;
  }

  /** Two sources, on the two workers, so that one of them needs a pipe. */
  async function twoSources(): Promise<{ publish: PublishTransport[]; sources: [AudioSource, AudioSource] }> {
    const publish = [await publishing(media), await publishing(media)];
    const [one, two] = await Promise.all(publish.map((transport) => transport.produce()));
    assert.ok(one !== undefined && two !== undefined);
    return { publish, sources: [one, two] };
  }

  async function leftOvers(): Promise<number> {
    const reports = await media.dump();
    return reports.reduce(
      (sum, { router }) => sum + router.transportIds.length + router.mapProducerIdConsumerIds.length,
      0,
    );
  }

  async function assertNothingLeft(): Promise<void> {
    assert.deepEqual(media.gauges(), NOTHING);
    assert.equal(media.pipes, 0);
    // A pair of transports that was being made is closed when it is there.
    for (let tries = 0; (await leftOvers()) > 0; tries += 1) {
      assert.ok(tries < 500, 'workers keep what nobody needs');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  for (const name of fixtureNames('answer')) {
    it(`hears with ${name}`, async () => {
      const { publish, sources } = await twoSources();
      const listen = await media.createListenTransport(new RecordedEvents());
      await listen.accept(readFixture(name));
      for (const source of sources) {
        await listen.hear(source);
        assert.equal(listen.hearing, source);
        const { mid, codecs, headerExtensions = [] } = listen.consumer?.rtpParameters ?? { codecs: [] };
        assert.equal(mid, '0');
        assert.equal(codecs[0]?.payloadType, 111);
        assert.ok(codecs[0]?.rtcpFeedback?.some(({ type }) => type === 'nack'));
        const offered = listen.offer();
        for (const { uri, id } of headerExtensions) assert.ok(offered.includes(`a=extmap:${id} ${uri}`));
        assert.ok(headerExtensions.some(({ uri }) => uri === 'urn:ietf:params:rtp-hdrext:sdes:mid'));
        assert.equal(listen.consumer?.paused, false);
      }
      assert.equal(media.pipes + media.gauges().consumers >= 1, true);
      for (const transport of [...publish, listen]) transport.close();
      await assertNothingLeft();
    });
  }

  it('remembers what to hear until the page has answered', async () => {
    const { publish, sources } = await twoSources();
    const listen = await media.createListenTransport(new RecordedEvents());
    await listen.hear(sources[0]);
    await listen.hear(sources[1]);
    assert.equal(listen.hearing, null);
    assert.equal(media.gauges().consumers, 0);
    await listen.accept(ANSWER);
    assert.equal(listen.hearing, sources[1]);
    for (const transport of [...publish, listen]) transport.close();
    await assertNothingLeft();
  });

  it('has the consumer before the handshake is through, and lets go of it when that fails', async (t) => {
    const { publish, sources } = await twoSources();
    for (const source of sources) {
      const listen = await media.createListenTransport(new RecordedEvents());
      await listen.hear(source);
      const handshake = Promise.withResolvers<void>();
      const connect = t.mock.method(RtcConnection.prototype, 'connect', () => handshake.promise);
      const accepted = listen.accept(ANSWER);
      await until('the consumer is there', () => listen.hearing === source);
      handshake.reject(new Error('no handshake'));
      await assert.rejects(accepted, /no handshake/);
      assert.equal(listen.hearing, null);
      connect.mock.restore();
      await listen.accept(ANSWER);
      assert.equal(listen.hearing, source);
      listen.close();
    }
    for (const transport of publish) transport.close();
    await assertNothingLeft();
  });

  it('does nothing when the same source is asked for again', async () => {
    const { publish, sources } = await twoSources();
    const listen = await listening();
    await listen.hear(sources[0]);
    const consumer = listen.consumer;
    await Promise.all([listen.hear(sources[0]), listen.hear(sources[0])]);
    assert.equal(listen.consumer, consumer);
    await listen.hear(null);
    await listen.hear(null);
    assert.equal(listen.consumer, null);
    for (const transport of [...publish, listen]) transport.close();
    await assertNothingLeft();
  });

  it('goes silent at once, before the new source is there', async () => {
    const { publish, sources } = await twoSources();
    const listen = await listening();
    await listen.hear(sources[0]);
    const old = listen.consumer;
    const switched = listen.hear(sources[1]);
    assert.equal(old?.closed, true);
    await switched;
    for (const transport of [...publish, listen]) transport.close();
    await assertNothingLeft();
  });

  it('is silent when its source ends, and hears the next one', async () => {
    const { publish, sources } = await twoSources();
    const listen = await listening();
    for (const source of sources) {
      await listen.hear(source);
      source.close();
      await until('it is silent', () => listen.hearing === null);
      await listen.hear(source);
      assert.equal(listen.hearing, null);
    }
    const again = await publish[0]?.produce();
    assert.ok(again !== undefined);
    await listen.hear(again);
    assert.equal(listen.hearing, again);
    for (const transport of [...publish, listen]) transport.close();
    await assertNothingLeft();
  });

  it('shares one pipe among the listeners of a worker', async () => {
    const { publish, sources } = await twoSources();
    const listeners = await Promise.all(Array.from({ length: 6 }, listening));
    await Promise.all(listeners.map((listen) => listen.hear(sources[0])));
    assert.equal(media.gauges().consumers, 6);
    assert.equal(media.pipes, 1);
    const pipeTransports = async (): Promise<number> =>
      (await media.dump()).reduce((sum, { router }) => sum + router.transportIds.length, 0) - media.gauges().transports;
    assert.equal(await pipeTransports(), 2);
    await Promise.all(listeners.map((listen) => listen.hear(sources[1])));
    assert.equal(media.pipes, 1);
    for (const listen of listeners) listen.close();
    assert.equal(media.pipes, 0);
    assert.equal(await pipeTransports(), 0);
    for (const transport of publish) transport.close();
    await assertNothingLeft();
  });

  it('ends up with the newest wish, whatever happens in between', async () => {
    const sources: AudioSource[] = [];
    const publish: PublishTransport[] = [];
    for (let i = 0; i < 4; i += 1) {
      const transport = await publishing(media);
      publish.push(transport);
      sources.push(await transport.produce());
    }
    const listeners = await Promise.all(Array.from({ length: 4 }, listening));
    for (let round = 0; round < 60; round += 1) {
      const wishes = listeners.map(() => null as AudioSource | null);
      const calls: Promise<void>[] = [];
      for (let step = 0; step < 12; step += 1) {
        const who = Math.floor(Math.random() * listeners.length);
        const wish = sources[Math.floor(Math.random() * (sources.length + 1))] ?? null;
        wishes[who] = wish;
        // Half of them may go on hearing what they hear until the new one is there.
        const meanwhile = Math.random() < 0.5 ? (listeners[who]?.hearing ?? null) : null;
        const call = listeners[who]?.hear(wish, meanwhile);
        if (call !== undefined) calls.push(call);
        if (Math.random() < 0.3) await new Promise((resolve) => setImmediate(resolve));
      }
      listeners.forEach((listen, who) => {
        calls.push(listen.hear(wishes[who] ?? null));
      });
      // Now and then a source ends, and its commercial starts again.
      const ended = Math.random() < 0.3 ? Math.floor(Math.random() * sources.length) : -1;
      if (ended >= 0) sources[ended]?.close();
      await Promise.all(calls);
      listeners.forEach((listen, who) => {
        const wish = wishes[who] ?? null;
        assert.equal(listen.hearing, wish?.closed ? null : wish);
      });
      const again = await publish[ended]?.produce();
      if (again !== undefined) sources[ended] = again;
      const hearing = listeners.filter(({ hearing }) => hearing !== null).length;
      assert.equal(media.gauges().consumers, hearing);
    }
    for (const transport of [...listeners, ...publish]) transport.close();
    await assertNothingLeft();
  });

  it('may be closed in the middle of everything', async () => {
    const { publish, sources } = await twoSources();
    for (let round = 0; round < 20; round += 1) {
      const listen = await media.createListenTransport(new RecordedEvents());
      const work = Promise.allSettled([
        listen.accept(ANSWER),
        listen.accept(ANSWER),
        listen.hear(sources[round % 2] ?? null),
        listen.restartIce(),
      ]);
      for (let turn = 0; turn < round % 7; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      listen.close();
      listen.close();
      for (const result of await work) {
        if (result.status === 'rejected') assert.equal(result.reason.code, 'not_connected');
      }
      await listen.hear(sources[0]);
      assert.equal(listen.hearing, null);
    }
    for (const transport of publish) transport.close();
    await assertNothingLeft();
  });

  it('restarts ICE with fresh credentials and goes on hearing', async () => {
    const { publish, sources } = await twoSources();
    const listen = await listening();
    await listen.hear(sources[0]);
    const consumer = listen.consumer;
    const before = listen.offer();
    const offer = await listen.restartIce();
    const ufrag = (sdp: string): string | undefined => /a=ice-ufrag:(\S+)/.exec(sdp)?.[1];
    assert.notEqual(ufrag(offer), ufrag(before));
    assert.equal(offer, listen.offer());
    await listen.accept(RESTART_ANSWER);
    assert.equal(listen.consumer, consumer);
    await assert.rejects(listen.accept(readFixture('firefox-answer')), /differs from the connection's first answer/);
    await assert.rejects(listen.accept('nonsense'), { code: 'sdp_invalid' });
    assert.equal(listen.consumer, consumer);
    for (const transport of [...publish, listen]) transport.close();
    await assert.rejects(listen.accept(ANSWER), { code: 'not_connected' });
    await assertNothingLeft();
  });
});
