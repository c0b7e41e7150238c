/** Real WebRTC peers that are neither browser nor mediasoup: werift, in TypeScript alone. */
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters, RtpHeader, RtpPacket } from 'werift';

const OPUS_TYPE = 111;
const PACKET_MS = 20;

function connection(payloadType = OPUS_TYPE): RTCPeerConnection {
  const opus = { mimeType: 'audio/opus', clockRate: 48_000, channels: 2, payloadType };
  return new RTCPeerConnection({ codecs: { audio: [new RTCRtpCodecParameters(opus)], video: [] }, iceServers: [] });
}

/** Once all its candidates are known. */
async function described(peer: RTCPeerConnection): Promise<string> {
  if (peer.iceGatheringState !== 'complete') await peer.iceGatheringStateChange.watch((state) => state === 'complete');
  return peer.localDescription?.sdp ?? '';
}

/** A device that publishes: each packet carries its number. */
export class WeriftDevice {
  readonly #peer = connection();
  readonly #track = new MediaStreamTrack({ kind: 'audio' });
  #timer: NodeJS.Timeout | null = null;
  sent = 0;

  async offer(): Promise<string> {
    this.#peer.addTransceiver(this.#track, { direction: 'sendonly' });
    await this.#peer.setLocalDescription(await this.#peer.createOffer());
    return described(this.#peer);
  }

  get state(): string {
    return this.#peer.connectionState;
  }

  /** Takes the answer, connects, and sends all the time, as devices do. */
  async speak(answer: string): Promise<void> {
    await this.#peer.setRemoteDescription({ type: 'answer', sdp: answer });
    const start = performance.now();
    this.#timer = setInterval(() => {
      if (this.#peer.connectionState !== 'connected') return;
      for (const due = (performance.now() - start) / PACKET_MS; this.sent < due; this.sent += 1) this.#send();
    }, PACKET_MS);
  }

  #send(): void {
    const header = new RtpHeader({
      payloadType: OPUS_TYPE,
      sequenceNumber: this.sent & 0xffff,
      timestamp: (this.sent * PACKET_MS * 48) >>> 0,
      ssrc: 1,
    });
    const payload = Buffer.alloc(80, 0x55);
    payload[0] = 0x7c; // Opus: CELT, full band, 20 ms, stereo (RFC 6716, 3.1)
    payload.writeUInt32BE(this.sent, 1);
    this.#track.writeRtp(new RtpPacket(header, payload));
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#peer.close();
  }
}

/** A player that listens, and counts what comes. */
export class WeriftPlayer {
  readonly #peer: RTCPeerConnection;
  received = 0;
  /** Payload types that came. */
  readonly types = new Set<number>();

  /** @param payloadType at which it has Opus */
  constructor(payloadType = OPUS_TYPE) {
    this.#peer = connection(payloadType);
  }

  /** From now on: werift hands packets to a track only by an a=ssrc, which the relay's descriptions do not have. */
  #count(): void {
    for (const transport of this.#peer.dtlsTransports) {
      transport.onRtp.subscribe(({ header }) => {
        this.received += 1;
        this.types.add(header.payloadType);
      });
    }
  }

  get state(): string {
    return this.#peer.connectionState;
  }

  async offer(): Promise<string> {
    this.#peer.addTransceiver('audio', { direction: 'recvonly' });
    await this.#peer.setLocalDescription(await this.#peer.createOffer());
    return described(this.#peer);
  }

  async answered(sdp: string): Promise<void> {
    await this.#peer.setRemoteDescription({ type: 'answer', sdp });
    this.#count();
  }

  /** The answer to the relay's own offer. */
  async answer(sdp: string): Promise<string> {
    await this.#peer.setRemoteDescription({ type: 'offer', sdp });
    await this.#peer.setLocalDescription(await this.#peer.createAnswer());
    this.#count();
    return described(this.#peer);
  }

  async close(): Promise<void> {
    await this.#peer.close();
  }
}
