import type { IceServer } from '../../relay/protocol/messages.ts';
import {
  createListenPeer,
  createPublishPeer,
  type ListenPeer,
  type PublishPeer,
} from '../relay-client/peer-connection.ts';
import type { LoopSocket } from './loop-socket.ts';

/** By how much a person hears themselves later, so that the echo can be told from the voice. In seconds. */
const DELAY_S = 0.5;
const WINDOW = 2048;

/** What has come back over the relay. */
export interface Received {
  readonly packets: number;
  /** Root mean square, 0 to 1, of what is played just now; null while the browser plays nothing. */
  readonly level: number | null;
  readonly roundTripMs: number | null;
}

/**
 * The page's own microphone, over the relay and back: the same two connections as a commercial's and an admin's page, and half a second
 * of patience before it is played.
 */
export class Echo {
  readonly #context: AudioContext;
  readonly #delay: DelayNode;
  /** What is played, after the delay. */
  readonly #analyser: AnalyserNode;
  readonly #samples = new Float32Array(WINDOW);
  /** Chromium and WebKit feed a remote stream into Web Audio only while some element plays it. */
  readonly #element = document.createElement('audio');
  readonly #peers: (PublishPeer<MediaStreamTrack> | ListenPeer)[] = [];
  #listen: ListenPeer | null = null;

  /** To be made within the click: elsewhere an AudioContext starts suspended. */
  constructor() {
    this.#context = new AudioContext();
    this.#delay = new DelayNode(this.#context, { delayTime: DELAY_S, maxDelayTime: 1 });
    this.#analyser = new AnalyserNode(this.#context, { fftSize: WINDOW });
    this.#delay.connect(this.#analyser).connect(this.#context.destination);
    this.#element.muted = true;
    this.#element.srcObject = new MediaStream();
    this.#element.play().catch(() => undefined);
    void this.#context.resume().catch(() => undefined);
  }

  /** Whether the browser plays what the page gives it. */
  get plays(): boolean {
    return this.#context.state === 'running';
  }

  /** Sends this track, and plays what comes back, until `close`. @throws ProspectError of the relay or the browser */
  async start(socket: LoopSocket, track: MediaStreamTrack): Promise<void> {
    const servers: readonly IceServer[] = socket.ready.iceServers;
    const publish = createPublishPeer(servers, () => undefined);
    this.#peers.push(publish);
    await publish.send(track);
    await publish.accept(await socket.offer(await publish.offer(false, servers)));
    const listen = createListenPeer(
      servers,
      () => undefined,
      (received) => this.#play(received),
    );
    this.#peers.push(listen);
    this.#listen = listen;
    await socket.answer(await listen.answer(await socket.connect(), servers));
  }

  /** What has come back so far. */
  async received(): Promise<Received> {
    const level = this.plays ? this.#levelNow() : null;
    const sample = await this.#listen?.sample();
    const roundTrip = sample?.roundTrip ?? null;
    return {
      packets: sample?.packetsReceived ?? 0,
      level,
      roundTripMs: roundTrip === null ? null : Math.round(roundTrip * 1000),
    };
  }

  /** Idempotent. */
  close(): void {
    for (const peer of this.#peers.splice(0)) peer.close();
    this.#element.srcObject = null;
    if (this.#context.state !== 'closed') this.#context.close().catch(() => undefined);
  }

  #levelNow(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return Math.sqrt(this.#samples.reduce((sum, sample) => sum + sample * sample, 0) / WINDOW);
  }

  #play(track: MediaStreamTrack): void {
    if (this.#context.state === 'closed') return;
    const stream = new MediaStream([track]);
    this.#element.srcObject = stream;
    this.#element.play().catch(() => undefined);
    this.#context.createMediaStreamSource(stream).connect(this.#delay);
  }
}
