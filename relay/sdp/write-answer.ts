import type { AudioEncoding } from './opus.ts';
import type { PublishOffer } from './read-offer.ts';
import { type LocalTransport, writeDescription } from './write-sdp.ts';

/**
 * Writes the relay's answer to a publishing page: recvonly, with the payload type, MID and header-extension ids of the offer.
 * @param encoding what the page's encoder shall do
 */
export function writeAnswer(offer: PublishOffer, transport: LocalTransport, encoding: AudioEncoding): string {
  return writeDescription(transport, {
    mid: offer.mid,
    direction: 'recvonly',
    setup: offer.dtlsRole === 'client' ? 'passive' : 'active',
    payloadType: offer.payloadType,
    headerExtensions: offer.headerExtensions,
    encoding,
  });
}
