/** The connection by which a page hears whispers: the commercial's own, or that of an admin who may hear them too. */
import type { IceServer } from '../../../relay/protocol/messages.ts';
import type { ListenPeer, MediaGuard } from '../../relay-client/peer-connection.ts';
import type { RelayLink } from '../../relay-client/relay-link.ts';
import type { NegotiationMode } from '../media-link.ts';

/** Makes its page's end. */
export type MakeEarPeer<Track> = (
  iceServers: readonly IceServer[],
  onState: () => void,
  onTrack: (track: Track) => void,
  guard: MediaGuard,
) => ListenPeer;

/** Negotiates it with the relay. @throws ProspectError */
export async function negotiateEar(
  relay: RelayLink,
  peer: ListenPeer,
  mode: NegotiationMode,
  timeoutMs: number,
): Promise<void> {
  const { sdp: offer } = await relay.request('whisper:connect', { mode }, timeoutMs);
  const sdp = await peer.answer(offer, relay.session?.iceServers ?? []);
  await relay.request('whisper:answer', { sdp }, timeoutMs);
}
