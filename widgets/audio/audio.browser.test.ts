import { expect } from 'chai';
import { browserPage } from '../shared/page.ts';
import { FakePage } from '../shared/testing/fake-page.ts';
import { createLevelMeter } from './level-meter.ts';
import { openMicrophone } from './microphone.ts';
import { createPlayer, type Player } from './player.ts';
import { holdWakeLock } from './wake-lock.ts';

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
};

/** A tone as a received track would be. */
function tone() {
  const context = new AudioContext();
  const oscillator = new OscillatorNode(context);
  const destination = new MediaStreamAudioDestinationNode(context);
  oscillator.connect(destination);
  oscillator.start();
  const [track] = destination.stream.getAudioTracks();
  if (!track) throw new Error('no track');
  return { track, close: () => context.close() };
}

describe('microphone', () => {
  it('gives one mono track with the browser’s processing on, and stops it', async () => {
    const microphone = await openMicrophone(() => {});
    const { track } = microphone;
    expect(microphone.working).to.equal(true);
    const settings = track.getSettings();
    expect([settings.echoCancellation, settings.autoGainControl, settings.noiseSuppression]).to.deep.equal([
      true,
      true,
      true,
    ]);
    expect(track.contentHint).to.equal('speech');
    microphone.close();
    expect(track.readyState).to.equal('ended');
    expect(microphone.working).to.equal(false);
    microphone.close();
  });

  it('reports what happens to it, and the devices once they are quiet', async () => {
    const events: string[] = [];
    const microphone = await openMicrophone((event) => events.push(event));
    microphone.track.dispatchEvent(new Event('mute'));
    microphone.track.dispatchEvent(new Event('unmute'));
    for (let times = 0; times < 5; times += 1) navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    microphone.track.dispatchEvent(new Event('ended'));
    await until(() => events.length >= 4);
    expect(events).to.deep.equal(['muted', 'unmuted', 'ended', 'devices']);
    microphone.close();
    microphone.track.dispatchEvent(new Event('mute'));
    expect(events.length).to.equal(4);
  });

  it('says that a frame without allow="microphone" is blocked by policy', async () => {
    const frame = document.createElement('iframe');
    frame.allow = "microphone 'none'";
    document.body.append(frame);
    const inside = frame.contentDocument;
    expect(inside).to.not.equal(null);
    // Chromium's name; the check itself is in microphone-failure.ts.
    const { featurePolicy } = inside as Document & { featurePolicy?: { allowsFeature(name: string): boolean } };
    expect(featurePolicy?.allowsFeature('microphone')).to.equal(false);
    frame.remove();
  });
});

describe('level meter', () => {
  it('hears the microphone, and releases its context', async () => {
    const microphone = await openMicrophone(() => {});
    const meter = createLevelMeter(microphone.track, () => {});
    expect(meter.interrupted).to.equal(false);
    await until(() => (meter.read() ?? 0) > 0.001);
    const other = await openMicrophone(() => {});
    meter.measure(other.track);
    await until(() => (meter.read() ?? 0) > 0.001);
    meter.close();
    meter.close();
    expect(meter.read()).to.equal(null);
    microphone.close();
    other.close();
  });

  it('says when it cannot measure a track, and leaves no context open nor takes that for silence', async () => {
    const RealContext = window.AudioContext;
    const { createMediaStreamSource } = RealContext.prototype;
    const contexts: AudioContext[] = [];
    window.AudioContext = class extends RealContext {
      constructor(options?: AudioContextOptions) {
        super(options);
        contexts.push(this);
      }
    };
    const microphone = await openMicrophone(() => {});
    const meter = createLevelMeter(microphone.track, () => {});
    await until(() => (meter.read() ?? 0) > 0.001);
    RealContext.prototype.createMediaStreamSource = () => {
      throw new DOMException('another sample rate', 'NotSupportedError');
    };
    try {
      expect(() => meter.measure(microphone.track)).to.throw('another sample rate');
      expect(meter.read()).to.equal(null);
      meter.close();
      expect(() => createLevelMeter(microphone.track, () => {})).to.throw('another sample rate');
      await until(() => contexts.every(({ state }) => state === 'closed'));
      expect(contexts).to.have.length(2);
    } finally {
      RealContext.prototype.createMediaStreamSource = createMediaStreamSource;
      window.AudioContext = RealContext;
      microphone.close();
    }
  });
});

