import type { types } from 'mediasoup';
import {
  type AudioEncoding,
  findOpus,
  HEADER_EXTENSIONS,
  type HeaderExtension,
  OPUS_FEEDBACK,
  opusParameters,
  readHeaderExtensions,
} from './opus.ts';
import { type AudioDescription, type DtlsFingerprint, invalidSdp, parseAudioDescription } from './parse-sdp.ts';

/** What a publishing page's offer says, in mediasoup's terms. */
export interface PublishOffer {
  readonly mid: string;
  /** Changes with every ICE restart (RFC 8839 4.4.1.1.1). */
  readonly iceUfrag: string;
  readonly fingerprints: readonly DtlsFingerprint[];
  /** The page's part in DTLS. `client` when the offer leaves the choice, as the relay then answers `passive`. */
  readonly dtlsRole: 'client' | 'server';
  /** The payload type that the page gave to Opus; the answer repeats it. */
  readonly payloadType: number;
  readonly headerExtensions: readonly HeaderExtension[];
  /** The SSRC of `a=ssrc` (RFC 5576), null when the offer names none; then the MID finds the packets. */
  readonly ssrc: number | null;
  /** RTCP canonical name (RFC 3550 6.5.1), null when the offer names none. */
  readonly cname: string | null;
}

/** CNAMEs are made by browsers: 16 random characters, or a UUID in braces. */
const CNAME = /^[\x21-\x7e]{1,128}$/;

/**
 * Reads the offer of a page that publishes: one m=audio, sendonly or sendrecv, with Opus.
 * @param text what the page sent, of any type
 * @throws RelayError sdp_invalid
 */
export function readOffer(text: unknown): PublishOffer {
  const description = parseAudioDescription('offer', text);
  const { mid, iceUfrag, fingerprints, direction } = description;
  if (direction !== 'sendonly' && direction !== 'sendrecv') {
    throw invalidSdp('offer', `its audio is ${direction}; a publishing page must offer sendonly.`);
  }
  const payloadType = findOpus(description);
  if (payloadType === null) throw invalidSdp('offer', 'it does not offer Opus (opus/48000/2, RFC 7587).');
  const headerExtensions = readHeaderExtensions(description);
  const ssrc = readSsrc(description);
  if (ssrc === null && !headerExtensions.some(({ uri }) => uri === HEADER_EXTENSIONS.mid)) {
    throw invalidSdp('offer', 'it has neither a=ssrc nor the MID header extension, so its packets cannot be told.');
  }
  return {
    mid,
    iceUfrag,
    fingerprints,
    dtlsRole: readRole(description),
    payloadType,
    headerExtensions,
    ssrc,
    cname: readCname(description, ssrc),
  };
}

/** The parameters for mediasoup's `transport.produce`. @param encoding as written in the answer */
export function producerParameters(offer: PublishOffer, encoding: AudioEncoding): types.RtpParameters {
  const hasTransportCc = offer.headerExtensions.some(({ uri }) => uri === HEADER_EXTENSIONS.transportCc);
  return {
    mid: offer.mid,
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: offer.payloadType,
        clockRate: 48_000,
        channels: 2,
        parameters: opusParameters(encoding),
        rtcpFeedback: OPUS_FEEDBACK.filter((type) => type !== 'transport-cc' || hasTransportCc).map((type) => ({
          type,
        })),
      },
    ],
    headerExtensions: offer.headerExtensions.map(({ uri, id }) => ({ uri, id, encrypt: false, parameters: {} })),
    encodings: [{ ...(offer.ssrc === null ? {} : { ssrc: offer.ssrc }), dtx: true }],
    rtcp: { ...(offer.cname === null ? {} : { cname: offer.cname }), reducedSize: true },
  };
}

function readRole({ setup }: AudioDescription): 'client' | 'server' {
  if (setup === 'actpass' || setup === 'active') return 'client';
  if (setup === 'passive') return 'server';
  throw invalidSdp('offer', 'its a=setup is none of actpass, active and passive (RFC 8842).');
}

function readSsrc({ media }: AudioDescription): number | null {
  const first = media.ssrcs?.[0];
  if (first === undefined) return null;
  if (!Number.isInteger(first.id) || first.id < 1 || first.id > 0xffff_ffff) {
    throw invalidSdp('offer', 'its a=ssrc is not a number from 1 to 4294967295 (RFC 5576).');
  }
  return first.id;
}

function readCname({ media }: AudioDescription, ssrc: number | null): string | null {
  const line = media.ssrcs?.find(({ id, attribute }) => id === ssrc && attribute === 'cname');
  const cname = line?.value === undefined ? '' : String(line.value);
  return CNAME.test(cname) ? cname : null;
}
