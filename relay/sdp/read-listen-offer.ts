import { findOpus, type HeaderExtension, OPUS_PAYLOAD_TYPE, readHeaderExtensions } from './opus.ts';
import { type AudioDescription, invalidSdp, parseAudioDescription } from './parse-sdp.ts';
import type { ListenAnswer } from './read-answer.ts';

/** What a player's offer says, as far as the relay takes it: in the terms of an answer to the relay's own offer. */
export interface ListenOffer extends ListenAnswer {
  readonly mid: string;
}

/**
 * Whether a player's offer can be answered as it stands: packets go out with the router's payload type, which this one must know
 * as Opus. What cannot be read at all cannot be answered either, and is refused by who reads it.
 */
export function takesOurPayloadType(text: string): boolean {
  return takesOurs(parseAudioDescription('offer', text));
}

/**
 * Reads the offer of a player that listens: one m=audio, recvonly or sendrecv, with Opus at the relay's payload type. Of the header
 * extensions those are taken whose ids are the router's too: packets carry the router's, and an answer cannot change an id (RFC 8285, 6).
 * Without the MID extension a player tells the packets by their payload type (RFC 9143, 9.2).
 * @throws RelayError sdp_invalid
 */
export function readListenOffer(text: string, router: readonly HeaderExtension[]): ListenOffer {
  const description = parseAudioDescription('offer', text);
  const { mid, setup, iceUfrag, fingerprints, direction } = description;
  if (direction !== 'recvonly' && direction !== 'sendrecv') {
    throw invalidSdp('offer', `its audio is ${direction}; a player must offer recvonly.`);
  }
  if (!takesOurs(description)) {
    throw invalidSdp('offer', `it does not offer Opus (opus/48000/2, RFC 7587) as payload type ${OPUS_PAYLOAD_TYPE}.`);
  }
  if (setup !== 'actpass' && setup !== 'active' && setup !== 'passive') {
    throw invalidSdp('offer', 'its a=setup is none of actpass, active and passive (RFC 8842).');
  }
  const headerExtensions = readHeaderExtensions(description).filter(({ uri, id }) =>
    router.some((known) => known.uri === uri && known.id === id),
  );
  return { mid, iceUfrag, fingerprints, dtlsRole: setup === 'passive' ? 'server' : 'client', headerExtensions };
}

/** Whatever else the offer prefers. */
function takesOurs(description: AudioDescription): boolean {
  const payloadTypes = description.payloadTypes.filter((type) => type === OPUS_PAYLOAD_TYPE);
  return findOpus({ ...description, payloadTypes }) !== null;
}
