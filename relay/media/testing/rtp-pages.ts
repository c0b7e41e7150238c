/**
 * Pages without a browser: real ICE, DTLS and SRTP from a mediasoup worker of the test's own, and RTP packets that carry a number,
 * so that a test can say of every single one whether it was heard.
 */
import { createWorker, type types } from 'mediasoup';
import { isUsedExtension, OPUS_PAYLOAD_TYPE } from '../../sdp/opus.ts';
import { writeDescription } from '../../sdp/write-sdp.ts';
import { type IceLiteSide, StunBridge } from './stun-bridge.ts';

const OPUS: types.RtpCodecParameters = {
  mimeType: 'audio/opus',
  payloadType: OPUS_PAYLOAD_TYPE,
  clockRate: 48_000,
  channels: 2,
};
/** What a packet holds for each millisecond of sound: at 48 kHz, and at 32 kbit/s. */
const SAMPLES_PER_MS = 48;
const BYTES_PER_MS = 4;

/** What a relay's description says of its side of the media connection. */
interface RelaySide extends IceLiteSide {
  readonly fingerprint: types.DtlsFingerprint;
  /** Milliseconds of sound that it asks for in a packet. */
  readonly packetMs: number;
  readonly headerExtensions: readonly { readonly uri: string; readonly id: number }[];
}

function find(sdp: string, pattern: RegExp): string {
  const found = pattern.exec(sdp)?.[1];
  if (found === undefined) throw new Error(`The relay's description has no ${pattern.source}`);
  return found;
}

function readRelay(sdp: string): RelaySide {
  return {
    ip: find(sdp, /^a=candidate:\S+ 1 udp \d+ (\S+) /m),
    port: Number(find(sdp, /^a=candidate:\S+ 1 udp \d+ \S+ (\d+)/m)),
    ufrag: find(sdp, /^a=ice-ufrag:(\S+)/m),
    pwd: find(sdp, /^a=ice-pwd:(\S+)/m),
    fingerprint: { algorithm: 'sha-256', value: find(sdp, /^a=fingerprint:sha-256 (\S+)/m) },
    packetMs: Number(find(sdp, /^a=ptime:(\d+)/m)),
    headerExtensions: [...sdp.matchAll(/^a=extmap:(\d+) (\S+)/gm)].map(([, id, uri]) => ({
      id: Number(id),
      uri: uri ?? '',
    })),
  };
}

/** A page's one media connection to the relay. */
class RtpPage {
  protected readonly router: types.Router;
  protected readonly transport: types.WebRtcTransport;
  protected readonly direct: types.DirectTransport;
  #bridge: StunBridge | null = null;

  constructor(router: types.Router, transport: types.WebRtcTransport, direct: types.DirectTransport) {
    this.router = router;
    this.transport = transport;
    this.direct = direct;
  }

  /** True once ICE and DTLS are through. */
  get connected(): boolean {
    return this.transport.dtlsState === 'connected';
  }

  protected describe(
    direction: 'sendonly' | 'recvonly',
    mid: string,
    extensions: RelaySide['headerExtensions'],
  ): string {
    const sdp = writeDescription(
      {
        sessionId: '1',
        sessionVersion: 1,
        iceParameters: this.transport.iceParameters,
        iceCandidates: [],
        fingerprints: this.transport.dtlsParameters.fingerprints,
      },
      {
        // The relay only ever receives or sends; which of the two it reads does not depend on the writer.
        direction: direction === 'recvonly' ? 'sendonly' : direction,
        mid,
        setup: 'active',
        payloadType: OPUS_PAYLOAD_TYPE,
        headerExtensions: extensions.flatMap(({ uri, id }) => (isUsedExtension(uri) ? [{ uri, id }] : [])),
        encoding: { audioBitrate: 32_000, audioPacketMs: 20 },
      },
    );
    return direction === 'recvonly' ? sdp.replace('a=sendonly', 'a=recvonly') : sdp;
  }

