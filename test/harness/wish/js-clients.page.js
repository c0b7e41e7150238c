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
  async play(endpoint, token) {
    const video = document.querySelector('video');
    const player = new WebRTCPlayer({ video, type: 'whep', iceServers: [] });
    // It sends its key as the header's whole value.
    await player.load(new URL(endpoint), `Bearer ${token}`);
    player.unmute();
    await video.play();
  },
};
