import { type AudioEncoding, type HeaderExtension, OPUS_PAYLOAD_TYPE } from './opus.ts';
import { type LocalTransport, writeDescription } from './write-sdp.ts';

/** The MID of the one m-line in every listening session. All consumers are made with it (RFC 8843 9.2). */
export const LISTEN_MID = '0';

/**
 * Writes the relay's offer to a listening page: sendonly, with a MID and without `a=ssrc`, because the SSRC changes with every
 * switch and the page finds the m-line by the MID header extension.
 * @param headerExtensions with the ids of the router, which are the ones that its consumers use
 * @param encoding as the commercials' pages are asked to send
 */
export function writeOffer(
  headerExtensions: readonly HeaderExtension[],
  transport: LocalTransport,
  encoding: AudioEncoding,
): string {
  return writeDescription(transport, {
    mid: LISTEN_MID,
    direction: 'sendonly',
    setup: 'actpass',
    payloadType: OPUS_PAYLOAD_TYPE,
    headerExtensions,
    encoding,
    msid: { id: 'prospect-live', appdata: 'audio' },
  });
}
