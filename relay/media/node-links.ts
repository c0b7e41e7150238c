import type { NodePipeTraffic } from './media.ts';
import type { NodeLink } from './node-link.ts';
import { NodePipeError } from './node-pipe-error.ts';

interface Entry {
  readonly node: string;
  readonly making: Promise<NodeLink>;
  link: NodeLink | null;
}

/** The links of one side of this node, each made once, also when it is needed twice at the same time. */
export class NodeLinks {
  readonly #entries = new Map<string, Entry>();
  /** Of links that are closed. */
  readonly #past: NodePipeTraffic = { sentBytes: 0, receivedBytes: 0 };

  /** Open ones, those being made included. */
  get count(): number {
    return this.#entries.size;
  }

  /**
   * The link of this name, made when there is none. What it is held by must be said without an await after this.
   * @param make gets what to call when the link closes @throws NodePipeError media_unavailable, link_closed
   */
  acquire(
    key: string,
    node: string,
    make: (onClosed: (link: NodeLink) => void) => Promise<NodeLink>,
  ): Promise<NodeLink> {
    const known = this.#entries.get(key);
    if (known !== undefined) return known.making;
    const making = make((closed) => this.#forget(key, entry, closed)).then(
      (link) => {
        // Dropped while it was being made.
        if (this.#entries.get(key) !== entry) {
          link.close('not needed any more');
          throw new NodePipeError('link_closed', 'The link was closed while it was being made.');
        }
        entry.link = link;
        return link;
      },
      (error: unknown) => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
        throw error;
      },
    );
    const entry: Entry = { node, making, link: null };
    this.#entries.set(key, entry);
    return making;
  }

  /** Closes all to this node (null: to every node), those being made included. @param why for the log */
  drop(node: string | null, why: string): void {
    for (const [key, entry] of [...this.#entries]) {
      if (node !== null && entry.node !== node) continue;
      this.#entries.delete(key);
      entry.link?.close(why);
    }
  }

  /** What all have carried since the beginning; of a link that is cut off, up to when it was read last. */
  async traffic(): Promise<NodePipeTraffic> {
    const open = (): NodeLink[] => [...this.#entries.values()].flatMap(({ link }) => link ?? []);
    await Promise.all(open().map((link) => link.readCarried()));
    return open().reduce((sum, { carried }) => add(sum, carried), { ...this.#past });
  }

  #forget(key: string, entry: Entry, link: NodeLink): void {
    Object.assign(this.#past, add(this.#past, link.carried));
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}

function add(a: NodePipeTraffic, b: NodePipeTraffic): NodePipeTraffic {
  return { sentBytes: a.sentBytes + b.sentBytes, receivedBytes: a.receivedBytes + b.receivedBytes };
}
