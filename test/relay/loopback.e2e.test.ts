/**
 * The whole media path in real Chromium: tones are published and heard through two workers, over a path that can lose
 * packets. What `sdp/opus.ts` says of browsers is measured here.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { types } from 'mediasoup';
import type { AudioMedia } from '../../relay/media/audio-media.ts';
import { ProducerSource } from '../../relay/media/audio-source.ts';
import type { AudioListenTransport } from '../../relay/media/listen-transport.ts';
import type { AudioSource, PublishTransport } from '../../relay/media/media.ts';
import { RecordedEvents, startMedia, until } from '../../relay/media/testing/media-fixtures.ts';
import { BrowserPage } from '../harness/relay/browser-page.ts';
import { UdpForwarder } from '../harness/relay/udp-forwarder.ts';

const LOW_HZ = 440;
const HIGH_HZ = 1_200;

/** Milliseconds from each of so many packets to the next, by their RTP timestamps: whatever the speed of the machine. */
function packetLengths(producer: types.Producer, count: number): Promise<number[]> {
  const lengths: number[] = [];
  let last: { sequenceNumber: number; timestamp: number } | null = null;
  return new Promise((resolve, reject) => {
    producer.on('trace', ({ info }) => {
      const packet = info.rtpPacket as { sequenceNumber: number; timestamp: number; payloadSize: bigint };
      // Chromium tries out the path with packets of nothing but padding (RFC 3550 5.1).
      if (packet.payloadSize === 0n) return;
      if (packet.sequenceNumber === ((last?.sequenceNumber ?? -2) + 1) % 65_536) {
        lengths.push((packet.timestamp - (last?.timestamp ?? 0)) / 48);
      }
      last = packet;
      if (lengths.length === count) resolve(lengths);
    });
    producer.enableTraceEvent(['rtp']).catch(reject);
  });
}

