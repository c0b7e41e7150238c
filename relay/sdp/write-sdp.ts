/** The part of writing that the relay's answers and offers share. */
import type { types } from 'mediasoup';
import { type MediaDescription, type SessionDescription, write } from 'sdp-transform';
import { type AudioEncoding, type HeaderExtension, opusLines } from './opus.ts';

/** The relay's own side of a transport. */
export interface LocalTransport {
  /** Identifies the session in `o=`: digits, the same for every description of one transport (RFC 8866 5.2). */
  readonly sessionId: string;
  /** Grows with every description of one transport. */
  readonly sessionVersion: number;
  readonly iceParameters: types.IceParameters;
  readonly iceCandidates: readonly types.IceCandidate[];
  readonly fingerprints: readonly types.DtlsFingerprint[];
}

/** What differs between the relay's answer and its offer. */
export interface LocalAudio {
  readonly mid: string;
  readonly direction: 'sendonly' | 'recvonly';
  readonly setup: 'actpass' | 'active' | 'passive';
  readonly payloadType: number;
  readonly headerExtensions: readonly HeaderExtension[];
  readonly encoding: AudioEncoding;
  /** `a=msid` (RFC 8830): the ids of the stream and track that appear in the page. */
  readonly msid?: { readonly id: string; readonly appdata: string };
}

/** The strongest fingerprint that every browser knows. */
const PREFERRED_HASHES = ['sha-256', 'sha-512', 'sha-384'] as const;

/** Writes a description with one Opus m-line, ICE-lite, BUNDLE and all candidates, for there is no trickling. */
export function writeDescription(transport: LocalTransport, audio: LocalAudio): string {
  const { sessionId, sessionVersion, iceParameters, iceCandidates } = transport;
  const fingerprint = PREFERRED_HASHES.map((hash) =>
    transport.fingerprints.find(({ algorithm }) => algorithm === hash),
  ).find((found) => found !== undefined);
  if (fingerprint === undefined)
    throw new Error('The media worker has no sha-256, sha-384 or sha-512 certificate fingerprint.');
  const media: MediaDescription = {
    type: 'audio',
    // Not looked at by ICE (RFC 8839 4.2.1.3), but 0 would mean "rejected" and 9 "nothing gathered yet".
    port: iceCandidates[0]?.port ?? 7,
    protocol: 'UDP/TLS/RTP/SAVPF',
    ...opusLines(audio.payloadType, audio.encoding),
    connection: { version: 4, ip: '0.0.0.0' },
    mid: audio.mid,
    ...(audio.msid === undefined ? {} : { msid: [audio.msid] }),
    direction: audio.direction,
    setup: audio.setup,
    fingerprint: { type: fingerprint.algorithm, hash: fingerprint.value },
    iceUfrag: iceParameters.usernameFragment,
    icePwd: iceParameters.password,
    candidates: iceCandidates.map((candidate) => ({
      foundation: candidate.foundation,
      component: 1,
      transport: candidate.protocol,
      priority: candidate.priority,
      ip: candidate.address,
      port: candidate.port,
      type: candidate.type,
      ...(candidate.protocol === 'tcp' ? { tcptype: candidate.tcpType ?? 'passive' } : {}),
    })),
    endOfCandidates: 'end-of-candidates',
    ext: audio.headerExtensions.map(({ uri, id }) => ({ value: id, uri })),
    rtcpMux: 'rtcp-mux',
    rtcpRsize: 'rtcp-rsize',
  };
  const session: SessionDescription = {
    version: 0,
    origin: { username: 'prospect-live', sessionId, sessionVersion, netType: 'IN', ipVer: 4, address: '0.0.0.0' },
    name: '-',
    timing: { start: 0, stop: 0 },
    icelite: 'ice-lite',
    groups: [{ type: 'BUNDLE', mids: audio.mid }],
    msidSemantic: { semantic: 'WMS', token: '*' },
    media: [media],
  };
  return write(session);
}