  protected async join(relay: RelaySide): Promise<void> {
    const { iceParameters, iceCandidates } = this.transport;
    const candidate = iceCandidates[0];
    if (!candidate) throw new Error('The page has no candidate.');
    await this.transport.connect({ dtlsParameters: { role: 'server', fingerprints: [relay.fingerprint] } });
    const bridge = await StunBridge.between(relay, {
      ip: candidate.address,
      port: candidate.port,
      ufrag: iceParameters.usernameFragment,
      pwd: iceParameters.password,
    });
    // The page may have been closed meanwhile.
    if (this.transport.closed) bridge.close();
    else this.#bridge = bridge;
  }

  /** Idempotent. Like a phone that loses its network: the relay is told nothing. */
  close(): void {
    this.#bridge?.close();
    this.#bridge = null;
    this.transport.close();
    this.direct.close();
  }
}

/** A commercial's page. */
export class PublishingPage extends RtpPage {
  #voice: types.Producer | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** Packets sent so far; each carries its number, counting from 0. */
  sent = 0;
  /** What each packet carries instead, by its number, for a test that wants something of its own; undefined: none is sent. */
  payload: ((number: number) => Uint8Array | undefined) | null = null;

  /** The offer for `publish:offer`. */
  async offer(): Promise<string> {
    const { rtpCapabilities } = this.router;
    this.#voice = await this.direct.produce({
      kind: 'audio',
      rtpParameters: { codecs: [OPUS], encodings: [{ ssrc: 1_234 }], rtcp: { cname: 'page' } },
    });
    const consumer = await this.transport.consume({ producerId: this.#voice.id, rtpCapabilities, mid: '0' });
    return this.describe('sendonly', '0', consumer.rtpParameters.headerExtensions ?? []);
  }

  /** Takes the relay's answer, connects, and speaks, in packets of the length that the relay asks for. */
  async speak(answer: string): Promise<void> {
    const relay = readRelay(answer);
    const { packetMs } = relay;
    await this.join(relay);
    if (this.transport.closed) return;
    const start = performance.now();
    this.#timer = setInterval(() => {
      const due = (performance.now() - start) / packetMs;
      // A busy machine makes up for what it missed, as a browser's sound card would.
      for (let packet = 0; this.sent < due && packet < 5; packet += 1) this.#send(packetMs);
    }, packetMs);
  }

  override close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    super.close();
  }

  #send(packetMs: number): void {
    const own = this.payload?.(this.sent);
    const packet = Buffer.alloc(12 + (own?.length ?? BYTES_PER_MS * packetMs), 0x55);
    packet[0] = 0x80;
    packet[1] = OPUS_PAYLOAD_TYPE;
    packet.writeUInt16BE(this.sent & 0xffff, 2);
    packet.writeUInt32BE((this.sent * packetMs * SAMPLES_PER_MS) >>> 0, 4);
    packet.writeUInt32BE(1_234, 8);
    packet[12] = 0x78; // Opus: CELT, full band, 20 ms, mono (RFC 6716 3.1); the relay does not look at it
    if (own) packet.set(own, 12);
    else packet.writeUInt32BE(this.sent, 13);
    this.sent += 1;
    if (own || !this.payload) this.#voice?.send(packet);
  }
}

/** What a listening page has heard since it was asked last. */
export interface Heard {
  /** Packets, each counted once. */
  readonly packets: number;
  /** Numbers between the first and the last of all that did not come; negative when ones came that were missing before. */
  readonly missing: number;
  /** The longest time between two packets, in milliseconds. */
  readonly longestGapMs: number;
}

/** An admin's page. Unlike a browser it hears the first SSRC that comes, and no other until `renew`. */
export class ListeningPage extends RtpPage {
  readonly #numbers = new Set<number>();
  #first = Number.POSITIVE_INFINITY;
  #last = -1;
  #taken = { packets: 0, missing: 0 };
  #parameters: types.RtpParameters | null = null;
  #producer: types.Producer | null = null;
  #lastAt = performance.now();
  #longestGapMs = 0;
  /** Packets heard since the beginning. */
  received = 0;
  /** Told what each packet carries, for who wants to know that. */
  onPayload: (payload: Buffer) => void = () => {};

