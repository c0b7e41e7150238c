/**
 * Media without sound for the tests of streams and signalling: the same interfaces and rules as the real one, with every
 * transport and source within reach, a gate that holds answers back so that a test can act in between, and a pace that makes each
 * step as slow as a test likes: late, and out of order.
 */
import { RelayError } from '../../errors.ts';
import type { Room } from '../../load/room.ts';
import type {
  AudioSource,
  ListenTransport,
  ListenTransportEvents,
  Media,
  MediaGauges,
  MediaQuality,
  PublishTransport,
  TransportEvents,
  TransportLoss,
  TransportState,
} from '../../media/media.ts';
import { type FakeNodePipes, FakeRemoteSource } from './fake-node-pipes.ts';

/** What a fake transport has in common with the other kind. */
class FakeTransport {
  readonly id: string;
  readonly #events: TransportEvents;
  #state: TransportState = 'new';

  constructor(id: string, events: TransportEvents) {
    this.id = id;
    this.#events = events;
  }

  get state(): TransportState {
    return this.#state;
  }

  /** What ICE and DTLS would report. */
  become(state: TransportState): void {
    if (this.#state === 'closed' || this.#state === state) return;
    this.#state = state;
    this.#events.onState(state);
  }

  /** What the death of a worker would do. */
  lose(reason: TransportLoss): void {
    if (this.#state === 'closed') return;
    this.close();
    this.#events.onLost(reason);
  }

  close(): void {
    this.#state = 'closed';
  }
}

export class FakeSource implements AudioSource {
  readonly id: string;
  closed = false;
  paused = false;
  readonly #media: FakeMedia;

  constructor(media: FakeMedia, id: string) {
    this.#media = media;
    this.id = id;
  }

  async pause(): Promise<void> {
    await this.#media.pace('pause');
    this.paused = true;
  }

  async resume(): Promise<void> {
    await this.#media.pace('resume');
    this.paused = false;
  }

  /** Called once it has closed. */
  readonly onClosed = new Set<() => void>();

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const tell of [...this.onClosed]) tell();
  }
}

export class FakePublishTransport extends FakeTransport implements PublishTransport {
  source: FakeSource | null = null;
  /** The page's first offer. */
  offered = '';
  bytes = 0;
  readonly #media: FakeMedia;

  constructor(media: FakeMedia, id: string, events: TransportEvents) {
    super(id, events);
    this.#media = media;
  }

  get room(): Room {
    return this.#media.room;
  }

  async answer(offerSdp: string): Promise<string> {
    this.offered = offerSdp;
    await this.#media.gate;
    await this.#media.pace('answer');
    if (offerSdp.includes('broken')) throw new RelayError('sdp_invalid', 'The offer is broken.');
    this.become('connected');
    return `answer ${this.id}`;
  }

  async restartIce(offerSdp: string): Promise<string> {
    await this.#media.gate;
    await this.#media.pace('restart');
    if (offerSdp.includes('broken')) throw new RelayError('sdp_invalid', 'The offer is broken.');
    return `restarted ${this.id}`;
  }

  async produce(): Promise<AudioSource> {
    await this.#media.gate;
    await this.#media.pace('produce');
    if (this.state === 'closed') throw new RelayError('not_connected', 'The transport is closed.');
    this.source ??= new FakeSource(this.#media, `source of ${this.id}`);
    return this.source;
  }

  async bytesReceived(): Promise<number> {
    return this.bytes;
  }

  override close(): void {
    super.close();
    this.source?.close();
  }
}

export class FakeListenTransport extends FakeTransport implements ListenTransport {
  accepted = false;
  silent = false;
  /** A test that holds packets back lets them go by `send()`. */
  packets = true;
  #sending = false;
  /** The page's newest answer. */
  answered = '';
  readonly #media: FakeMedia;
  #wanted: AudioSource | null = null;
  #heard: AudioSource | null = null;
  /** Gives up the copy of the remote source that is heard. */
  #release: (() => void) | null = null;
  readonly #onHearing: () => void;
  readonly #onSending: () => void;

  constructor(media: FakeMedia, id: string, events: ListenTransportEvents) {
    super(id, events);
    this.#media = media;
    this.#onHearing = () => events.onHearing?.();
    this.#onSending = () => events.onSending?.();
  }

  get room(): Room {
    return this.#media.room;
  }

  /** What is heard, once the page has answered. */
  get heard(): AudioSource | null {
    return this.#heard;
  }

