/**
 * Runs in the bench's page before the widgets: gives the microphones out, listens to what comes back, and measures. One page, one
 * AudioContext, so that one clock serves both ends.
 */
const PERIOD_MS = 1000;
const BURST_S = 0.08;
const LOUD = 0.5;
/** Between tones: far below what counts as heard, but no real microphone gives zeros, and the button takes one that does for broken. */
const BED = 0.003;
/** Whole numbers of periods in a block of 128 samples, so that the tones do not leak into each other. */
const FREQUENCIES = [1500, 3000];

const context = new AudioContext({ sampleRate: 48_000, latencyHint: 'interactive' });
const peers = [];
const onsetWaiters = new Set();
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Tone generators; voice i is the microphone of the page's i-th commercial, in the order of their starts. */
const voices = FREQUENCIES.map((frequency) => {
  const oscillator = new OscillatorNode(context, { frequency });
  const level = new GainNode(context, { gain: BED });
  oscillator.connect(level);
  oscillator.start();
  return { frequency, level };
});
let nextVoice = 0;

function microphoneOf(voice) {
  const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  voice.level.connect(destination);
  return destination.stream;
}

navigator.mediaDevices.getUserMedia = async () => {
  const voice = voices[nextVoice++ % voices.length];
  return microphoneOf(voice);
};

/** When each connection was there first, as of performance.now(). */
const connectedAt = new WeakMap();

function stampConnected(peer) {
  peer.addEventListener('connectionstatechange', () => {
    if (peer.connectionState === 'connected' && !connectedAt.has(peer)) connectedAt.set(peer, performance.now());
  });
}

const NativePeer = window.RTCPeerConnection;
window.RTCPeerConnection = class extends NativePeer {
  constructor(...args) {
    super(...args);
    peers.push(this);
    stampConnected(this);
    this.addEventListener('track', ({ track }) => void listenTo(track, 'relay'));
  }
};

async function listenTo(track, path) {
  await ready;
  const onset = new AudioWorkletNode(context, 'onset', {
    numberOfOutputs: 0,
    processorOptions: { frequencies: FREQUENCIES },
  });
  onset.port.onmessage = ({ data }) => {
    const arrivedAt = performance.now();
    for (const waiter of onsetWaiters) waiter({ ...data, path, arrivedAt });
  };
  new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) }).connect(onset);
}

/** The next time that this tone begins on this path. */
function onset(path, frequency, timeoutMs = 10_000) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => done(reject, new Error(`nothing heard on path ${path} at ${frequency} Hz`)),
      timeoutMs,
    );
    const waiter = (event) => {
      if (event.path === path && event.frequency === frequency) done(resolve, event);
    };
    const done = (settle, value) => {
      clearTimeout(timer);
      onsetWaiters.delete(waiter);
      settle(value);
    };
    onsetWaiters.add(waiter);
  });
}

const ready = context.audioWorklet.addModule('/onset-worklet.js').then(() => context.resume());

/** The floor: two connections of this page to each other, with the Opus parameters that the relay asks for. */
async function connectFloor() {
  await ready;
  const from = new NativePeer();
  const to = new NativePeer();
  from.onicecandidate = ({ candidate }) => void to.addIceCandidate(candidate);
  to.onicecandidate = ({ candidate }) => void from.addIceCandidate(candidate);
  const arrived = new Promise((resolve) => {
    to.ontrack = ({ track }) => resolve(track);
  });
  const [microphone] = microphoneOf(voices[0]).getTracks();
  from.addTrack(microphone);
  await from.setLocalDescription();
  await to.setRemoteDescription(from.localDescription);
  await to.setLocalDescription();
  await from.setRemoteDescription({ type: 'answer', sdp: withOpusOf(to.localDescription.sdp, relayAnswer()) });
  const track = await arrived;
  // Chromium hands a remote track's sound on only while a media element plays it.
  const player = new Audio();
  player.srcObject = new MediaStream([track]);
  player.muted = true;
  await player.play();
  await listenTo(track, 'floor');
}

/** The relay's answer to the commercial's page: the description that has no ICE candidates of its own making. */
function relayAnswer() {
  const publisher = peers.find((peer) => peer.localDescription?.type === 'offer' && peer.remoteDescription);
  return publisher?.remoteDescription.sdp ?? '';
}

