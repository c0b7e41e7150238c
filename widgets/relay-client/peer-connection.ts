import type { IceServer } from '../../relay/protocol/messages.ts';
import { type PageFaultCode, ProspectError } from '../shared/fault.ts';

/** One reading of a connection's counters (W3C webrtc-stats names in brackets). */
export interface PeerSample {
  /** RTP payload bytes sent [outbound-rtp bytesSent]. */
  readonly bytesSent: number;
  /** [inbound-rtp packetsReceived] */
  readonly packetsReceived: number;
  /** [inbound-rtp packetsLost] */
  readonly packetsLost: number;
  /** Seconds [inbound-rtp jitter]. */
  readonly jitter: number;
  /** Square of the level, integrated over time [inbound-rtp totalAudioEnergy]. */
  readonly energy: number;
  /** Seconds of audio played [inbound-rtp totalSamplesDuration]. */
  readonly duration: number;
  /** Seconds, or null while unknown [candidate-pair currentRoundTripTime]. */
  readonly roundTrip: number | null;
}

/** A media connection, as the sessions see it. */
export interface Peer {
  readonly state: RTCPeerConnectionState;
  sample(): Promise<PeerSample>;
  /** Idempotent. */
  close(): void;
}

/** The commercial's side: this page offers. */
export interface PublishPeer<Track> extends Peer {
  /** An offer, with fresh ICE credentials if asked. */
  offer(restartIce: boolean, iceServers: readonly IceServer[]): Promise<string>;
  accept(answerSdp: string): Promise<void>;
  /** Sends this track, or nothing at all, not even silence. Needs no negotiation. */
  send(track: Track | null): Promise<void>;
}

/** The admin's side: the relay offers. */
export interface ListenPeer extends Peer {
  /** The answer to the relay's offer (the first, or one with fresh ICE credentials). */
  answer(offerSdp: string, iceServers: readonly IceServer[]): Promise<string>;
}

/** They come as JSON, which has no keys with nothing in them; the types cannot say so. */
const toRtc = (servers: readonly IceServer[]): RTCIceServer[] => servers as RTCIceServer[];

/**
 * A thin owner of one RTCPeerConnection with one audio m-line. Descriptions pass through unedited: what Opus is to do is
 * in the relay's (relay/sdp/opus.ts has what was measured).
 */
class PeerConnection {
  protected readonly pc: RTCPeerConnection;

  constructor(iceServers: readonly IceServer[], onState: () => void) {
    if (typeof RTCPeerConnection === 'undefined') {
      throw new ProspectError(
        'webrtc_unsupported' satisfies PageFaultCode,
        'This browser has no RTCPeerConnection. Use a current browser, outside of other applications.',
      );
    }
    this.pc = new RTCPeerConnection({ iceServers: toRtc(iceServers), bundlePolicy: 'max-bundle' });
    this.pc.onconnectionstatechange = onState;
  }

  get state(): RTCPeerConnectionState {
    return this.pc.connectionState;
  }

  /** Later relay sessions bring fresh TURN credentials; they matter from the next ICE restart on. */
  protected useServers(iceServers: readonly IceServer[]): void {
    this.pc.setConfiguration({ ...this.pc.getConfiguration(), iceServers: toRtc(iceServers) });
  }

  protected async applyLocal(description: RTCSessionDescriptionInit): Promise<string> {
    await this.pc.setLocalDescription(description);
    return this.pc.localDescription?.sdp ?? '';
  }

  async sample(): Promise<PeerSample> {
    const sample = {
      bytesSent: 0,
      packetsReceived: 0,
      packetsLost: 0,
      jitter: 0,
      energy: 0,
      duration: 0,
      roundTrip: null as number | null,
    };
    for (const stats of (await this.pc.getStats()).values()) {
      if (stats.type === 'outbound-rtp') sample.bytesSent += stats.bytesSent ?? 0;
      else if (stats.type === 'candidate-pair' && stats.nominated && stats.state === 'succeeded') {
        sample.roundTrip = stats.currentRoundTripTime ?? null;
      } else if (stats.type === 'inbound-rtp') {
        // One per SSRC: after a switch the older one may linger, so these are sums.
        sample.packetsReceived += stats.packetsReceived ?? 0;
        sample.packetsLost += stats.packetsLost ?? 0;
        sample.jitter = stats.jitter ?? 0;
        sample.energy += stats.totalAudioEnergy ?? 0;
        sample.duration += stats.totalSamplesDuration ?? 0;
      }
    }
    return sample;
  }

  close(): void {
    this.pc.onconnectionstatechange = null;
    this.pc.ontrack = null;
    this.pc.close();
  }
}

class PublishConnection extends PeerConnection implements PublishPeer<MediaStreamTrack> {
  readonly #sender: RTCRtpSender;

  constructor(iceServers: readonly IceServer[], onState: () => void) {
    super(iceServers, onState);
    this.#sender = this.pc.addTransceiver('audio', { direction: 'sendonly' }).sender;
  }

  async offer(restartIce: boolean, iceServers: readonly IceServer[]): Promise<string> {
    if (restartIce) this.useServers(iceServers);
    return this.applyLocal(await this.pc.createOffer({ iceRestart: restartIce }));
  }

  async accept(answerSdp: string): Promise<void> {
    await this.pc.setRemoteDescription({ type: 'answer', sdp: answerSdp });
  }

  async send(track: MediaStreamTrack | null): Promise<void> {
    if (this.#sender.track !== track) await this.#sender.replaceTrack(track);
  }
}

class ListenConnection extends PeerConnection implements ListenPeer {
  constructor(iceServers: readonly IceServer[], onState: () => void, onTrack: (track: MediaStreamTrack) => void) {
    super(iceServers, onState);
    this.pc.ontrack = ({ track }) => onTrack(track);
  }

  async answer(offerSdp: string, iceServers: readonly IceServer[]): Promise<string> {
    if (this.pc.remoteDescription) this.useServers(iceServers);
    await this.pc.setRemoteDescription({ type: 'offer', sdp: offerSdp });
    return this.applyLocal(await this.pc.createAnswer());
  }
}

/** @throws ProspectError webrtc_unsupported */
export function createPublishPeer(
  iceServers: readonly IceServer[],
  onState: () => void,
): PublishPeer<MediaStreamTrack> {
  return new PublishConnection(iceServers, onState);
}

/** @throws ProspectError webrtc_unsupported */
export function createListenPeer(
  iceServers: readonly IceServer[],
  onState: () => void,
  onTrack: (track: MediaStreamTrack) => void,
): ListenPeer {
  return new ListenConnection(iceServers, onState, onTrack);
}