  set heard(source: AudioSource | null) {
    if (this.#heard === source) return;
    this.#sending = false;
    if (this.#heard instanceof FakeSource) this.#heard.onClosed.delete(this.#onHearing);
    this.#heard = source;
    this.#release?.();
    this.#release = null;
    if (source instanceof FakeSource) source.onClosed.add(this.#onHearing);
    this.#onHearing();
  }

  get hearing(): AudioSource | null {
    return this.#heard?.closed ? null : this.#heard;
  }

  get sending(): AudioSource | null {
    return this.packets || this.#sending ? this.hearing : null;
  }

  /** The first packet of what is carried is sent. */
  send(): void {
    this.#sending = true;
    this.#onSending();
  }

  offer(): string {
    return `offer ${this.id}`;
  }

  async take(offerSdp: string): Promise<string> {
    await this.accept(offerSdp);
    return `answer ${this.id}`;
  }

  async restartIce(): Promise<string> {
    await this.#media.pace('restart');
    return `restart offer ${this.id}`;
  }

  async accept(answerSdp: string): Promise<void> {
    if (answerSdp.includes('broken')) throw new RelayError('sdp_invalid', 'The answer is broken.');
    this.answered = answerSdp;
    await this.#media.pace('accept');
    if (this.state === 'closed') throw new RelayError('not_connected', 'The transport is closed.');
    this.accepted = true;
    this.become('connected');
    const settled = this.#settle();
    if (this.#wanted instanceof FakeRemoteSource) settled.catch(() => undefined);
    else await settled;
  }

  /** As the real one: what is no longer wanted ends at once, what is wanted begins when it can. */
  async hear(source: AudioSource | null, meanwhile: AudioSource | null = null): Promise<void> {
    this.#wanted = source;
    if (this.heard !== source && this.heard !== meanwhile) this.heard = null;
    await this.#settle();
  }

  async #settle(): Promise<void> {
    while (
      this.accepted &&
      this.#wanted &&
      !this.#wanted.closed &&
      this.heard !== this.#wanted &&
      this.state !== 'closed'
    ) {
      const source = this.#wanted;
      if (this.#media.slow) await this.#media.pace('hear');
      const isWanted = (): boolean => this.#wanted === source && !source.closed && !this.#closed();
      if (!isWanted()) continue;
      if (source instanceof FakeRemoteSource) await this.#settleRemote(source, isWanted);
      else this.heard = source;
    }
  }

  /** As the real one: what fails rejects, and is tried again by who asked; a copy that ends leaves silence. */
  async #settleRemote(source: FakeRemoteSource, isWanted: () => boolean): Promise<void> {
    let ended = false;
    let release: (() => void) | null = null;
    try {
      release = await source.lease(() => {
        ended = true;
        if (release !== null && this.#release === release) this.heard = null;
      });
    } catch (error) {
      if (isWanted()) throw error;
      return;
    }
    if (!isWanted() || ended || this.heard === source) return release();
    this.heard = source;
    this.#release = release;
  }

  #closed(): boolean {
    return this.state === 'closed';
  }

  override close(): void {
    super.close();
    this.heard = null;
  }
}

/** What takes time in real media. */
export type FakeStep = 'create' | 'answer' | 'restart' | 'produce' | 'pause' | 'resume' | 'accept' | 'hear';

export class FakeMedia implements Media {
  available = true;
  /** How many new streams and listeners there is room for. */
  places = Number.POSITIVE_INFINITY;
  /** Whether there is room for what is neither. */
  spare = true;
  readonly room: Room = this.#makeRoom();
  /** Null as on a single relay; a test of several nodes sets it. */
  nodePipes: FakeNodePipes | null = null;
  /** Answers, restarts and productions wait for this. */
  gate: Promise<void> = Promise.resolve();
  /** What each step waits for besides; a test may let it take as long as it likes, another time for each. */
  slow: ((step: FakeStep) => Promise<void>) | null = null;
  readonly publishing: FakePublishTransport[] = [];
  readonly listening: FakeListenTransport[] = [];

  #makeRoom(): Room {
    const take = (): boolean => {
      if (this.places <= 0) return false;
      this.places -= 1;
      return true;
    };
    const spare = (): boolean => this.spare;
    return {
      take,
      get spare() {
        return spare();
      },
    };
  }

  /** Holds answers back. @returns lets them go */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.gate = promise;
    return resolve;
  }

  /** Resolves when this step may go on. */
  pace(step: FakeStep): Promise<void> {
    return this.slow?.(step) ?? Promise.resolve();
  }

  /** The newest transports, by age from the end: `publish()` is the last one made. */
  publish(age = 0): FakePublishTransport {
    return nth(this.publishing, age);
  }

  listen(age = 0): FakeListenTransport {
    return nth(this.listening, age);
  }

  async createPublishTransport(events: TransportEvents): Promise<PublishTransport> {
    this.#check();
    const transport = new FakePublishTransport(this, `publish ${this.publishing.length + 1}`, events);
    this.publishing.push(transport);
    await this.pace('create');
    return transport;
  }

  async createListenTransport(events: ListenTransportEvents): Promise<ListenTransport> {
    this.#check();
    const transport = new FakeListenTransport(this, `listen ${this.listening.length + 1}`, events);
    this.listening.push(transport);
    await this.pace('create');
    return transport;
  }

  gauges(): MediaGauges {
    const open = [...this.publishing, ...this.listening].filter((transport) => transport.state !== 'closed');
    const producers = this.publishing.filter((transport) => transport.source && !transport.source.closed);
    const consumers = this.listening.filter((transport) => transport.heard && !transport.heard.closed);
    return {
      workers: this.available ? 1 : 0,
      transports: open.length,
      producers: producers.length,
      consumers: consumers.length,
    };
  }

  quality(): MediaQuality {
    const none = { loss: [], jitterMs: [], roundTripMs: [] };
    return { publish: none, listen: none };
  }

  async close(): Promise<void> {
    this.available = false;
    for (const transport of [...this.publishing, ...this.listening]) transport.close();
  }

  #check(): void {
    if (!this.available) throw new RelayError('media_unavailable', 'No media worker is running just now.');
  }
}

function nth<T>(list: T[], age: number): T {
  const found = list.at(-1 - age);
  if (!found) throw new Error('no such transport was made');
  return found;
}
