/**
 * Opus as the relay speaks it (RFC 7587): 48 kHz, in SDP always two channels, in truth mono speech with in-band forward error
 * correction (FEC) and silence suppression (DTX).
 *
 * ## What is used in a browser, and what makes it so
 * Seen in Chromium 156 and Firefox 153; `test/relay/loopback.e2e.test.ts` measures it. **The page edits no SDP**: not its
 * offer, not its answer, not what it gets from the relay.
 * - **FEC, DTX, bit rate, mono**: an encoder follows the `a=fmtp` of its *remote* description (RFC 7587 6.1: they say what the
 *   receiver prefers), so the relay's answer sets them. Chromium spends bits on FEC only once its receiver reports loss, and it
 *   counts loss after repair by NACK: with 20 % of the packets lost on a short path, about every second packet carried FEC; with 10 %, none.
 * - **NACK**: no browser names `a=rtcp-fb:… nack` for Opus, neither in offers nor in answers. Chromium can do it all the same, and
 *   switches it on, for sending and for receiving, when its *remote* description has the line; so the relay writes it into its
 *   answers and its offers, whatever the page said. (mediasoup-client does the same by adding NACK to the capabilities
 *   that it reads from the browser.) Firefox ignores the line and retransmits nothing; asking it does no harm.
 * - **Packet time**: an encoder follows `a=ptime` of its remote description (Chromium 150 and Firefox 140: 50, 25, 16.7 packets a
 *   second for 20, 40, 60 ms). `ptime` among the `a=fmtp` parameters is ignored by both.
 */
import type { MediaDescription } from 'sdp-transform';
import type { AudioDescription } from './parse-sdp.ts';

/** The payload type of Opus in the relay's own offers; the one that Chromium and Safari use. */
export const OPUS_PAYLOAD_TYPE = 111;

/** How the commercials' pages shall encode; a part of the relay's configuration. */
export interface AudioEncoding {
  /** Bits per second (RFC 7587, `maxaveragebitrate`). */
  readonly audioBitrate: number;
  /** Milliseconds of sound in a packet: 20, 40 or 60. */
  readonly audioPacketMs: number;
}

/** RTCP feedback for Opus in both directions (RFC 4585, draft-holmer-rmcat-transport-wide-cc-extensions). */
export const OPUS_FEEDBACK = ['nack', 'transport-cc'] as const;

/**
 * RTP header extensions that the relay uses, by URI. The rest of what a browser offers is left out of its answer, the audio
 * levels (RFC 6464) above all: header extensions are not encrypted (RFC 3711 3.1), so that they would tell everybody on the
 * path how loud somebody speaks.
 */
export const HEADER_EXTENSIONS = {
  /** RFC 8843 15: finds the m-line of a packet with an unknown SSRC. Switching without negotiation hangs on it. */
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  absSendTime: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  transportCc: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
} as const;

/** The URI of an RTP header extension that the relay uses. */
export type HeaderExtensionUri = (typeof HEADER_EXTENSIONS)[keyof typeof HEADER_EXTENSIONS];

const USED_URIS: ReadonlySet<unknown> = new Set(Object.values(HEADER_EXTENSIONS));

/** Whether the relay uses the RTP header extension with this URI. */
export function isUsedExtension(uri: unknown): uri is HeaderExtensionUri {
  return USED_URIS.has(uri);
}

/** An RTP header extension as negotiated (RFC 8285). */
export interface HeaderExtension {
  readonly uri: HeaderExtensionUri;
  /** 1 to 14: the one-byte form. */
  readonly id: number;
}

/** Opus format parameters that the relay states. */
export function opusParameters({ audioBitrate }: AudioEncoding): Record<string, number> {
  return {
    minptime: 10,
    useinbandfec: 1,
    usedtx: 1,
    stereo: 0,
    'sprop-stereo': 0,
    maxaveragebitrate: audioBitrate,
  };
}

/** The payload type of the description's most preferred Opus, or null without one. */
export function findOpus({ payloadTypes, media }: AudioDescription): number | null {
  for (const payloadType of payloadTypes) {
    const isOpus = media.rtp.some(
      ({ payload, codec, rate, encoding }) =>
        payload === payloadType &&
        typeof codec === 'string' &&
        codec.toLowerCase() === 'opus' &&
        rate === 48_000 &&
        encoding === 2,
    );
    if (isOpus) return payloadType;
  }
  return null;
}

/** The header extensions of a description that the relay uses too, each with the id found there. */
export function readHeaderExtensions({ media }: AudioDescription): HeaderExtension[] {
  const byUri = new Map<HeaderExtensionUri, number>();
  const ids = new Set<number>();
  for (const extension of media.ext ?? []) {
    const { value: id, uri, direction } = extension;
    if (!isUsedExtension(uri) || extension['encrypt-uri'] !== undefined || direction === 'inactive') continue;
    // Ids from 15 on need the two-byte form, which the relay does not answer with (RFC 8285 4.3).
    if (!Number.isInteger(id) || id < 1 || id > 14 || ids.has(id) || byUri.has(uri)) continue;
    byUri.set(uri, id);
    ids.add(id);
  }
  return [...byUri].map(([uri, id]) => ({ uri, id }));
}

/** The parts of an m-line that describe Opus: m-line payloads, rtpmap, fmtp, feedback and packet time. */
export function opusLines(
  payloadType: number,
  encoding: AudioEncoding,
): Pick<MediaDescription, 'payloads' | 'rtp' | 'fmtp' | 'rtcpFb' | 'ptime'> {
  const config = Object.entries(opusParameters(encoding)).map(([key, value]) => `${key}=${value}`);
  return {
    payloads: String(payloadType),
    rtp: [{ payload: payloadType, codec: 'opus', rate: 48_000, encoding: 2 }],
    fmtp: [{ payload: payloadType, config: config.join(';') }],
    rtcpFb: OPUS_FEEDBACK.map((type) => ({ payload: payloadType, type })),
    ptime: encoding.audioPacketMs,
  };
}
