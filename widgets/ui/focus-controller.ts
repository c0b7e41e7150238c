import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * Keeps the focus through a render. Moving a node drops its focus, and so does removing it: it is given back, or given to
 * what stands nearest in meaning.
 */
export class FocusController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #fallback: () => HTMLElement | null | undefined;
  #focused: HTMLElement | null = null;

  /** @param fallback what takes the focus of something that is gone */
  constructor(host: ReactiveControllerHost & HTMLElement, fallback: () => HTMLElement | null | undefined) {
    this.#host = host;
    this.#fallback = fallback;
    host.addController(this);
  }

  hostUpdate(): void {
    const active = this.#host.shadowRoot?.activeElement;
    this.#focused = active instanceof HTMLElement ? active : null;
  }

  hostUpdated(): void {
    const focused = this.#focused;
    this.#focused = null;
    if (!focused || this.#host.shadowRoot?.activeElement) return;
    (focused.isConnected ? focused : this.#fallback())?.focus({ preventScroll: true });
  }
}
