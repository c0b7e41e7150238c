import { WebRTCPlayer } from '@eyevinn/webrtc-player';
import { WHIPClient } from '@eyevinn/whip-web-client';

let client = null;

globalThis.jsClients = {
  async publish(endpoint, token) {
    client = new WHIPClient({ endpoint, opts: { authkey: token, iceServers: [] } });
    const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    await client.ingest(await navigator.mediaDevices.getUserMedia({ audio }));
    return client.getResourceUrl();
  },
  async unpublish() {
    await client.destroy();
  },
  // Of the two ways of the draft the one that the public player does not know (draft-ietf-wish-whep-03, 4.3.2).
  async playByCounterOffer(endpoint, token) {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/sdp' };
    const asking = new RTCPeerConnection();
    asking.addTransceiver('audio', { direction: 'recvonly' });
    const { sdp } = await asking.createOffer();
    asking.close();
    const counter = await fetch(endpoint, { method: 'POST', headers, body: sdp });
    const session = new URL(counter.headers.get('Location'), endpoint);
    const peer = new RTCPeerConnection();
    peer.ontrack = ({ track }) => {
      document.querySelector('video').srcObject = new MediaStream([track]);
    };
    await peer.setRemoteDescription({ type: 'offer', sdp: await counter.text() });
    await peer.setLocalDescription(await peer.createAnswer());
    const answered = await fetch(session, { method: 'PATCH', headers, body: peer.localDescription.sdp });
    if (answered.status !== 204) throw new Error(`the answer is answered with ${answered.status}`);
    await document.querySelector('video').play();
    return { status: counter.status, payloadType: Number(/a=rtpmap:(\d+) opus/i.exec(sdp)?.[1]) };
  },
  async play(endpoint, token) {
    const video = document.querySelector('video');
    const player = new WebRTCPlayer({ video, type: 'whep', iceServers: [] });
    // It sends its key as the header's whole value.
    await player.load(new URL(endpoint), `Bearer ${token}`);
    player.unmute();
    await video.play();
  },
};
