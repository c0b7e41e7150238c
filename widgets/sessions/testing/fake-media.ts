import type { LevelMeter } from '../../audio/level-meter.ts';
import type { Microphone, MicrophoneEvent } from '../../audio/microphone.ts';
import type { MicrophonePermission } from '../../audio/microphone-permission.ts';
import type { AudioOutput, Player } from '../../audio/player.ts';
import type { ListenPeer, PublishPeer } from '../../relay-client/peer-connection.ts';
import { NOTHING_SAMPLED, type PeerSample } from '../../relay-client/peer-sample.ts';

/** What tests use for a MediaStreamTrack. */
export type FakeTrack = string;

/** A media connection whose state the test sets. */
export class FakePeer implements PublishPeer<FakeTrack>, ListenPeer {
  state: RTCPeerConnectionState = 'new';
  /** What can be heard of it. */
  sent: FakeTrack | null = null;
  bytesSent = 0;
  counters: Partial<PeerSample> = {};
  /** Awaited before each track takes effect; throw here to refuse it. */
  sendGate: () => Promise<void> = async () => {};
  #newest = 0;
  readonly #onState: () => void;
  readonly #connectsAtOnce: boolean;

  constructor(onState: () => void, connectsAtOnce: boolean) {
    this.#onState = onState;
    this.#connectsAtOnce = connectsAtOnce;
  }

  set(state: RTCPeerConnectionState): void {
    this.state = state;
    this.#onState();
  }

  async offer(restartIce: boolean): Promise<string> {
    return restartIce ? 'restart' : 'offer';
  }

  async accept(): Promise<void> {
    if (this.#connectsAtOnce && this.state !== 'closed') this.set('connected');
  }

  async answer(): Promise<string> {
    if (this.#connectsAtOnce && this.state !== 'closed') this.set('connected');
    return 'answer';
  }

  /** As the contract has it: what is no longer wanted is silent at once, what is wanted comes late, and the newest call wins. */
  async send(track: FakeTrack | null): Promise<void> {
    if (track !== this.sent) this.sent = null;
    this.#newest += 1;
    const turn = this.#newest;
    await this.sendGate();
    if (this.state === 'closed') throw new DOMException('closed meanwhile', 'InvalidStateError');
    if (turn === this.#newest) this.sent = track;
  }

  async sample(): Promise<PeerSample> {
    return { ...NOTHING_SAMPLED, bytesSent: this.bytesSent, ...this.counters };
  }

  close(): void {
    this.state = 'closed';
  }
}

/** Makes fake connections and keeps them. */
export class FakePeers {
  readonly all: FakePeer[] = [];
  connectsAtOnce = true;

  readonly create = (_servers: unknown, onState: () => void): FakePeer => {
    const peer = new FakePeer(onState, this.connectsAtOnce);
    this.all.push(peer);
    return peer;
  };

  get last(): FakePeer {
    const peer = this.all.at(-1);
    if (!peer) throw new Error('no connection was made');
    return peer;
  }

  get open(): number {
    return this.all.filter(({ state }) => state !== 'closed').length;
  }
}

/** A microphone that the test breaks. */
export class FakeMicrophone implements Microphone<FakeTrack> {
  working = true;
  closed = false;
  /** The chosen microphone is there, and this is another. */
  isBetterThere = false;
  readonly track: FakeTrack;
  readonly onEvent: (event: MicrophoneEvent) => void;

  constructor(track: FakeTrack, onEvent: (event: MicrophoneEvent) => void) {
    this.track = track;
    this.onEvent = onEvent;
  }

  async better(): Promise<boolean> {
    return this.isBetterThere;
  }

  break(event: MicrophoneEvent): void {
    this.working = false;
    this.onEvent(event);
  }

  close(): void {
    this.closed = true;
  }
}

/** The user's microphones: the test decides whether and when one is given. */
export class FakeMicrophones {
  readonly all: FakeMicrophone[] = [];
  asked = 0;
  /** Awaited before each is given; throw here to refuse. */
  gate: () => Promise<void> = async () => {};
  /** What the level meter reads; null while it does not measure. */
  rms: number | null = 0.001;
  interrupted = false;
  metersOpen = 0;
  /** Meters that were made; and how many tracks they can measure before each further one throws. */
  metersMade = 0;
  measurable = Number.POSITIVE_INFINITY;

  readonly open = async (onEvent: (event: MicrophoneEvent) => void): Promise<FakeMicrophone> => {
    this.asked += 1;
    await this.gate();
    const microphone = new FakeMicrophone(`track${this.all.length + 1}`, onEvent);
    this.all.push(microphone);
    return microphone;
  };

  readonly meter = (): LevelMeter<FakeTrack> => {
    const measure = (): void => {
      if (this.measurable <= 0) throw new DOMException('another sample rate', 'NotSupportedError');
      this.measurable -= 1;
    };
    measure();
    this.metersOpen += 1;
    this.metersMade += 1;
    const source = this;
    return {
      read: () => source.rms,
      get interrupted() {
        return source.interrupted;
      },
      measure,
      close: () => {
        source.metersOpen -= 1;
      },
    };
  };

  get last(): FakeMicrophone {
    const microphone = this.all.at(-1);
    if (!microphone) throw new Error('no microphone was given');
    return microphone;
  }

  get live(): number {
    return this.all.filter(({ closed }) => !closed).length;
  }
}

/** A player that notes what it is told. */
export class FakePlayer implements Player<FakeTrack> {
  allowed = true;
  playing = false;
  closed = false;
  volume = 1;
  muted = false;
  gain = 1;
  /** Outputs that there are, and the one in use. */
  devices: AudioOutput[] = [];
  output = '';
  picked: string | null = null;
  readonly picksOutput = false;
  changed: () => void = () => {};
  track: FakeTrack | null = null;

  attach(track: FakeTrack): void {
    this.track = track;
  }

  async play(): Promise<boolean> {
    this.playing = this.allowed;
    return this.allowed;
  }

  pause(): void {
    this.playing = false;
  }

  setVolume(volume: number): void {
    this.volume = volume;
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
  }

  setGain(gain: number): void {
    this.gain = gain;
  }

  async outputs(): Promise<readonly AudioOutput[]> {
    return this.devices;
  }

  async pickOutput(): Promise<string | null> {
    return this.picked;
  }

  async setOutput(id: string): Promise<boolean> {
    const there = id === '' || this.devices.some((device) => device.id === id);
    if (there) this.output = id;
    return there;
  }

  onOutputs(changed: () => void): () => void {
    this.changed = changed;
    return () => {
      this.changed = () => {};
    };
  }

  close(): void {
    this.closed = true;
  }
}

/** The browser's word on the microphone, as the test wants it. */
export class FakePermission implements MicrophonePermission {
  isGranted = false;
  readonly #listeners = new Set<() => unknown>();

  async granted(): Promise<boolean> {
    return this.isGranted;
  }

  onGranted(listener: () => unknown): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The user allows it in the browser's settings. */
  grant(): void {
    this.isGranted = true;
    for (const listener of this.#listeners) listener();
  }
}
