import { type AudioEncoding, OPUS_PAYLOAD_TYPE } from './opus.ts';
import type { ListenOffer } from './read-listen-offer.ts';
import { type LocalTransport, writeDescription } from './write-sdp.ts';

/** Writes the relay's answer to a player's offer: sendonly, with the MID of the offer and without `a=ssrc`, which changes with the source. */
export function writeListenAnswer(offer: ListenOffer, transport: LocalTransport, encoding: AudioEncoding): string {
  return writeDescription(transport, {
    mid: offer.mid,
    direction: 'sendonly',
    setup: offer.dtlsRole === 'client' ? 'passive' : 'active',
    payloadType: OPUS_PAYLOAD_TYPE,
    headerExtensions: offer.headerExtensions,
    encoding,
    msid: { id: 'prospect-live', appdata: 'audio' },
  });
}
