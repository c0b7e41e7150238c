import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, beforeEach, describe, it } from 'node:test';
import { freePort } from '../../test/harness/network/free-port.ts';
import type { PipeEnd } from './media.ts';
import { RecordedEvents, until } from './testing/media-fixtures.ts';
import { type Ear, FAR, hears, NOTHING, SOON, type Speaker, staysSilent, TwoNodes } from './testing/two-nodes.ts';

describe('pipes between two nodes', () => {
  let nodes: TwoNodes;
  let speaker: Speaker;
  before(async () => {
    nodes = await TwoNodes.start(await freePort(['127.0.0.1'], 16), 1, 8, SOON);
    speaker = await nodes.speaker();
  });
  after(() => nodes.close());
  beforeEach(() => {
    nodes.onRequest = (request) => request;
    nodes.onAnswer = (answer) => answer;
    nodes.onGiving = () => {};
    nodes.asked.length = 0;
    nodes.released.length = 0;
  });

  /** Whatever a test did, nothing is left of it. */
  async function assertNothingLeft(...ears: Ear[]): Promise<void> {
    for (const { transport, page } of ears) {
      transport.close();
      page.close();
    }
    assert.equal(nodes.homePipes.gauges().given, 0);
    assert.equal(nodes.farPipes.gauges().copies, 0);
    await until('the links are closed', () => nodes.homePipes.gauges().links + nodes.farPipes.gauges().links === 0);
    for (const [media, own] of [
      [nodes.home, nodes.home.gauges().transports],
      [nodes.far, 0],
    ] as const) {
      const reports = await media.dump();
      assert.deepEqual(
        reports.map(({ router }) => router.transportIds.length),
        reports.map(() => own),
      );
    }
  }

  it('carries a voice, and counts what it carries', async () => {
    const before = await nodes.homePipes.traffic();
    const ear = await nodes.ear();
    const remote = nodes.remote(speaker);
    assert.equal(nodes.asked.length, 0);
    await ear.transport.hear(remote);
    assert.equal(ear.transport.hearing, remote);
    await hears(ear);
    assert.deepEqual(nodes.homePipes.gauges(), { links: 1, given: 1, copies: 0 });
    assert.deepEqual(nodes.farPipes.gauges(), { links: 1, given: 0, copies: 1 });
    const { sentBytes } = await nodes.homePipes.traffic();
    assert.ok(sentBytes > before.sentBytes);
    assert.ok((await nodes.farPipes.traffic()).receivedBytes > 0);
    await ear.transport.hear(null);
    assert.deepEqual(nodes.released, [{ link: nodes.asked.at(0)?.link, sourceId: speaker.source.id }]);
    await assertNothingLeft(ear);
    assert.ok((await nodes.homePipes.traffic()).sentBytes >= sentBytes, 'a closed link is still counted');
  });

  it('makes one copy for all listeners of a worker, which ends with the last of them', async () => {
    const ears = [await nodes.ear(), await nodes.ear()] as const;
    const remote = nodes.remote(speaker);
    await Promise.all(ears.map(({ transport }) => transport.hear(remote)));
    await Promise.all(ears.map((ear) => hears(ear)));
    assert.equal(nodes.asked.length, 1);
    assert.equal(nodes.homePipes.gauges().given, 1);
    ears[0].transport.close();
    await hears(ears[1], 'the other is still heard');
    assert.equal(nodes.homePipes.gauges().given, 1);
    ears[1].transport.close();
    await assertNothingLeft(...ears);
  });

  it('uses one link for all sources between the same two workers', async () => {
    const other = await nodes.speaker();
    const ears = [await nodes.ear(), await nodes.ear()] as const;
    const remotes = [nodes.remote(speaker), nodes.remote(other)] as const;
    await Promise.all(ears.map(({ transport }, at) => transport.hear(remotes[at] ?? null)));
    await Promise.all(ears.map((ear) => hears(ear)));
    assert.deepEqual(nodes.homePipes.gauges(), { links: 1, given: 2, copies: 0 });
    other.transport.close();
    other.voice.close();
    assert.equal(nodes.homePipes.gauges().given, 1, 'what ended is given no more');
    await hears(ears[0], 'the other source goes on');
    remotes[1].close();
    assert.equal(ears[1].transport.hearing, null);
    await assertNothingLeft(...ears);
  });

  it('sends not one packet more once the home took it back, and can be asked again', async () => {
    const ear = await nodes.ear();
    const remote = nodes.remote(speaker);
    await ear.transport.hear(remote);
    await hears(ear);
    nodes.homePipes.takeBack(FAR, speaker.source);
    assert.equal(nodes.homePipes.gauges().given, 0);
    await staysSilent(ear, speaker);
    remote.takenBack();
    assert.equal(ear.transport.hearing, null);
    assert.deepEqual(ear.told, [remote, null]);
    await ear.page.renew();
    await ear.transport.hear(remote);
    await hears(ear, 'it is heard again');
    assert.equal(nodes.homePipes.gauges().links, 1, 'over the same link');
    await assertNothingLeft(ear);
  });

  it('takes everything back from a node with its links, and a fresh link is made for who asks over a closed one', async () => {
    const ear = await nodes.ear();
    const remote = nodes.remote(speaker);
    await ear.transport.hear(remote);
    await hears(ear);
    nodes.homePipes.takeBack(FAR, null);
    assert.deepEqual(nodes.homePipes.gauges(), NOTHING);
    await staysSilent(ear, speaker);
    remote.takenBack();
    await ear.page.renew();
    await ear.transport.hear(remote);
    await hears(ear, 'it is heard over another link');
    const links = nodes.asked.map(({ link }) => link);
    assert.equal(links[0], links[1]);
    assert.notEqual(links[1], links[2]);
    assert.equal(links.length, 3);
    await assertNothingLeft(ear);
  });

  it('makes a fresh link when the home answers with another end than the one that is known', async () => {
    const ear = await nodes.ear();
    const remote = nodes.remote(speaker);
    await ear.transport.hear(remote);
    await hears(ear);
    await ear.transport.hear(null);
    await ear.page.renew();
    // As a home does that has forgotten the link.
    nodes.onAnswer = ({ end, rtpParameters }) => ({
      end: nodes.asked.length === 2 ? { ...end, port: end.port + 1 } : end,
      rtpParameters,
    });
    await ear.transport.hear(remote);
    await hears(ear, 'it is heard over another link');
    assert.equal(nodes.homePipes.gauges().given, 1, 'nothing is given twice');
    await assertNothingLeft(ear);
  });

  it('is silent while the source is paused at its home', async () => {
    const ear = await nodes.ear();
    await ear.transport.hear(nodes.remote(speaker));
    await hears(ear);
    await speaker.source.pause();
    await staysSilent(ear, speaker);
    await speaker.source.resume();
    await hears(ear, 'it goes on');
    await assertNothingLeft(ear);
  });

  it('is silent while it is paused where it is heard, also by a copy that is made meanwhile', async () => {
    const ear = await nodes.ear();
    const remote = nodes.remote(speaker);
    await ear.transport.hear(remote);
    await hears(ear);
    await remote.pause();
    await staysSilent(ear, speaker);
    await ear.transport.hear(null);
    await ear.page.renew();
    await ear.transport.hear(remote);
    await staysSilent(ear, speaker);
    await remote.resume();
    await hears(ear, 'it goes on');
    await assertNothingLeft(ear);
  });

  it('does not wait for a home that is slow to answer', async () => {
    const other = await nodes.speaker();
    const ear = await nodes.ear();
    const [slow, quick] = [nodes.remote(speaker), nodes.remote(other)];
    const { promise: gate, resolve: answerNow } = Promise.withResolvers<void>();
    nodes.onAnswer = async (answer) => {
      if (nodes.asked.length === 1) await gate;
      return answer;
    };
    const first = ear.transport.hear(slow);
    await until('the home has given it', () => nodes.homePipes.gauges().given === 1);
    await ear.transport.hear(quick);
    await first;
    assert.equal(ear.transport.hearing, quick);
    await hears(ear, 'the other is heard');
    assert.equal(nodes.homePipes.gauges().given, 1, 'what nobody waits for any more was released');
    answerNow();
    await hears(ear, 'the late answer changes nothing');
    assert.equal(nodes.farPipes.gauges().copies, 1);
    other.transport.close();
    other.voice.close();
    quick.close();
    await assertNothingLeft(ear);
  });

  it('says when it cannot be had, leaves nothing behind, and can be asked again', async () => {
    const ear = await nodes.ear();
    const remote = nodes.remote(speaker);
    nodes.onRequest = () => Promise.reject(new Error('the bus is away'));
    await assert.rejects(ear.transport.hear(remote), /the bus is away/);
    assert.equal(ear.transport.hearing, null);
    nodes.onRequest = (request) => request;
    // An answer that got lost: the home believes that it gives.
    nodes.onAnswer = () => Promise.reject(new Error('no answer in time'));
    await assert.rejects(ear.transport.hear(remote), /no answer in time/);
    assert.equal(nodes.homePipes.gauges().given, 0);
    nodes.onAnswer = (answer) => answer;
    await ear.transport.hear(remote);
    await hears(ear);
    await assertNothingLeft(ear);
  });

  it('does not keep a page waiting that answers while its home is slow', async () => {
    const page = await nodes.pages.listener();
    const transport = await nodes.far.createListenTransport(new RecordedEvents());
    const remote = nodes.remote(speaker);
    await transport.hear(remote);
    const { promise: gate, reject: refuse } = Promise.withResolvers<never>();
    gate.catch(() => undefined);
    nodes.onAnswer = () => gate;
    await transport.accept(await page.answer(transport.offer()));
    assert.equal(transport.hearing, null);
    const again = transport.hear(remote);
    refuse(new Error('too late'));
    await assert.rejects(again, /too late/);
    nodes.onAnswer = (answer) => answer;
    await transport.hear(remote);
    const ear: Ear = { page, transport, told: [], events: new RecordedEvents() };
    await hears(ear);
    await assertNothingLeft(ear);
  });

  it('ends for who still waits for an answer, when the source ends', async () => {
    const ear = await nodes.ear();
    const remote = nodes.remote(speaker);
    nodes.onAnswer = () => new Promise(() => {});
    const hearing = ear.transport.hear(remote);
    await until('the home has given it', () => nodes.homePipes.gauges().given === 1);
    remote.close();
    await hearing;
    await ear.transport.hear(remote);
    assert.equal(ear.transport.hearing, null);
    await assertNothingLeft(ear);
  });

  it('gives nothing that ends or is taken back while it is being given', async () => {
    const ear = await nodes.ear();
    const remote = nodes.remote(speaker);
    for (const what of [speaker.source, null]) {
      nodes.onGiving = () => {
        assert.equal(nodes.homePipes.gauges().given, 1);
        nodes.homePipes.takeBack(FAR, what);
        assert.equal(nodes.homePipes.gauges().given, 0);
      };
      await assert.rejects(ear.transport.hear(remote), { code: 'not_found' });
    }
    nodes.onGiving = () => {};
    const gone = await nodes.speaker();
    const late = nodes.remote(gone);
    gone.transport.close();
    gone.voice.close();
    await assert.rejects(ear.transport.hear(late), { code: 'not_found' });
    late.close();
    await assertNothingLeft(ear);
  });

  it('passes nothing on that is encrypted with another key', async () => {
    const ear = await nodes.ear();
    nodes.onAnswer = ({ end, rtpParameters }) => ({
      end: { ...end, srtp: { ...end.srtp, keyBase64: Buffer.alloc(44, 7).toString('base64') } },
      rtpParameters,
    });
    const before = await nodes.farPipes.traffic();
    await ear.transport.hear(nodes.remote(speaker));
    await arrive(nodes, before.receivedBytes);
    assert.equal(ear.page.received, 0);
    await assertNothingLeft(ear);
  });

  it('takes packets from the other end’s address only', async (t) => {
    const detour = await Detour.start();
    t.after(() => detour.close());
    const ear = await nodes.ear();
    const remote = nodes.remote(speaker);
    // The home sends to the detour, which passes it on from an address of its own.
    nodes.onRequest = (request) => ({ ...request, end: detour.before(request.end) });
    const before = await nodes.farPipes.traffic();
    await ear.transport.hear(remote);
    await arrive(nodes, before.receivedBytes);
    assert.equal(ear.page.received, 0);
    await ear.transport.hear(null);
    await until('the links are closed', () => nodes.homePipes.gauges().links + nodes.farPipes.gauges().links === 0);
    // The same packets, with the detour's address as the home's, are heard.
    nodes.onAnswer = (answer) => ({ ...answer, end: { ...answer.end, port: detour.port } });
    await ear.transport.hear(remote);
    await hears(ear);
    await assertNothingLeft(ear);
  });

  it('refuses what is no request of this protocol', async () => {
    const good = { link: crypto.randomUUID(), sourceId: speaker.source.id, end: end() };
    const bad: unknown[] = [
      { ...good, link: 'link' },
      { ...good, sourceId: 'another' },
      { ...good, more: 1 },
      { ...good, end: { ...end(), ip: 'example.com' } },
      { ...good, end: { ...end(), ip: '224.0.0.1' } },
      { ...good, end: { ...end(), port: 0 } },
      { ...good, end: { ...end(), srtp: { ...end().srtp, cryptoSuite: 'AES_CM_128_HMAC_SHA1_80' } } },
      { ...good, end: { ...end(), srtp: { ...end().srtp, keyBase64: 'AAAA' } } },
    ];
    for (const request of bad) {
      await assert.rejects(nodes.homePipes.give(FAR, speaker.source, JSON.parse(JSON.stringify(request))), {
        code: 'bad_request',
      });
    }
    assert.deepEqual(nodes.homePipes.gauges(), NOTHING);
  });

  it('refuses what is no answer of this protocol', async () => {
    const ear = await nodes.ear();
    const remote = nodes.remote(speaker);
    nodes.onAnswer = (answer) => ({ ...answer, rtpParameters: { codecs: [] } });
    await assert.rejects(ear.transport.hear(remote), { code: 'bad_request' });
    nodes.onAnswer = (answer) => ({ ...answer, end: { ...answer.end, ip: '::' } });
    await assert.rejects(ear.transport.hear(remote), { code: 'bad_request' });
    await assertNothingLeft(ear);
  });
});

/** Some packets have come to the listeners' node. */
async function arrive(nodes: TwoNodes, since: number): Promise<void> {
  let received = since;
  for (let tries = 0; received < since + 1_000; tries += 1) {
    assert.ok(tries < 1_000, 'no packets came');
    await new Promise((resolve) => setTimeout(resolve, 10));
    received = (await nodes.farPipes.traffic()).receivedBytes;
  }
}

function end(): PipeEnd {
  const keyBase64 = Buffer.alloc(44, 1).toString('base64');
  return { ip: '127.0.0.1', port: 45_000, srtp: { cryptoSuite: 'AEAD_AES_256_GCM', keyBase64 } };
}

/** Passes packets on, from an address of its own. */
class Detour {
  readonly port: number;
  readonly #socket: Socket;
  #to: PipeEnd | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on('message', (packet, { port }) => {
      if (this.#to !== null && port !== this.#to.port) socket.send(packet, this.#to.port, this.#to.ip);
    });
  }

  static async start(): Promise<Detour> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Detour(socket);
  }

  /** What to say in place of this end, so that packets to it go by here. */
  before(end: PipeEnd): PipeEnd {
    this.#to = end;
    return { ...end, port: this.port };
  }

  close(): void {
    this.#socket.close();
  }
}