describe('player', () => {
  it('plays one track after another through one element', async () => {
    const first = tone();
    const second = tone();
    const player = createPlayer();
    player.setVolume(0.3);
    player.attach(first.track);
    // Without a click the browser may refuse; then it says so, and does not fail.
    const allowed = await player.play();
    expect(allowed).to.be.a('boolean');
    player.attach(second.track);
    player.setMuted(true);
    player.pause();
    player.close();
    player.close();
    expect(first.track.readyState).to.equal('live');
    await Promise.all([first.close(), second.close()]);
  });

  it('does not hold back the page’s load event, nor play before it is asked to', async () => {
    const frame = document.createElement('iframe');
    const module = new URL('./player.ts', import.meta.url).href;
    // A track of a connection without a partner never has data.
    frame.srcdoc = `<script type="module">
      import { createPlayer } from '${module}';
      const { createElement } = document;
      document.createElement = (name) => (window.audio = createElement.call(document, name));
      const peer = new RTCPeerConnection();
      const player = createPlayer();
      player.attach(peer.addTransceiver('audio').receiver.track);
      window.player = player;
    </script>`;
    document.body.append(frame);
    await new Promise((resolve) => frame.addEventListener('load', resolve));
    expect(frame.contentDocument?.readyState).to.equal('complete');
    const { player, audio } = frame.contentWindow as Window & {
      player?: Player<MediaStreamTrack>;
      audio?: HTMLAudioElement;
    };
    expect(audio?.srcObject).to.equal(null);
    void player?.play();
    expect(audio?.srcObject).not.to.equal(null);
    player?.pause();
    expect(audio?.srcObject).to.equal(null);
    void player?.play();
    expect(audio?.srcObject).not.to.equal(null);
    player?.close();
    frame.remove();
  });

  it('tells Safari that it plays, and lets the page have a microphone again afterwards', async () => {
    const session = { type: 'auto' };
    Object.defineProperty(navigator, 'audioSession', { value: session, configurable: true });
    try {
      const player = createPlayer();
      expect(session.type).to.equal('auto');
      await player.play();
      expect(session.type).to.equal('playback');
      player.pause();
      expect(session.type).to.equal('auto');
      await player.play();
      expect(session.type).to.equal('playback');
      player.close();
      expect(session.type).to.equal('auto');
    } finally {
      Reflect.deleteProperty(navigator, 'audioSession');
    }
  });

  it('answers false when the browser wants a click first', async () => {
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('no gesture', 'NotAllowedError'));
    try {
      const player = createPlayer();
      expect(await player.play()).to.equal(false);
      player.close();
    } finally {
      HTMLMediaElement.prototype.play = play;
    }
  });

  it('turns the volume with a gain node where the element’s is read-only', async () => {
    const property = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'volume');
    const RealGain = window.GainNode;
    const gains: GainNode[] = [];
    window.GainNode = class extends RealGain {
      constructor(context: BaseAudioContext, options?: GainOptions) {
        super(context, options);
        gains.push(this);
      }
    };
    Object.defineProperty(HTMLMediaElement.prototype, 'volume', { get: () => 1, set: () => {}, configurable: true });
    const { track, close } = tone();
    try {
      const player = createPlayer();
      player.setVolume(0.25);
      player.attach(track);
      await player.play();
      expect(gains[0]?.gain.value).to.equal(0.25);
      player.setMuted(true);
      expect(gains[0]?.gain.value).to.equal(0);
      player.setMuted(false);
      player.pause();
      expect(gains[0]?.gain.value).to.equal(0);
      player.close();
      await until(() => gains[0]?.context.state === 'closed');
    } finally {
      window.GainNode = RealGain;
      if (property) Object.defineProperty(HTMLMediaElement.prototype, 'volume', property);
      await close();
    }
  });
});

describe('wake lock', () => {
  it('is harmless wherever it is refused, and released once', async () => {
    const lock = holdWakeLock(browserPage, () => {});
    lock.release();
    lock.release();
    await new Promise((resolve) => setTimeout(resolve, 50));
  });

  it('says when the browser does not keep the screen on', async () => {
    const request = () => Promise.reject(new DOMException('battery saver', 'NotAllowedError'));
    for (const value of [{ request }, undefined]) {
      Object.defineProperty(navigator, 'wakeLock', { value, configurable: true });
      try {
        const told: boolean[] = [];
        const lock = holdWakeLock(browserPage, (held) => told.push(held));
        await until(() => told.length > 0);
        expect(told).to.deep.equal([false]);
        lock.release();
      } finally {
        Reflect.deleteProperty(navigator, 'wakeLock');
      }
    }
  });

  it('is asked for again when the page is visible again, and nothing of it stays', async () => {
    const page = new FakePage();
    const sentinels: { released: boolean; release(): Promise<void> }[] = [];
    const { wakeLock } = navigator;
    const request = async () => {
      const sentinel = {
        released: false,
        async release() {
          this.released = true;
        },
      };
      sentinels.push(sentinel);
      return sentinel;
    };
    Object.defineProperty(navigator, 'wakeLock', { value: { request }, configurable: true });
    try {
      const told: boolean[] = [];
      const lock = holdWakeLock(page, (held) => told.push(held));
      await until(() => told.length === 1);
      expect(told).to.deep.equal([true]);
      page.emit('hidden');
      page.emit('visible');
      await until(() => sentinels.length === 2);
      // Released while the browser has not answered yet.
      page.emit('visible');
      lock.release();
      await until(() => sentinels.every(({ released }) => released));
      page.emit('visible');
      expect(sentinels.length).to.equal(3);
      expect(page.listeners.size).to.equal(0);
    } finally {
      Reflect.deleteProperty(navigator, 'wakeLock');
    }
    expect(navigator.wakeLock).to.equal(wakeLock);
  });
});
