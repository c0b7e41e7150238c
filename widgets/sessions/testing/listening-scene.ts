import { FakePage } from '../../shared/testing/fake-page.ts';
import { ListeningSession } from '../listening-session.ts';
import { FakePeers, FakePlayer } from './fake-media.ts';
import { FakeRelay } from './fake-relay.ts';

/** An admin's session among fakes, with no relay yet. To be closed at the end of the test. */
export function listeningScene() {
  const relay = new FakeRelay();
  const peers = new FakePeers();
  const page = new FakePage();
  const player = new FakePlayer();
  const remembered: number[] = [];
  const session = new ListeningSession<string>({
    relay,
    createPeer: peers.create,
    player,
    volume: 0.8,
    rememberVolume: (volume) => remembered.push(volume),
    page,
    log: () => {},
  });
  const statuses: string[] = [];
  session.subscribe(() => {
    const { status } = session.getState();
    if (statuses.at(-1) !== status) statuses.push(status);
  });
  return { relay, peers, page, player, remembered, session, statuses };
}