describe('the media path in Chromium', { timeout: 120_000 }, () => {
  let media: AudioMedia;
  let browser: BrowserPage;
  const forwarders: UdpForwarder[] = [];

  before(async () => {
    media = await startMedia({ workers: 2 });
    browser = await BrowserPage.open();
  });
  after(async () => {
    await browser.close();
    for (const forwarder of forwarders) forwarder.close();
    await media.close();
  });

  async function through(sdp: string): Promise<{ sdp: string; forwarder: UdpForwarder }> {
    const led = await UdpForwarder.into(sdp);
    forwarders.push(led.forwarder);
    return led;
  }

  async function publish(name: string, frequency: number) {
    const events = new RecordedEvents();
    const transport: PublishTransport = await media.createPublishTransport(events);
    const offer = await browser.page.evaluate((who, hz) => window.peers.publish(who, hz), name, frequency);
    const { sdp, forwarder } = await through(await transport.answer(offer));
    await browser.page.evaluate((who, answer) => window.peers.answered(who, answer), name, sdp);
    await until(`${name} is connected`, () => transport.state === 'connected');
    return { transport, events, forwarder, source: await transport.produce() };
  }

  async function listen(name: string) {
    const events = new RecordedEvents();
    const transport: AudioListenTransport = await media.createListenTransport(events);
    const { sdp, forwarder } = await through(transport.offer());
    const answer = await browser.page.evaluate((who, offer) => window.peers.listen(who, offer), name, sdp);
    await transport.accept(answer);
    await until(`${name} is connected`, () => transport.state === 'connected');
    return { transport, events, forwarder };
  }

  function hears(name: string, frequency: number | null): Promise<unknown> {
    return browser.page.waitForFunction(
      (who: string, hz: number | null) => {
        const heard = window.peers.heard(who);
        return hz === null || heard === null ? heard === hz : Math.abs(heard - hz) < 30;
      },
      { timeout: 15_000, polling: 50 },
      name,
      frequency,
    );
  }

  it('carries audio, switches without negotiation, falls silent, and survives an ICE restart', async () => {
    const low = await publish('low', LOW_HZ);
    const listener = await listen('listener');
    const high = await publish('high', HIGH_HZ);
    await listener.transport.hear(low.source);
    await hears('listener', LOW_HZ);
    assert.ok((await low.transport.bytesReceived()) > 0);

    // The sources' workers differ from the listener's in one case of the two or in both.
    for (const [source, frequency] of [
      [high.source, HIGH_HZ],
      [low.source, LOW_HZ],
      [high.source, HIGH_HZ],
    ] as [AudioSource, number][]) {
      await listener.transport.hear(source);
      await hears('listener', frequency);
    }
    await high.source.pause();
    await hears('listener', null);
    await high.source.resume();
    await hears('listener', HIGH_HZ);
    await listener.transport.hear(null);
    await hears('listener', null);
    await listener.transport.hear(low.source);
    await hears('listener', LOW_HZ);

    const restartOffer = await browser.page.evaluate(() => window.peers.restart('low'));
    const restarted = await through(await low.transport.restartIce(restartOffer));
    await browser.page.evaluate((answer) => window.peers.answered('low', answer), restarted.sdp);
    const relistened = await through(await listener.transport.restartIce());
    const answer = await browser.page.evaluate((offer) => window.peers.listen('listener', offer), relistened.sdp);
    await listener.transport.accept(answer);
    // The old paths are gone for good; only the new ones can carry it.
    low.forwarder.cut();
    listener.forwarder.cut();
    const before = await low.transport.bytesReceived();
    await new Promise((resolve) => setTimeout(resolve, 500));
    await hears('listener', LOW_HZ);
    assert.ok((await low.transport.bytesReceived()) > before);
    assert.deepEqual([low.events.losses, listener.events.losses], [[], []]);

    for (const { transport } of [low, high, listener]) transport.close();
    assert.deepEqual(media.gauges(), { workers: 2, transports: 0, producers: 0, consumers: 0 });
    await browser.page.evaluate(() => ['low', 'high', 'listener'].forEach(window.peers.close));
  });

  it('repairs lost packets by NACK in both directions, the page’s SDP being as the browser made it', async () => {
    const publisher = await publish('publisher', LOW_HZ);
    const listener = await listen('lossy');
    await listener.transport.hear(publisher.source);
    await hears('lossy', LOW_HZ);
    publisher.forwarder.loss.up = 0.1;
    listener.forwarder.loss.down = 0.1;
    const stats = (name: string, type: string) =>
      browser.page.evaluate((who, what) => window.peers.stats(who, what), name, type);
    await browser.page.waitForFunction(
      async () => {
        const sent = await window.peers.stats('publisher', 'outbound-rtp');
        const received = await window.peers.stats('lossy', 'inbound-rtp');
        return (sent.retransmittedPacketsSent ?? 0) >= 10 && (received.nackCount ?? 0) >= 10;
      },
      { timeout: 60_000, polling: 200 },
    );
    const sent = await stats('publisher', 'outbound-rtp');
    assert.ok((sent.nackCount ?? 0) > 0, 'the page was asked for packets again');
    const [repaired] = (await listener.transport.consumer?.getStats()) ?? [];
    assert.ok((repaired?.packetsRetransmitted ?? 0) > 0, 'the relay sent packets again');
    for (const { transport } of [publisher, listener]) transport.close();
    await browser.page.evaluate(() => ['publisher', 'lossy'].forEach(window.peers.close));
  });

  it('tells the encoder of FEC, DTX and the bit rate', async () => {
    const publisher = await publish('fmtp', LOW_HZ);
    const lines = await browser.page.evaluate(() => window.peers.codecs('fmtp'));
    assert.equal(lines.length, 1);
    for (const parameter of ['useinbandfec=1', 'usedtx=1', 'stereo=0', 'maxaveragebitrate=32000']) {
      assert.ok(lines[0]?.split(';').includes(parameter), `${parameter} in ${lines[0]}`);
    }
    publisher.transport.close();
    await browser.page.evaluate(() => window.peers.close('fmtp'));
  });

  it('gets packets of the length that it asks for', async () => {
    const longer = await startMedia({ workers: 1, audioPacketMs: 60 });
    try {
      const transport = await longer.createPublishTransport(new RecordedEvents());
      const offer = await browser.page.evaluate((hz) => window.peers.publish('longer', hz), LOW_HZ);
      const answer = await transport.answer(offer);
      await browser.page.evaluate((sdp) => window.peers.answered('longer', sdp), answer);
      const source = await transport.produce();
      assert.ok(source instanceof ProducerSource);
      const lengths = await packetLengths(source.producer, 20);
      // The first packets may still be of the length that the encoder began with.
      assert.deepEqual(lengths.slice(-10), Array(10).fill(60));
    } finally {
      await browser.page.evaluate(() => window.peers.close('longer'));
      await longer.close();
    }
  });

  it('connects over TCP where UDP is blocked', async () => {
    const events = new RecordedEvents();
    const transport = await media.createPublishTransport(events);
    const offer = await browser.page.evaluate(() => window.peers.publish('tcp', 440));
    const tcpOnly = (await transport.answer(offer)).replace(/^a=candidate:\S+ 1 udp .*\r\n/gm, '');
    await browser.page.evaluate((answer) => window.peers.answered('tcp', answer), tcpOnly);
    await until('it is connected', () => transport.state === 'connected');
    await transport.produce();
    await browser.page.waitForFunction(
      async () => ((await window.peers.stats('tcp', 'outbound-rtp')).packetsSent ?? 0) > 5,
    );
    assert.ok((await transport.bytesReceived()) > 0);
    transport.close();
    await browser.page.evaluate(() => window.peers.close('tcp'));
  });

  it('hears of the page’s end by itself', async () => {
    const publisher = await publish('leaver', LOW_HZ);
    await browser.page.evaluate(() => window.peers.close('leaver'));
    await until('the loss is told', () => publisher.events.losses.length > 0);
    assert.deepEqual(publisher.events.losses, ['transport_failed']);
    assert.equal(publisher.source.closed, true);
    assert.deepEqual(media.gauges(), { workers: 2, transports: 0, producers: 0, consumers: 0 });
  });

  it('calls a silent path disconnected, and revives it when the page is back', async () => {
    const publisher = await publish('tunnel', LOW_HZ);
    const before = await publisher.transport.bytesReceived();
    publisher.forwarder.cut();
    const end = Date.now() + 40_000;
    while (publisher.transport.state === 'connected' && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.equal(publisher.transport.state, 'disconnected');
    publisher.forwarder.mend();
    await until('it is connected again', () => publisher.transport.state === 'connected');
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.ok((await publisher.transport.bytesReceived()) > before);
    assert.deepEqual(
      publisher.events,
      Object.assign(new RecordedEvents(), { states: ['connected', 'disconnected', 'connected'] }),
    );
    assert.equal(publisher.source.closed, false);
    publisher.transport.close();
    await browser.page.evaluate(() => window.peers.close('tunnel'));
  });
});