  /** The answer for `listen:answer`, with everything in place to hear. */
  async answer(offer: string): Promise<string> {
    const relay = readRelay(offer);
    const mid = find(offer, /^a=mid:(\S+)/m);
    this.#parameters = {
      mid,
      codecs: [OPUS],
      headerExtensions: relay.headerExtensions.map(
        ({ uri, id }) => ({ uri, id }) as types.RtpHeaderExtensionParameters,
      ),
      encodings: [{}],
      rtcp: { cname: 'relay' },
    };
    await this.renew();
    await this.join(relay);
    return this.describe('recvonly', mid, relay.headerExtensions);
  }

  /** Hears the next SSRC that comes: the relay has made, or will make, another consumer. */
  async renew(): Promise<void> {
    this.#producer?.close();
    if (!this.#parameters) throw new Error('There is no answer yet.');
    this.#producer = await this.transport.produce({ kind: 'audio', rtpParameters: this.#parameters });
    const { rtpCapabilities } = this.router;
    const heard = await this.direct.consume({ producerId: this.#producer.id, rtpCapabilities });
    heard.on('rtp', (packet) => this.#receive(packet));
  }

  /** What was heard since the last call. One that comes late, after a repair, makes up for one that was missing before. */
  take(): Heard {
    const span = this.#numbers.size === 0 ? 0 : this.#last - this.#first + 1;
    const heard = { packets: this.#numbers.size, missing: span - this.#numbers.size };
    const longestGapMs = Math.max(this.#longestGapMs, performance.now() - this.#lastAt);
    const { packets, missing } = this.#taken;
    this.#taken = heard;
    this.#longestGapMs = 0;
    this.#lastAt = performance.now();
    return { packets: heard.packets - packets, missing: heard.missing - missing, longestGapMs };
  }

  #receive(packet: Buffer): void {
    const csrcs = (packet[0] ?? 0) & 0x0f;
    const extension = ((packet[0] ?? 0) & 0x10) !== 0;
    let at = 12 + csrcs * 4;
    if (extension) at += 4 + packet.readUInt16BE(at + 2) * 4;
    this.onPayload(packet.subarray(at));
    if (packet.length < at + 5) return;
    const number = packet.readUInt32BE(at + 1);
    this.#numbers.add(number);
    this.#first = Math.min(this.#first, number);
    this.#last = Math.max(this.#last, number);
    const now = performance.now();
    this.#longestGapMs = Math.max(this.#longestGapMs, now - this.#lastAt);
    this.#lastAt = now;
    this.received += 1;
  }
}

/** Makes pages; all are on one worker, which is not the relay's. */
export class RtpPages {
  readonly #worker: types.Worker;
  readonly #router: types.Router;
  readonly #pages = new Set<RtpPage>();

  private constructor(worker: types.Worker, router: types.Router) {
    this.#worker = worker;
    this.#router = router;
  }

  static async start(): Promise<RtpPages> {
    const worker = await createWorker({ logLevel: 'none' });
    const { mimeType, clockRate, channels } = OPUS;
    const codec: types.RouterRtpCodecCapability = {
      kind: 'audio',
      mimeType,
      clockRate,
      channels: channels ?? 2,
      preferredPayloadType: OPUS_PAYLOAD_TYPE,
    };
    return new RtpPages(worker, await worker.createRouter({ mediaCodecs: [codec] }));
  }

  async publisher(): Promise<PublishingPage> {
    const [transport, direct] = await this.#transports();
    return this.#made(new PublishingPage(this.#router, transport, direct));
  }

  async listener(): Promise<ListeningPage> {
    const [transport, direct] = await this.#transports();
    return this.#made(new ListeningPage(this.#router, transport, direct));
  }

  /** Ends every page and the worker. */
  async close(): Promise<void> {
    // First the pages: one that speaks would go on over a worker that is gone.
    for (const page of this.#pages) page.close();
    const gone = new Promise<void>((resolve) => this.#worker.once('subprocessclose', resolve));
    this.#worker.close();
    await gone;
  }

  #made<P extends RtpPage>(page: P): P {
    this.#pages.add(page);
    return page;
  }

  #transports(): Promise<[types.WebRtcTransport, types.DirectTransport]> {
    return Promise.all([
      this.#router.createWebRtcTransport({
        listenInfos: [{ protocol: 'udp', ip: '127.0.0.1' }],
        iceConsentTimeout: 0,
      }),
      this.#router.createDirectTransport(),
    ]);
  }
}
