import { expect } from 'chai';
import { openMicrophone } from '../audio/microphone.ts';
import { ProspectError } from '../shared/fault.ts';
import { createListenPeer, createPublishPeer } from './peer-connection.ts';

const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
};

/** The other end, in the same page: what the relay would answer. */
class OtherEnd {
  readonly pc = new RTCPeerConnection();

  async answer(offer: string): Promise<string> {
    await this.pc.setRemoteDescription({ type: 'offer', sdp: offer });
    await this.pc.setLocalDescription(await this.pc.createAnswer());
    if (this.pc.iceGatheringState !== 'complete') {
      await new Promise((resolve) => {
        this.pc.onicegatheringstatechange = () => this.pc.iceGatheringState === 'complete' && resolve(null);
      });
    }
    return this.pc.localDescription?.sdp ?? '';
  }

  async packets(): Promise<number> {
    for (const stats of (await this.pc.getStats()).values()) {
      if (stats.type === 'inbound-rtp') return stats.packetsReceived;
    }
    return 0;
  }
}

describe('publishing connection', () => {
  it('offers one sendonly audio, before there is a track', async () => {
    const peer = createPublishPeer([], () => {});
    const offer = await peer.offer(false, []);
    expect(offer.match(/^m=/gm)).to.have.length(1);
    expect(offer).to.match(/^a=sendonly/m);
    expect(offer).to.match(/^a=ssrc:/m);
    peer.close();
  });

  it('encodes with FEC and DTX because the relay’s answer says so', async () => {
    const RealConnection = window.RTCPeerConnection;
    const made: RTCPeerConnection[] = [];
    window.RTCPeerConnection = class extends RealConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        made.push(this);
      }
    };
    const peer = createPublishPeer([], () => {});
    window.RTCPeerConnection = RealConnection;
    const other = new OtherEnd();
    const answer = (await other.answer(await peer.offer(false, [])))
      .replace(/^a=fmtp:111 .*$/m, 'a=fmtp:111 minptime=10;stereo=0;usedtx=1;useinbandfec=1')
      .replace(/^a=rtpmap:111 .*$/m, (line) => `${line}\r\na=rtcp-fb:111 nack`);
    await peer.accept(answer);
    expect(made[0]?.remoteDescription?.sdp).to.contain('a=rtcp-fb:111 nack\r\n');
    await until(() => peer.state === 'connected');
    const microphone = await openMicrophone(() => {});
    await peer.send(microphone.track);
    const codec = async () => [...((await made[0]?.getStats())?.values() ?? [])].find(({ type }) => type === 'codec');
    await until(async () => Boolean(await codec()));
    expect((await codec())?.sdpFmtpLine.split(';')).to.include.members(['useinbandfec=1', 'usedtx=1']);
    microphone.close();
    peer.close();
    other.pc.close();
  });

  it('connects, sends on demand only, restarts ICE, and closes', async () => {
    const other = new OtherEnd();
    const states: string[] = [];
    const peer = createPublishPeer([], () => states.push(peer.state));
    await peer.accept(await other.answer(await peer.offer(false, [])));
    await until(() => peer.state === 'connected');
    expect((await peer.sample()).bytesSent).to.equal(0);
    const microphone = await openMicrophone(() => {});
    await peer.send(microphone.track);
    await until(async () => (await other.packets()) > 10);
    expect((await peer.sample()).bytesSent).to.be.greaterThan(0);
    await peer.send(null);
    const { bytesSent } = await peer.sample();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await peer.sample()).bytesSent).to.be.at.most(bytesSent + 200);
    await peer.send(microphone.track);

    const before = /a=ice-ufrag:(\S+)/.exec((await peer.offer(false, [])) ?? '')?.[1];
    const offer = await peer.offer(true, []);
    expect(/a=ice-ufrag:(\S+)/.exec(offer)?.[1]).to.not.equal(before);
    await peer.accept(await other.answer(offer));
    const packets = await other.packets();
    await until(async () => (await other.packets()) > packets + 10);
    expect(peer.state).to.equal('connected');

    microphone.close();
    peer.close();
    peer.close();
    other.pc.close();
    expect(peer.state).to.equal('closed');
    expect(states).to.include('connected');
  });

  it('goes silent at a pause that comes while the track is being set, and sends again when that is the newest wish', async () => {
    const other = new OtherEnd();
    const peer = createPublishPeer([], () => {});
    await peer.accept(await other.answer(await peer.offer(false, [])));
    await until(() => peer.state === 'connected');
    const microphone = await openMicrophone(() => {});
    const sentIn = async (ms: number): Promise<number> => {
      const before = (await peer.sample()).bytesSent;
      await new Promise((resolve) => setTimeout(resolve, ms));
      return (await peer.sample()).bytesSent - before;
    };
    for (const gap of [0, 1, 3]) {
      const sending = peer.send(microphone.track);
      if (gap) await new Promise((resolve) => setTimeout(resolve, gap));
      await Promise.all([sending, peer.send(null)]);
      expect(await sentIn(400), `${gap} ms`).to.be.lessThan(200);
    }
    await Promise.all([peer.send(null), peer.send(microphone.track)]);
    expect(await sentIn(600)).to.be.greaterThan(200);
    await Promise.all([peer.send(null), peer.send(microphone.track)]);
    expect(await sentIn(600)).to.be.greaterThan(200);
    microphone.close();
    peer.close();
    other.pc.close();
  });

  it('says which failure it is when the browser makes no connection', () => {
    const RealConnection = window.RTCPeerConnection;
    const codeWith = (value: unknown): string | null => {
      Object.defineProperty(window, 'RTCPeerConnection', { value, configurable: true, writable: true });
      try {
        createPublishPeer([], () => {});
        return null;
      } catch (error) {
        return error instanceof ProspectError ? error.code : String(error);
      } finally {
        Object.defineProperty(window, 'RTCPeerConnection', {
          value: RealConnection,
          configurable: true,
          writable: true,
        });
      }
    };
    const throwing = (name: string) =>
      class {
        constructor() {
          throw new DOMException('no', name);
        }
      };
    expect(
      [undefined, null, throwing('NotSupportedError'), throwing('UnknownError'), throwing('SyntaxError')].map(codeWith),
    ).to.deep.equal([...Array<string>(4).fill('webrtc_unsupported'), 'ice_servers_invalid']);
  });
});

describe('listening connection', () => {
  it('hands over a track only where what comes may be played', async () => {
    const other = new RTCPeerConnection();
    other.addTransceiver('audio', { direction: 'sendonly' });
    await other.setLocalDescription(await other.createOffer());
    for (const allowed of [true, false]) {
      const tracks: MediaStreamTrack[] = [];
      const dressed: unknown[] = [];
      const guard = {
        dress: (end: unknown) => dressed.push(end),
        allows: (end: unknown) => allowed && dressed[0] === end,
      };
      const peer = createListenPeer(
        [],
        () => {},
        (track) => tracks.push(track),
        guard,
      );
      await peer.answer(other.localDescription?.sdp ?? '', []);
      expect([dressed.length, tracks.length]).to.deep.equal([1, allowed ? 1 : 0]);
      peer.close();
    }
    other.close();
  });
});
