import { ProducerSource } from './audio-source.ts';
import type { AudioSource, NodePipeTraffic, PipeAnswer, PipeEnd } from './media.ts';
import { NodeLink, type NodeLinkOptions } from './node-link.ts';
import { NodeLinks } from './node-links.ts';
import { NodePipeError } from './node-pipe-error.ts';
import { readPipeRequest } from './pipe-messages.ts';
import { Steps } from './steps.ts';

/** Links that are closed are known for long enough that a late request does not make another one of the same name. */
const CLOSED_LINKS_KEPT = 1_000;

interface Given {
  readonly node: string;
  readonly link: string;
  readonly source: ProducerSource;
  readonly steps: Steps;
}

/** What this node passes on of its own sources: to whom, over which link. */
export class HomeSide {
  readonly #links = new NodeLinks();
  readonly #given = new Set<Given>();
  /** Names of links that were closed, oldest first. */
  readonly #past = new Set<string>();
  readonly #options: Pick<NodeLinkOptions, 'config' | 'idleMs' | 'logger'>;
  #closed = false;

  constructor(options: Pick<NodeLinkOptions, 'config' | 'idleMs' | 'logger'>) {
    this.#options = options;
  }

  get links(): number {
    return this.#links.count;
  }

  get given(): number {
    return this.#given.size;
  }

  /** See `NodePipes.give`. */
  async give(node: string, source: AudioSource, given: unknown): Promise<PipeAnswer> {
    if (!(source instanceof ProducerSource)) throw new TypeError('The source does not live at this node.');
    const { link, sourceId, end } = readPipeRequest(given);
    if (sourceId !== source.id) throw new NodePipeError('bad_request', 'The request is for another source.');
    if (this.#closed || source.closed) throw gone();
    this.released(node, link, source.id);
    const gift: Given = { node, link, source, steps: new Steps() };
    this.#given.add(gift);
    gift.steps.done(() => this.#given.delete(gift));
    try {
      return await this.#pass(gift, end);
    } catch (error) {
      const wasOver = gift.steps.over;
      gift.steps.undo();
      throw explain(error, wasOver || source.closed);
    }
  }

  released(node: string, link: string, sourceId: string): void {
    this.#end((given) => given.node === node && given.link === link && given.source.id === sourceId);
  }

  takeBack(node: string, source: AudioSource | null): void {
    this.#end((given) => given.node === node && (source === null || given.source === source));
    if (source === null) this.#links.drop(node, 'taken back');
  }

  traffic(): Promise<NodePipeTraffic> {
    return this.#links.traffic();
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.#end(() => true);
    this.#links.drop(null, 'media closed');
  }

  async #pass({ node, link: id, source, steps }: Given, end: PipeEnd): Promise<PipeAnswer> {
    const link = await this.#link(node, id, source);
    steps.done(link.hold());
    // Both requests at once; the worker takes them in this order, so nothing is sent before it is known to whom.
    const connecting = link.connect(end);
    connecting.catch(() => undefined);
    const consumer = await link.transport.consume({ producerId: source.id });
    const forget = source.whenClosed(() => steps.undo());
    steps.done(() => {
      forget();
      // With its source or link a consumer ends by itself; closing it then would be a request for one that is gone.
      if (!source.closed && !link.closed) consumer.close();
    });
    consumer.on('transportclose', () => steps.undo());
    await connecting;
    steps.assertGoing();
    this.#options.logger.info({ producer: source.id, node, link: id }, 'source passed on to another node');
    return { end: link.end, rtpParameters: consumer.rtpParameters };
  }

  async #link(node: string, id: string, source: ProducerSource): Promise<NodeLink> {
    const key = `${node} ${id}`;
    if (this.#past.has(key)) throw new NodePipeError('link_closed', 'This link is closed; make another.');
    const link = await this.#links.acquire(key, node, (onClosed) =>
      NodeLink.create({
        ...this.#options,
        id,
        node,
        worker: source.worker,
        onClosed: (closed) => {
          this.#remember(key);
          onClosed(closed);
        },
      }),
    );
    if (link.worker !== source.worker)
      throw new NodePipeError('link_closed', 'This link is to another router than the source’s; make another.');
    return link;
  }

  #end(isMeant: (given: Given) => boolean): void {
    for (const given of [...this.#given]) {
      if (!isMeant(given)) continue;
      given.steps.undo();
      const { node, link, source } = given;
      this.#options.logger.info({ producer: source.id, node, link }, 'source passed on no more');
    }
  }

  #remember(key: string): void {
    this.#past.add(key);
    if (this.#past.size <= CLOSED_LINKS_KEPT) return;
    for (const oldest of this.#past) {
      this.#past.delete(oldest);
      return;
    }
  }
}

function gone(cause?: unknown): NodePipeError {
  return new NodePipeError('not_found', 'There is no such source, or it was taken back.', { cause });
}

/** What the other node can act on. */
function explain(error: unknown, isGone: boolean): unknown {
  if (isGone) return gone(error);
  if (error instanceof NodePipeError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new NodePipeError('media_unavailable', `The source cannot be passed on just now: ${why}.`, { cause: error });
}
