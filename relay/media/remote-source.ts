import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import type { AudioWorker } from './audio-worker.ts';
import type { PipeAsk, RemoteAudioSource } from './media.ts';
import type { NodeLink } from './node-link.ts';
import { NodePipeError } from './node-pipe-error.ts';
import { readPipeAnswer } from './pipe-messages.ts';
import { type PipeLease, SharedCopy } from './shared-copy.ts';

/** A copy over which nothing came for this long is worth a word in the log. */
const SILENT_MS = 5_000;

/** What a remote source is made with. */
export interface RemoteSourceOptions {
  readonly node: string;
  readonly sourceId: string;
  /** The router at its home. */
  readonly router: string;
  readonly ask: PipeAsk;
  /** The link from that router to this worker, made when there is none. */
  readonly linkTo: (worker: AudioWorker) => Promise<NodeLink>;
  readonly logger: Logger;
}

/** A source that lives at another node, with one copy for each worker of this node that has listeners of it. */
export class RemoteSource implements RemoteAudioSource {
  readonly id: string;
  readonly node: string;
  readonly #options: RemoteSourceOptions;
  readonly #logger: Logger;
  /** By the listening worker's router. */
  readonly #copies = new Map<string, SharedCopy>();
  readonly #producers = new Set<types.Producer>();
  readonly #onClosed = new Set<() => void>();
  #paused = false;
  #closed = false;

  constructor(options: RemoteSourceOptions) {
    this.id = options.sourceId;
    this.node = options.node;
    this.#options = options;
    this.#logger = options.logger.child({ producer: this.id, node: this.node });
  }

  get closed(): boolean {
    return this.#closed;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Copies that exist or are being made. */
  get copies(): number {
    return this.#copies.size;
  }

  async pause(): Promise<void> {
    this.#paused = true;
    await this.#follow();
  }

  async resume(): Promise<void> {
    this.#paused = false;
    await this.#follow();
  }

  takenBack(): void {
    this.#endCopies('taken back');
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const tell of [...this.#onClosed]) tell();
    this.#onClosed.clear();
    this.#endCopies('source ended');
  }

  /** Called once, at once, when it closes. @returns forgets it */
  whenClosed(tell: () => void): () => void {
    this.#onClosed.add(tell);
    return () => this.#onClosed.delete(tell);
  }

  /** The copy on this worker, made when there is none. @param onEnd it ended by itself before it was released @throws Error when the source has ended */
  lease(to: AudioWorker, onEnd: () => void): PipeLease {
    if (this.#closed) throw new Error('The source has ended.');
    const key = to.router.id;
    let copy = this.#copies.get(key);
    if (copy === undefined) {
      copy = new SharedCopy(
        (made) => this.#make(made, to),
        this.#logger.child({ to: to.index }),
        (closed) => {
          if (this.#copies.get(key) === closed) this.#copies.delete(key);
        },
      );
      this.#copies.set(key, copy);
    }
    return copy.lease(onEnd);
  }

  /** Over the link that there is, or over a fresh one when the home has closed that one. */
  async #make(copy: SharedCopy, to: AudioWorker): Promise<types.Producer> {
    const link = await this.#options.linkTo(to);
    try {
      return await this.#makeOver(link, copy, to);
    } catch (error) {
      if (copy.steps.over || !(error instanceof NodePipeError) || error.code !== 'link_closed') throw error;
      link.close('closed by the other node');
      // It may have made another one of this name by mistake.
      this.#options.ask.release(link.id, this.id);
    }
    return this.#makeOver(await this.#options.linkTo(to), copy, to);
  }

  async #makeOver(link: NodeLink, copy: SharedCopy, to: AudioWorker): Promise<types.Producer> {
    const { steps } = copy;
    steps.done(link.hold());
    // Before the answer: whoever loses interest meanwhile, or gets none, must not leave it open at the home.
    steps.done(() => this.#options.ask.release(link.id, this.id));
    const answer = await this.#options.ask.open({ link: link.id, sourceId: this.id, end: link.end });
    steps.assertGoing();
    const { end, rtpParameters } = readPipeAnswer(answer, to.router.rtpCapabilities.headerExtensions ?? []);
    const connecting = link.connect(end);
    connecting.catch(() => undefined);
    const paused = this.#paused;
    const producer = await link.transport.produce({ kind: 'audio', rtpParameters, paused });
    steps.done(() => {
      this.#producers.delete(producer);
      if (!link.closed) producer.close();
    });
    this.#producers.add(producer);
    producer.on('transportclose', () => copy.close('link closed'));
    await connecting;
    if (this.#paused !== paused) await this.#follow();
    this.#watch(producer, copy, end);
    return producer;
  }

  /** Requests reach a worker in the order in which they were made, so the last one asked for wins. */
  async #follow(): Promise<void> {
    const paused = this.#paused;
    await Promise.all(
      [...this.#producers].map(async (producer) => {
        try {
          await (paused ? producer.pause() : producer.resume());
        } catch (error) {
          if (!producer.closed) throw error;
        }
      }),
    );
  }

  #endCopies(why: string): void {
    for (const copy of [...this.#copies.values()]) copy.close(why);
  }

  /** "Signalling works, audio does not" has one usual cause between nodes, which the log should name. */
  #watch(producer: types.Producer, copy: SharedCopy, { ip, port }: { ip: string; port: number }): void {
    const timer = setTimeout(async () => {
      const stats = await producer.getStats().catch(() => null);
      if (copy.steps.over || this.#paused || stats === null || stats.some(({ packetCount }) => packetCount > 0)) return;
      this.#logger.warn(
        { from: `${ip}:${port}` },
        `nothing has come over a pipe for ${SILENT_MS / 1000} s: if that person speaks, UDP from the other node does not get through`,
      );
    }, SILENT_MS);
    copy.steps.done(() => clearTimeout(timer));
  }
}
