import { Audio, cleanup, PeerConnection, RtcpReceivingSession, type Track } from 'node-datachannel';
import type { ListenPeer, Peer, PublishPeer } from '../../widgets/relay-client/peer-connection.ts';
import { NOTHING_SAMPLED, type PeerSample } from '../../widgets/relay-client/peer-sample.ts';
import { LoadError } from './load-page.ts';
import { isRtp } from './packet-counter.ts';
import type { Speech } from './speech.ts';

const PAYLOAD_TYPE = 111;
const CONNECT_WITHIN_MS = 20_000;
/** Of Opus at 48 kHz, in a millisecond. */
const SAMPLES_A_MS = 48;
/** 32 kbit/s. */
const BYTES_A_MS = 4;
const RTP_HEADER_BYTES = 12;
/** Where the relay asks for no packet time (RFC 7587, 7). */
const USUAL_PACKET_MS = 20;
/** How long one packet of these voices may be: frames of 20 ms. */
const PACKET_TIMES: readonly number[] = [20, 40, 60];

/**
 * Every track that was made. The library’s `cleanup` closes all that there ever were, also those that were collected as garbage (0.33.4:
 * `TrackWrapper::CloseAll`), and then crashes or hangs: so none may be.
 */
const tracks: Track[] = [];

/** One media connection, for the widgets' own code: real ICE, DTLS and SRTP, and no sound in it. */
abstract class MediaConnection implements Peer {
  protected readonly connection: PeerConnection;
  readonly #connected: Promise<void>;
  #state: RTCPeerConnectionState = 'new';

  /** @param onState receives that `state` has changed */
  constructor(name: string, onState: () => void) {
    this.connection = new PeerConnection(name, { iceServers: [] });
    this.#connected = new Promise((resolve, reject) => {
      this.connection.onStateChange((state) => {
        this.#state = state as RTCPeerConnectionState;
        if (state === 'connected') resolve();
        if (state === 'failed' || state === 'closed')
          reject(new LoadError('media', `the media connection is ${state}`));
        onState();
      });
    });
    // Whoever waits is told; nobody needs to.
    this.#connected.catch(() => {});
  }

  get state(): RTCPeerConnectionState {
    return this.#state;
  }

  async sample(): Promise<PeerSample> {
    return NOTHING_SAMPLED;
  }

  /** Resolves once ICE and DTLS are through. @throws LoadError media */
  async connected(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new LoadError('media', 'no media connection')), CONNECT_WITHIN_MS);
    });
    await Promise.race([this.#connected, late]).finally(() => clearTimeout(timer));
  }

  /** Idempotent. */
  close(): void {
    this.connection.close();
  }

  /** The description once its candidates are in it: the relay takes none later. */
  protected async description(): Promise<string> {
    const { connection } = this;
    if (connection.gatheringState() !== 'complete') {
      await new Promise<void>((resolve) => {
        connection.onGatheringStateChange((state) => {
          if (state === 'complete') resolve();
        });
      });
    }
    const description = connection.localDescription();
    if (description === null) throw new LoadError('media', 'there is no session description');
    return description.sdp;
  }
}

/** A commercial's side: sends packets as Opus in speech would be, without a pause. */
export class Voice extends MediaConnection implements PublishPeer<Speech> {
  readonly #track: Track;
  readonly #ssrc = 1 + Math.floor(Math.random() * 0xffff_fffe);
  #packet = Buffer.alloc(0);
  /** How much sound one packet holds, in milliseconds: as the relay asks for, and browsers do (`a=ptime`). */
  packetMs = USUAL_PACKET_MS;
  #sequence = Math.floor(Math.random() * 0x1_0000);
  #timestamp = Math.floor(Math.random() * 0x1_0000_0000);
  #speech: Speech | null = null;

  constructor(name: string, onState: () => void) {
    super(name, onState);
    const audio = new Audio('0', 'SendOnly');
    audio.addOpusCodec(PAYLOAD_TYPE);
    audio.addSSRC(this.#ssrc, name, name, name);
    this.#track = this.connection.addTrack(audio);
    tracks.push(this.#track);
  }

  /** For `publish:offer`. */
  offer(): Promise<string> {
    this.connection.setLocalDescription('offer');
    return this.description();
  }

  /** Takes the relay's answer. */
  async accept(sdp: string): Promise<void> {
    const asked = Number(/^a=ptime:(\d+)/m.exec(sdp)?.[1]);
    this.packetMs = PACKET_TIMES.includes(asked) ? asked : USUAL_PACKET_MS;
    this.#packet = Buffer.alloc(RTP_HEADER_BYTES + BYTES_A_MS * this.packetMs, 0x55);
    this.#packet[0] = 0x80;
    this.#packet[1] = PAYLOAD_TYPE;
    this.#packet.writeUInt32BE(this.#ssrc, 8);
    const frames = this.packetMs / 20;
    // Opus: hybrid, full band, mono, 20 ms; one frame, or several of the same size and their number (RFC 6716, 3.1 and 3.2.5).
    this.#packet[RTP_HEADER_BYTES] = frames === 1 ? 0x78 : 0x7b;
    if (frames > 1) this.#packet[RTP_HEADER_BYTES + 1] = frames;
    this.connection.setRemoteDescription(sdp, 'answer');
    await this.send(this.#speech);
  }

  /** Speaks there, or nowhere; from the relay's answer on. */
  async send(speech: Speech | null): Promise<void> {
    if (speech !== this.#speech) this.#speech?.stop(this);
    this.#speech = speech;
    if (this.#packet.length > 0) speech?.start(this);
  }

  override close(): void {
    void this.send(null);
    super.close();
  }

  /** Sends the next packet. */
  speak(): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + SAMPLES_A_MS * this.packetMs) >>> 0;
    this.#packet.writeUInt16BE(this.#sequence, 2);
    this.#packet.writeUInt32BE(this.#timestamp, 4);
    if (this.#track.isOpen()) this.#track.sendMessageBinary(this.#packet);
  }
}

/** An admin's side: has packets counted. */
export class Ear extends MediaConnection implements ListenPeer {
  #received = 0;

  /**
   * @param onTrack the relay is about to send
   * @param onPacket receives each packet of sound
   */
  constructor(name: string, onState: () => void, onTrack: (ear: Ear) => void, onPacket: (packet: Buffer) => void) {
    super(name, onState);
    this.connection.onTrack((track) => {
      tracks.push(track);
      // Sends receiver reports, as a browser does.
      track.setMediaHandler(new RtcpReceivingSession());
      track.onMessage((packet) => {
        if (!isRtp(packet)) return;
        this.#received += 1;
        onPacket(packet);
      });
      onTrack(this);
    });
  }

  override async sample(): Promise<PeerSample> {
    return { ...(await super.sample()), packetsReceived: this.#received };
  }

  /** The answer to the relay's offer. */
  answer(offer: string): Promise<string> {
    this.connection.setRemoteDescription(offer, 'offer');
    return this.description();
  }
}

/** Ends the threads of all connections. */
export function endMedia(): void {
  cleanup();
}