function withOpusOf(sdp, model) {
  const parameters = /^a=fmtp:\d+ (.*useinbandfec.*)$/m.exec(model)?.[1];
  if (!parameters) throw new Error('the relay’s answer has no Opus parameters');
  const type = /^a=rtpmap:(\d+) opus/m.exec(sdp)?.[1];
  return sdp.replace(new RegExp(`^a=fmtp:${type} .*$`, 'm'), `a=fmtp:${type} ${parameters.trim()}`);
}

/** Whether a voice sounds without a break. */
function setSounding(index, on) {
  voices[index].level.gain.setValueAtTime(on ? LOUD : BED, context.currentTime);
}

/**
 * Mouth to ear: the same bursts over both paths, at the same moments. Milliseconds.
 * @param index whose voice
 * @param floor whether that voice goes over the floor's connections too
 */
async function mouthToEar(count, index = 0, floor = true) {
  const results = { relay: [], floor: [] };
  const { frequency, level } = voices[index];
  for (let i = 0; i < count; i++) {
    const at = context.currentTime + 0.1;
    const heard = Promise.all([onset('relay', frequency), floor ? onset('floor', frequency) : null]);
    level.gain.setValueAtTime(LOUD, at);
    level.gain.setValueAtTime(BED, at + BURST_S);
    const [overRelay, overFloor] = await heard;
    results.relay.push((overRelay.at - at) * 1000);
    if (overFloor) results.floor.push((overFloor.at - at) * 1000);
    // Not in step with the 20 ms of a packet: every phase gets its share.
    await sleep(PERIOD_MS + ((i * 7) % 20));
  }
  return results;
}

/** From a click until that voice is heard. Milliseconds, the message from the audio thread included. */
async function clickToHeard(button, index) {
  const heard = onset('relay', voices[index].frequency);
  const clickedAt = performance.now();
  button.click();
  return (await heard).arrivedAt - clickedAt;
}

/**
 * From the receiver's `connected` until the voice is heard, for two connections of this page that are made anew. Milliseconds.
 * @param announced whether the offer names the SSRC (RFC 5576), which the relay's cannot
 */
async function coldDirect(index, announced) {
  const from = new NativePeer();
  const to = new NativePeer();
  from.onicecandidate = ({ candidate }) => void to.addIceCandidate(candidate);
  to.onicecandidate = ({ candidate }) => void from.addIceCandidate(candidate);
  stampConnected(to);
  const player = new Audio();
  to.ontrack = ({ track }) => {
    player.srcObject = new MediaStream([track]);
    void player.play();
    void listenTo(track, 'cold');
  };
  const heard = onset('cold', voices[index].frequency);
  const [microphone] = microphoneOf(voices[index]).getTracks();
  from.addTransceiver(microphone, { direction: 'sendonly' });
  await from.setLocalDescription();
  const { sdp } = from.localDescription;
  await to.setRemoteDescription({ type: 'offer', sdp: announced ? sdp : sdp.replace(/^a=ssrc.*\r\n/gm, '') });
  await to.setLocalDescription();
  await from.setRemoteDescription({ type: 'answer', sdp: withOpusOf(to.localDescription.sdp, relayAnswer()) });
  const took = (await heard).arrivedAt - connectedAt.get(to);
  player.srcObject = null;
  from.close();
  to.close();
  microphone.stop();
  return took;
}

/** The same for an admin who opens the page and listens at once: the panel's connection is made after the click. */
async function coldJoin(id, index) {
  const [model] = document.querySelectorAll('prospect-listen-panel');
  const before = peers.length;
  const panel = document.createElement(model.localName);
  for (const name of ['token', 'relay-url']) panel.setAttribute(name, model.getAttribute(name));
  const heard = onset('relay', voices[index].frequency);
  let asked = false;
  panel.addEventListener('prospect-roster-change', () => {
    if (asked || !panel.commercials.some((row) => row.id === id && row.status === 'live')) return;
    asked = true;
    void panel.listen(id);
  });
  document.body.append(panel);
  const took = (await heard).arrivedAt - connectedAt.get(peers.slice(before).at(-1));
  await panel.stop();
  panel.remove();
  return took;
}

window.bench = { coldDirect, coldJoin, ready, connectFloor, setSounding, mouthToEar, clickToHeard, sleep };
