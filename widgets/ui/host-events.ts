import type { ProspectEvent } from '../events/prospect-events.ts';

/**
 * Dispatches an element's events. An element that is removed while it is live still has its end to tell, but what it dispatches reaches nobody outside of what was
 * removed with it: such an event is told a second time, from the nearest place that is still in the document, so that a listener at a container or at the
 * document hears it. Nobody hears one twice: the two paths have no node in common.
 */
export class HostEvents {
  readonly #host: HTMLElement;
  /** Where the element stood, from the inside out. */
  #ancestors: readonly Node[] = [];

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** The element entered a document, or another place of it. */
  connected(): void {
    const ancestors: Node[] = [];
    let node = above(this.#host);
    while (node) {
      ancestors.push(node);
      node = above(node);
    }
    this.#ancestors = ancestors;
  }

  /** @param make the event; called a second time when it must be told a second time */
  dispatch(make: () => ProspectEvent<object>): void {
    const host = this.#host;
    const send = (target: EventTarget): void => {
      const event = make();
      event.source = host;
      target.dispatchEvent(event);
    };
    // First: listeners of the element may move or remove it.
    const left = host.isConnected ? undefined : this.#ancestors.find((node) => node.isConnected);
    send(host);
    if (left) send(left);
  }
}

/** The parent; of a shadow root its host. */
export const above = (node: Node): Node | null => node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null;
