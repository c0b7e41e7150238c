/**
 * The part of reading that offers and answers share: from untrusted text to one checked audio m-line. Whatever comes in,
 * the only thing that comes out besides a result is a `RelayError` with the code `sdp_invalid`.
 */
import { type MediaDescription, parse, type SessionDescription } from 'sdp-transform';
import { RelayError } from '../errors.ts';
import { MAX_SDP_LENGTH } from '../protocol/message-parts.ts';

/** Which of the two a description is, for the error texts. */
export type SdpKind = 'offer' | 'answer';

/** A fingerprint of the page's DTLS certificate (RFC 8122), as mediasoup takes it. */
export interface DtlsFingerprint {
  readonly algorithm: 'sha-256' | 'sha-384' | 'sha-512';
  /** Upper-case hexadecimal bytes with colons between them. */
  readonly value: string;
}

/** What every usable description carries. */
export interface AudioDescription {
  readonly mid: string;
  readonly direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  /** `a=setup` (RFC 8842), not yet judged: offers and answers allow different values. */
  readonly setup: string;
  readonly fingerprints: readonly DtlsFingerprint[];
  readonly iceUfrag: string;
  /** Payload types in the m-line's order of preference. */
  readonly payloadTypes: readonly number[];
  readonly media: MediaDescription;
}

/**
 * Lines that the relay reads. Everything else is dropped before the parser sees it: candidates and video attributes are of
 * no use to an ICE-lite audio relay, and some of the parser's patterns for them take quadratic time on hostile input.
 */
const READ_LINE =
  /^(?:[vost]=|m=|a=(?:rtpmap|fmtp|rtcp-fb|extmap|ssrc|mid|setup|fingerprint|ice-ufrag|ice-pwd|rtcp-mux|bundle-only|sendrecv|sendonly|recvonly|inactive)(?::|$))/;
const LINE_BREAK = /\r\n|\r|\n/;
/** The longest line of a browser's audio description is about 130 characters. */
const MAX_LINE_LENGTH = 1_024;
const MAX_LINES = 400;

/** RFC 8839 5.4: 4 to 256 ice-chars, and a password of 22 to 256. */
const ICE_UFRAG = /^[A-Za-z0-9+/]{4,256}$/;
const ICE_PWD = /^[A-Za-z0-9+/]{22,256}$/;
/** RFC 8843 15.2 advises at most 3 bytes; a one-byte RTP header extension holds 16. */
const MID = /^[A-Za-z0-9!#$%&'*+\-.^_`{|}~]{1,16}$/;
const FINGERPRINT = /^a=fingerprint:\s*(\S+)\s+([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})+)\s*$/;
const HASH_BYTES: Readonly<Record<string, number>> = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 };

/** Makes the error of this folder. @param text what is wrong and what to do, as a sentence */
export function invalidSdp(kind: SdpKind, text: string, cause?: unknown): RelayError {
  return new RelayError(
    'sdp_invalid',
    `The ${kind} cannot be used: ${text}`,
    cause === undefined ? undefined : { cause },
  );
}

/**
 * Reads a description that must have exactly one m-line, audio, not rejected, over DTLS-SRTP with rtcp-mux.
 * @param text what the peer sent, of any type
 * @throws RelayError sdp_invalid
 */
export function parseAudioDescription(kind: SdpKind, text: unknown): AudioDescription {
  const lines = readLines(kind, text);
  const session = parseLines(kind, lines);
  const media = onlyAudioLine(kind, session);
  // One m-line: an attribute at session level means the same as at media level (RFC 8866 5.13, RFC 8839 5).
  const iceUfrag = textOf(media.iceUfrag ?? session.iceUfrag);
  const icePwd = textOf(media.icePwd ?? session.icePwd);
  if (!ICE_UFRAG.test(iceUfrag)) throw invalidSdp(kind, 'it has no valid a=ice-ufrag (RFC 8839).');
  if (!ICE_PWD.test(icePwd)) throw invalidSdp(kind, 'it has no valid a=ice-pwd (RFC 8839).');
  const mid = textOf(media.mid);
  if (!MID.test(mid)) throw invalidSdp(kind, 'its m-line has no valid a=mid of 1 to 16 characters (RFC 5888).');
  if (media.rtcpMux === undefined) {
    throw invalidSdp(kind, 'it has no a=rtcp-mux; RTP and RTCP must share one port (RFC 5761).');
  }
  const setup = textOf(media.setup ?? session.setup);
  if (setup === '') throw invalidSdp(kind, 'it has no a=setup (RFC 8842).');
  return {
    mid,
    direction: media.direction ?? session.direction ?? 'sendrecv',
    setup,
    fingerprints: readFingerprints(kind, lines),
    iceUfrag,
    payloadTypes: readPayloadTypes(media),
    media,
  };
}

