import { findOpus, HEADER_EXTENSIONS, type HeaderExtension, OPUS_PAYLOAD_TYPE, readHeaderExtensions } from './opus.ts';
import { type DtlsFingerprint, invalidSdp, parseAudioDescription } from './parse-sdp.ts';
import { LISTEN_MID } from './write-offer.ts';

/** What a listening page's answer, or a player's offer, says. */
export interface ListenAnswer {
  readonly iceUfrag: string;
  readonly fingerprints: readonly DtlsFingerprint[];
  /** The page's part in DTLS: `client` for `a=setup:active`, as every browser answers. */
  readonly dtlsRole: 'client' | 'server';
  /** The header extensions that the page accepted, with the ids of the relay's offer. */
  readonly headerExtensions: readonly HeaderExtension[];
}

/**
 * Reads the page's answer to the relay's offer (`writeOffer`): it must take the audio as it was offered.
 * @param text what the page sent, of any type
 * @param switches the page finds packets of other sources by their MID, with which it must answer
 * @throws RelayError sdp_invalid
 */
export function readAnswer(text: unknown, switches = true): ListenAnswer {
  const description = parseAudioDescription('answer', text);
  const { mid, setup, iceUfrag, fingerprints, direction } = description;
  if (mid !== LISTEN_MID)
    throw invalidSdp('answer', `its a=mid is not the offered ${LISTEN_MID}; it answers another offer.`);
  if (direction !== 'recvonly' && direction !== 'sendrecv') {
    throw invalidSdp('answer', `its audio is ${direction}; a listening page must answer recvonly.`);
  }
  if (findOpus(description) !== OPUS_PAYLOAD_TYPE) {
    throw invalidSdp('answer', `it did not accept Opus as payload type ${OPUS_PAYLOAD_TYPE}, as it was offered.`);
  }
  if (setup !== 'active' && setup !== 'passive') {
    throw invalidSdp('answer', 'its a=setup is neither active nor passive (RFC 8842).');
  }
  const headerExtensions = readHeaderExtensions(description);
  if (switches && !headerExtensions.some(({ uri }) => uri === HEADER_EXTENSIONS.mid)) {
    throw invalidSdp('answer', 'it did not accept the MID header extension (RFC 8843), which switching needs.');
  }
  return { iceUfrag, fingerprints, dtlsRole: setup === 'active' ? 'client' : 'server', headerExtensions };
}
