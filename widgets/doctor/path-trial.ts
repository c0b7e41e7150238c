import type { IceServer } from '../../relay/protocol/messages.ts';

/** A way by which sound may reach the relay. */
export type PathKind = 'udp' | 'tcp' | 'turn';

/** How a trial of one way went. */
export interface PathResult {
  readonly connected: boolean;
  /** Milliseconds until it was connected, or given up. */
  readonly ms: number;
  /** The relay's addresses that were tried, or the TURN servers. */
  readonly to: readonly string[];
  /** What a TURN server refused with (RFC 8656, 19), such as `401`; null when none did. */
  readonly refused: string | null;
}

const TIMEOUT_MS = 8_000;
const CANDIDATE = /^a=candidate:\S+ \d+ (udp|tcp) \d+ (\S+) (\d+) typ \S+.*\r\n/gim;

/**
 * Leaves in a description the candidates of one protocol (RFC 8839, 5.1), so that no other way can be found.
 * @returns it, and the addresses that are left
 */
export function keepOnly(sdp: string, protocol: 'udp' | 'tcp'): { readonly sdp: string; readonly to: string[] } {
  const to: string[] = [];
  const kept = sdp.replace(CANDIDATE, (line, kind: string, ip: string, port: string) => {
    if (kind.toLowerCase() !== protocol) return '';
    to.push(`${ip.includes(':') ? `[${ip}]` : ip}:${port}`);
    return line;
  });
  return { sdp: kept, to };
}

/**
 * Makes a media connection to the relay that can go one way only, without any sound in it.
 * @param exchange gives the relay's answer to an offer
 */
export async function tryPath(
  kind: PathKind,
  iceServers: readonly IceServer[],
  exchange: (offer: string) => Promise<string>,
): Promise<PathResult> {
  const turn = kind === 'turn';
  const began = performance.now();
  const pc = new RTCPeerConnection({
    // They come as JSON, which has no keys with nothing in them; the types cannot say so.
    iceServers: turn ? (iceServers as RTCIceServer[]) : [],
    iceTransportPolicy: turn ? 'relay' : 'all',
    bundlePolicy: 'max-bundle',
  });
  let refused: string | null = null;
  pc.onicecandidateerror = ({ errorCode, errorText }) => {
    // 701 is the browser's own: nobody answered.
    if (errorCode < 700) refused ??= `${errorCode} ${errorText}`.trim();
  };
  try {
    pc.addTransceiver('audio', { direction: 'sendonly' });
    const over = settled(pc);
    await pc.setLocalDescription();
    const answer = await exchange(pc.localDescription?.sdp ?? '');
    const kept = turn
      ? { sdp: answer, to: iceServers.flatMap(({ urls }) => urls.filter((url) => /^turns?:/.test(url))) }
      : keepOnly(answer, kind);
    await pc.setRemoteDescription({ type: 'answer', sdp: kept.sdp });
    const connected = await over;
    return { connected, ms: Math.round(performance.now() - began), to: kept.to, refused };
  } finally {
    pc.close();
  }
}

/** True once it is connected; false when it failed, or took too long. */
function settled(pc: RTCPeerConnection): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), TIMEOUT_MS);
    pc.onconnectionstatechange = () => {
      if (pc.connectionState !== 'connected' && pc.connectionState !== 'failed') return;
      clearTimeout(timer);
      resolve(pc.connectionState === 'connected');
    };
  });
}
