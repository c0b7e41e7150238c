import { randomUUID } from 'node:crypto';
import type { AudioWorker } from './audio-worker.ts';
import type { NodePipeTraffic, PipeAsk } from './media.ts';
import { NodeLink, type NodeLinkOptions } from './node-link.ts';
import { NodeLinks } from './node-links.ts';
import { NodePipeError } from './node-pipe-error.ts';
import { RemoteSource } from './remote-source.ts';

/** What this node hears of other nodes' sources: all from one router there to one worker here go over one link. */
export class ListeningSide {
  readonly #links = new NodeLinks();
  readonly #sources = new Set<RemoteSource>();
  readonly #options: Pick<NodeLinkOptions, 'config' | 'idleMs' | 'logger'>;
  #closed = false;

  constructor(options: Pick<NodeLinkOptions, 'config' | 'idleMs' | 'logger'>) {
    this.#options = options;
  }

  get links(): number {
    return this.#links.count;
  }

  get copies(): number {
    return [...this.#sources].reduce((sum, { copies }) => sum + copies, 0);
  }

  /** See `NodePipes.remoteSource`. */
  remoteSource(
    { node, sourceId, router }: { readonly node: string; readonly sourceId: string; readonly router: string },
    ask: PipeAsk,
  ): RemoteSource {
    const { logger } = this.#options;
    const linkTo = (worker: AudioWorker): Promise<NodeLink> => this.#link(node, router, worker);
    const source = new RemoteSource({ node, sourceId, router, ask, linkTo, logger });
    this.#sources.add(source);
    source.whenClosed(() => this.#sources.delete(source));
    if (this.#closed) source.close();
    return source;
  }

  traffic(): Promise<NodePipeTraffic> {
    return this.#links.traffic();
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    for (const source of [...this.#sources]) source.close();
    this.#links.drop(null, 'media closed');
  }

  async #link(node: string, router: string, worker: AudioWorker): Promise<NodeLink> {
    if (this.#closed) throw new NodePipeError('media_unavailable', 'The media side of the relay is closed.');
    // A worker that was started again has another router, here as there, so a dead link is never found.
    return this.#links.acquire(`${node} ${router} ${worker.router.id}`, node, (onClosed) =>
      NodeLink.create({ ...this.#options, id: randomUUID(), node, worker, onClosed }),
    );
  }
}
