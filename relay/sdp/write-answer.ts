import type { PublishOffer } from './read-offer.ts';
import { type LocalTransport, writeDescription } from './write-sdp.ts';

/**
 * Writes the relay's answer to a publishing page: recvonly, with the payload type, MID and header-extension ids of the offer.
 * @param audioBitrate what the page's encoder shall aim at, bits per second
 */
export function writeAnswer(offer: PublishOffer, transport: LocalTransport, audioBitrate: number): string {
  return writeDescription(transport, {
    mid: offer.mid,
    direction: 'recvonly',
    setup: offer.dtlsRole === 'client' ? 'passive' : 'active',
    payloadType: offer.payloadType,
    headerExtensions: offer.headerExtensions,
    audioBitrate,
  });
}