/** The parser turns values that look like whole numbers into numbers; this gives the text back. Missing: ''. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function readLines(kind: SdpKind, text: unknown): string[] {
  if (typeof text !== 'string') throw invalidSdp(kind, 'it is not text.');
  if (text.length === 0) throw invalidSdp(kind, 'it is empty.');
  if (text.length > MAX_SDP_LENGTH) {
    throw invalidSdp(kind, `it is longer than ${MAX_SDP_LENGTH} characters; send one audio m-line only.`);
  }
  const lines = text.split(LINE_BREAK);
  if (lines[0] !== 'v=0')
    throw invalidSdp(kind, 'it does not start with v=0, so it is no session description (RFC 8866).');
  const read = lines.filter((line) => READ_LINE.test(line));
  if (read.length > MAX_LINES)
    throw invalidSdp(kind, `it has more than ${MAX_LINES} lines; send one audio m-line only.`);
  if (read.some((line) => line.length > MAX_LINE_LENGTH)) {
    throw invalidSdp(kind, `one of its lines is longer than ${MAX_LINE_LENGTH} characters.`);
  }
  return read;
}

function parseLines(kind: SdpKind, lines: readonly string[]): SessionDescription {
  try {
    return parse(lines.join('\r\n'));
  } catch (error) {
    throw invalidSdp(kind, 'it is not a session description (RFC 8866).', error);
  }
}

function onlyAudioLine(kind: SdpKind, session: SessionDescription): MediaDescription {
  const [media, ...others] = session.media;
  if (media === undefined) throw invalidSdp(kind, 'it has no m-line; one m=audio is needed.');
  for (const { type } of session.media) {
    if (type !== 'audio') {
      const what = type === undefined ? 'an m-line that cannot be read' : `an m=${textOf(type).slice(0, 20)} line`;
      throw invalidSdp(kind, `it has ${what}; exactly one m=audio is allowed.`);
    }
  }
  if (others.length > 0) {
    throw invalidSdp(kind, `it has ${session.media.length} m=audio lines; exactly one is allowed.`);
  }
  const port = media.port;
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw invalidSdp(kind, 'the port of its m-line is no port.');
  if (port === 0 && media.bundleOnly === undefined) {
    throw invalidSdp(kind, 'its m-line is rejected (port 0): the audio was stopped or refused.');
  }
  if (!/^(?:UDP|TCP)\/TLS\/RTP\/SAVPF$/.test(textOf(media.protocol))) {
    throw invalidSdp(kind, 'its m-line is not UDP/TLS/RTP/SAVPF; WebRTC needs DTLS-SRTP (RFC 8827).');
  }
  return media;
}

/** From the lines, because the parser keeps only the last of several fingerprints. */
function readFingerprints(kind: SdpKind, lines: readonly string[]): DtlsFingerprint[] {
  const found = new Map<string, DtlsFingerprint>();
  for (const line of lines) {
    const match = FINGERPRINT.exec(line);
    const algorithm = match?.[1]?.toLowerCase();
    const value = match?.[2]?.toUpperCase();
    if (algorithm === undefined || value === undefined) continue;
    if (algorithm !== 'sha-256' && algorithm !== 'sha-384' && algorithm !== 'sha-512') continue;
    if ((value.length + 1) / 3 !== HASH_BYTES[algorithm]) continue;
    found.set(`${algorithm} ${value}`, { algorithm, value });
  }
  if (found.size === 0) {
    throw invalidSdp(kind, 'it has no valid a=fingerprint of sha-256, sha-384 or sha-512 (RFC 8122).');
  }
  if (found.size > 8) throw invalidSdp(kind, 'it has more than 8 certificate fingerprints.');
  return [...found.values()];
}

function readPayloadTypes(media: MediaDescription): number[] {
  return textOf(media.payloads)
    .split(' ')
    .filter((part) => /^\d{1,3}$/.test(part))
    .map(Number)
    .filter((payloadType) => payloadType <= 127);
}
