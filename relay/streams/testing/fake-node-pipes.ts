/**
 * Pipes between nodes without sound: the same rules as the real ones, with everything that was given within reach. A node of a test
 * has one worker, so all its listeners of a remote source share one copy.
 */
import { randomUUID } from 'node:crypto';
import type {
  AudioSource,
  NodePipeGauges,
  NodePipes,
  NodePipeTraffic,
  PipeAnswer,
  PipeAsk,
  PipeRequest,
  RemoteAudioSource,
} from '../../media/media.ts';
import { NodePipeError } from '../../media/node-pipe-error.ts';

const END = { ip: '127.0.0.1', port: 45_000, srtp: { cryptoSuite: 'AEAD_AES_256_GCM', keyBase64: 'a'.repeat(60) } };

/** A source that is passed on to another node. */
export interface FakeGiven {
  readonly node: string;
  readonly link: string;
  readonly source: AudioSource;
}

/** A copy of a remote source, shared by its listeners. */
interface FakeCopy {
  readonly link: string;
  readonly opening: Promise<void>;
  readonly users: Set<() => void>;
  over: boolean;
}

export class FakeRemoteSource implements RemoteAudioSource {
  readonly id: string;
  readonly node: string;
  readonly router: string;
  closed = false;
  paused = false;
  readonly #ask: PipeAsk;
  readonly #link: () => string;
  #copy: FakeCopy | null = null;

  constructor(about: { node: string; sourceId: string; router: string }, ask: PipeAsk, link: () => string) {
    this.id = about.sourceId;
    this.node = about.node;
    this.router = about.router;
    this.#ask = ask;
    this.#link = link;
  }

  /** Copies made or being made: 0 or 1. */
  get copies(): number {
    return this.#copy === null ? 0 : 1;
  }

  async pause(): Promise<void> {
    this.paused = true;
  }

  async resume(): Promise<void> {
    this.paused = false;
  }

  takenBack(): void {
    if (this.#copy) this.#end(this.#copy);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.takenBack();
  }

  /** What a listen transport does. @param onEnd the copy ended @returns gives it up */
  async lease(onEnd: () => void): Promise<() => void> {
    const copy = this.#copy ?? this.#open();
    copy.users.add(onEnd);
    const release = (): void => {
      if (copy.users.delete(onEnd) && copy.users.size === 0) this.#end(copy);
    };
    try {
      await copy.opening;
      if (copy.over) throw new Error('The copy ended.');
      return release;
    } catch (error) {
      release();
      throw error;
    }
  }

  #open(): FakeCopy {
    const link = this.#link();
    const opening = this.#ask.open({ link, sourceId: this.id, end: END }).then(() => undefined);
    const copy: FakeCopy = { link, opening, users: new Set(), over: false };
    this.#copy = copy;
    return copy;
  }

  #end(copy: FakeCopy): void {
    if (copy.over) return;
    copy.over = true;
    if (this.#copy === copy) this.#copy = null;
    this.#ask.release(copy.link, this.id);
    const users = [...copy.users];
    copy.users.clear();
    for (const tell of users) tell();
  }
}

export class FakeNodePipes implements NodePipes {
  /** What other nodes are given now. */
  given: FakeGiven[] = [];
  /** Everything that was made by `remoteSource`, oldest first. */
  readonly remotes: FakeRemoteSource[] = [];
  /** Answers of `give` wait for this. */
  gate: Promise<void> = Promise.resolve();
  readonly #links = new Map<string, string>();

  async give(node: string, source: AudioSource, { link }: PipeRequest): Promise<PipeAnswer> {
    if (source.closed) throw new NodePipeError('not_found', 'The source has ended.');
    this.released(node, link, source.id);
    const given: FakeGiven = { node, link, source };
    this.given.push(given);
    await this.gate;
    if (source.closed || !this.given.includes(given)) throw new NodePipeError('not_found', 'It was taken back.');
    return { end: END, rtpParameters: {} };
  }

  released(node: string, link: string, sourceId: string): void {
    this.#keep((given) => given.node !== node || given.link !== link || given.source.id !== sourceId);
  }

  takeBack(node: string, source: AudioSource | null): void {
    this.#keep((given) => given.node !== node || (source !== null && given.source !== source));
  }

  routerOf(): string {
    return 'router';
  }

  remoteSource(about: { node: string; sourceId: string; router: string }, ask: PipeAsk): FakeRemoteSource {
    const remote = new FakeRemoteSource(about, ask, () => this.#linkTo(about.node));
    this.remotes.push(remote);
    return remote;
  }

  gauges(): NodePipeGauges {
    this.#keep(({ source }) => !source.closed);
    const copies = this.remotes.reduce((sum, remote) => sum + remote.copies, 0);
    const links = new Set(this.given.map(({ link }) => link));
    return { links: links.size + (copies > 0 ? 1 : 0), given: this.given.length, copies };
  }

  async traffic(): Promise<NodePipeTraffic> {
    return { sentBytes: 0, receivedBytes: 0 };
  }

  #keep(isKept: (given: FakeGiven) => boolean): void {
    this.given = this.given.filter(isKept);
  }

  #linkTo(node: string): string {
    const link = this.#links.get(node) ?? randomUUID();
    this.#links.set(node, link);
    return link;
  }
}
