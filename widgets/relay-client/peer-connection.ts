import type { IceServer } from '../../relay/protocol/messages.ts';
import { type PageFaultCode, ProspectError } from '../shared/fault.ts';
import { NOTHING_SAMPLED, type PeerSample } from './peer-sample.ts';
import { TrackSender } from './track-sender.ts';

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
  /**
   * Sends this track, or nothing at all, not even silence. Needs no negotiation. The newest call wins, also over one that is under
   * way; what is no longer wanted is silent as soon as this returns, and gone when the promise resolves.
   */
  send(track: Track | null): Promise<void>;
}

/** The admin's side: the relay offers. */
export interface ListenPeer extends Peer {
  /** The answer to the relay's offer (the first, or one with fresh ICE credentials). */
  answer(offerSdp: string, iceServers: readonly IceServer[]): Promise<string>;
}

/** Sees to it that nothing passes here that is not sealed, where that is wanted. */
export interface MediaGuard {
  /** Called with each sender and receiver as it is made, before anything can pass. */
  dress(end: RTCRtpSender | RTCRtpReceiver): void;
  /** Whether sound may be sent over it just now, or what comes over it played. */
  allows(end: RTCRtpSender | RTCRtpReceiver): boolean;
}

const UNGUARDED: MediaGuard = { dress: () => {}, allows: () => true };

/** They come as JSON, which has no keys with nothing in them; the types cannot say so. */
const toRtc = (servers: readonly IceServer[]): RTCIceServer[] => servers as RTCIceServer[];

/**
 * Administrators and extensions take WebRTC away by removing its constructor, or by one that throws; a page with too many connections
 * is refused one more in the same way.
 */
function construct(configuration: RTCConfiguration): RTCPeerConnection {
  const code: PageFaultCode = 'webrtc_unsupported';
  if (typeof RTCPeerConnection !== 'function') {
    throw new ProspectError(
      code,
      'This browser has no RTCPeerConnection. Use a current browser, outside of other applications.',
    );
  }
  try {
    return new RTCPeerConnection(configuration);
  } catch (cause) {
    // A server's URL that this browser does not know is the relay's configuration, not a lack of the browser.
    const { name, message } = cause instanceof Error ? cause : { name: '', message: String(cause) };
    const bad = name === 'SyntaxError' || name === 'InvalidAccessError';
    throw new ProspectError(
      bad ? ('ice_servers_invalid' satisfies PageFaultCode) : code,
      bad
        ? `The relay's STUN_URLS or TURN_URLS cannot be used by this browser: ${message}`
        : `This browser refuses to make an RTCPeerConnection: ${message} Look for a policy or an extension that switches WebRTC off, or reload the page.`,
      { cause },
    );
  }
}

/**
 * A thin owner of one RTCPeerConnection with one audio m-line. Descriptions pass through unedited: what Opus is to do is
 * in the relay's (relay/sdp/opus.ts has what was measured).
 */
class PeerConnection {
  protected readonly pc: RTCPeerConnection;

  constructor(iceServers: readonly IceServer[], onState: () => void) {
    this.pc = construct({ iceServers: toRtc(iceServers), bundlePolicy: 'max-bundle' });
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
    const sample = { ...NOTHING_SAMPLED };
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
        sample.buffered += stats.jitterBufferDelay ?? 0;
        sample.emitted += stats.jitterBufferEmittedCount ?? 0;
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
  readonly #sender: TrackSender<MediaStreamTrack>;
  readonly #allowed: () => boolean;

  constructor(iceServers: readonly IceServer[], onState: () => void, guard: MediaGuard) {
    super(iceServers, onState);
    const { sender } = this.pc.addTransceiver('audio', { direction: 'sendonly' });
    guard.dress(sender);
    this.#allowed = () => guard.allows(sender);
    this.#sender = new TrackSender((track) => sender.replaceTrack(track));
  }

  async offer(restartIce: boolean, iceServers: readonly IceServer[]): Promise<string> {
    if (restartIce) this.useServers(iceServers);
    return this.applyLocal(await this.pc.createOffer({ iceRestart: restartIce }));
  }

  async accept(answerSdp: string): Promise<void> {
    await this.pc.setRemoteDescription({ type: 'answer', sdp: answerSdp });
  }

  send(track: MediaStreamTrack | null): Promise<void> {
    return this.#sender.send(this.#allowed() ? track : null);
  }

  override close(): void {
    super.close();
    this.#sender.close();
  }
}

class ListenConnection extends PeerConnection implements ListenPeer {
  constructor(
    iceServers: readonly IceServer[],
    onState: () => void,
    onTrack: (track: MediaStreamTrack) => void,
    guard: MediaGuard,
  ) {
    super(iceServers, onState);
    // It comes before the answer is made, and so before any packet.
    this.pc.ontrack = ({ track, receiver }) => {
      guard.dress(receiver);
      if (guard.allows(receiver)) onTrack(track);
    };
  }

  async answer(offerSdp: string, iceServers: readonly IceServer[]): Promise<string> {
    if (this.pc.remoteDescription) this.useServers(iceServers);
    await this.pc.setRemoteDescription({ type: 'offer', sdp: offerSdp });
    return this.applyLocal(await this.pc.createAnswer());
  }
}

/** @throws ProspectError webrtc_unsupported, ice_servers_invalid */
export function createPublishPeer(
  iceServers: readonly IceServer[],
  onState: () => void,
  guard: MediaGuard = UNGUARDED,
): PublishPeer<MediaStreamTrack> {
  return new PublishConnection(iceServers, onState, guard);
}

/** @throws ProspectError webrtc_unsupported, ice_servers_invalid */
export function createListenPeer(
  iceServers: readonly IceServer[],
  onState: () => void,
  onTrack: (track: MediaStreamTrack) => void,
  guard: MediaGuard = UNGUARDED,
): ListenPeer {
  return new ListenConnection(iceServers, onState, onTrack, guard);
}
