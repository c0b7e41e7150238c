import { expect } from 'chai';
import { createLevelMeter } from '../audio/level-meter.ts';
import { openMicrophone } from '../audio/microphone.ts';
import { microphonePermission } from '../audio/microphone-permission.ts';
import { createPlayer } from '../audio/player.ts';
import { holdWakeLock } from '../audio/wake-lock.ts';
import { createListenPeer, createPublishPeer } from '../relay-client/peer-connection.ts';
import { browserPage } from '../shared/page.ts';
import { tabMemory } from '../shared/storage.ts';
import { ListeningSession } from './listening-session.ts';
import { StreamingSession } from './streaming-session.ts';
import { admin, commercial, FakeRelay } from './testing/fake-relay.ts';

/** Everything of these kinds that was made since the test began. */
const made = {
  connections: [] as RTCPeerConnection[],
  contexts: [] as AudioContext[],
  tracks: [] as MediaStreamTrack[],
};
const RealConnection = window.RTCPeerConnection;
const RealContext = window.AudioContext;
const realGetUserMedia = navigator.mediaDevices.getUserMedia;

/** A relay whose media end is a connection in this page. */
function relayInPage(): { relay: FakeRelay; close(): void } {
  const relay = new FakeRelay();
  const ends: RTCPeerConnection[] = [];
  const newEnd = (): RTCPeerConnection => {
    const end = new RealConnection();
    ends.push(end);
    return end;
  };
  const gathered = async (end: RTCPeerConnection): Promise<{ sdp: string }> => {
    while (end.iceGatheringState !== 'complete') await new Promise((resolve) => setTimeout(resolve, 5));
    return { sdp: end.localDescription?.sdp ?? '' };
  };
  relay.answers['publish:offer'] = async ({ sdp }) => {
    const end = newEnd();
    await end.setRemoteDescription({ type: 'offer', sdp });
    await end.setLocalDescription(await end.createAnswer());
    return gathered(end);
  };
  relay.answers['listen:connect'] = async () => {
    const end = newEnd();
    end.addTransceiver('audio', { direction: 'sendonly' });
    await end.setLocalDescription(await end.createOffer());
    return gathered(end);
  };
  relay.answers['listen:answer'] = async ({ sdp }) => {
    await ends.at(-1)?.setRemoteDescription({ type: 'answer', sdp });
    return {};
  };
  return {
    relay,
    close() {
      for (const end of ends) end.close();
    },
  };
}

function streaming(relay: FakeRelay): StreamingSession<MediaStreamTrack> {
  return new StreamingSession({
    relay,
    openMicrophone,
    createLevelMeter,
    createPeer: createPublishPeer,
    shown: async () => {},
    holdWakeLock: (onHeld) => holdWakeLock(browserPage, onHeld),
    permission: microphonePermission,
    choices: { read: () => null, write: () => {} },
    memory: tabMemory,
    page: browserPage,
    log: () => {},
  });
}

/** What is not released yet. */
const left = () => ({
  connections: made.connections.filter(({ connectionState }) => connectionState !== 'closed').length,
  contexts: made.contexts.filter(({ state }) => state !== 'closed').length,
  tracks: made.tracks.filter(({ readyState }) => readyState === 'live').length,
});
const NOTHING = { connections: 0, contexts: 0, tracks: 0 };
const ROUNDS = 50;

async function released(): Promise<void> {
  for (let turn = 0; turn < 100 && Object.values(left()).some((count) => count > 0); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(left()).to.deep.equal(NOTHING);
}

describe('sessions release everything', function () {
  this.timeout(60_000);

  before(() => {
    window.RTCPeerConnection = class extends RealConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        made.connections.push(this);
      }
    };
    window.AudioContext = class extends RealContext {
      constructor(options?: AudioContextOptions) {
        super(options);
        made.contexts.push(this);
      }
    };
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await realGetUserMedia.call(navigator.mediaDevices, constraints);
      made.tracks.push(...stream.getTracks());
      return stream;
    };
  });

  after(() => {
    window.RTCPeerConnection = RealConnection;
    window.AudioContext = RealContext;
    navigator.mediaDevices.getUserMedia = realGetUserMedia;
  });

  it(`after ${ROUNDS} streaming sessions, closed at every moment`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { relay, close } = relayInPage();
      const session = streaming(relay);
      relay.ready(commercial('c1'));
      const started = session.start();
      if (round % 3 !== 0) await started;
      if (round % 3 === 2) {
        expect(session.getState().status).to.equal('live');
        await session.stop();
      }
      session.close();
      await started;
      close();
    }
    expect(made.connections.length).to.be.at.least(ROUNDS / 2);
    await released();
  });

  it(`after ${ROUNDS} starts and stops of one session`, async () => {
    const { relay, close } = relayInPage();
    const session = streaming(relay);
    relay.ready(commercial('c1'));
    for (let round = 0; round < ROUNDS; round += 1) {
      await session.start();
      expect(session.getState().status).to.equal('live');
      await session.stop();
    }
    await released();
    session.close();
    close();
  });

  it(`after ${ROUNDS} listening sessions`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { relay, close } = relayInPage();
      const session = new ListeningSession({
        relay,
        createPeer: createListenPeer,
        player: createPlayer(),
        volume: 1,
        rememberVolume: () => {},
        page: browserPage,
        log: () => {},
      });
      relay.ready(admin('a1'));
      const listening = session.listen('c1');
      if (round % 2 === 0) await listening;
      session.close();
      await listening;
      close();
    }
    await released();
  });
});
