import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** What is needed of an element to look at it when it was painted. */
export interface PaintedHost extends Pick<ReactiveControllerHost, 'addController' | 'requestUpdate'> {
  readonly ownerDocument: Pick<Document, 'defaultView' | 'hidden'>;
  readonly shadowRoot: Pick<ShadowRoot, 'querySelector'> | null;
}

/** Renders an element when the next frame has been painted: what was pressed is seen before what is more work. */
export class AfterPaint implements ReactiveController {
  readonly #host: PaintedHost;
  /** The window whose frame is waited for, while one is. */
  #view: Window | null = null;
  #frame = 0;
  #task: ReturnType<typeof setTimeout> | undefined;

  constructor(host: PaintedHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Idempotent. In a page that is hidden it is rendered at once: there are no frames. */
  ask(): void {
    if (this.#view) return;
    const view = this.#host.ownerDocument.defaultView;
    if (!view || this.#host.ownerDocument.hidden) {
      this.#host.requestUpdate();
      return;
    }
    this.#view = view;
    this.#frame = view.requestAnimationFrame(() => {
      this.#task = setTimeout(() => this.flush());
    });
  }

  /** Renders now what was asked for. */
  flush(): void {
    if (!this.#view) return;
    this.#end();
    this.#host.requestUpdate();
  }

  /** Something was rendered meanwhile. */
  hostUpdated(): void {
    this.#end();
  }

  hostDisconnected(): void {
    this.#end();
  }

  #end(): void {
    this.#view?.cancelAnimationFrame(this.#frame);
    clearTimeout(this.#task);
    this.#view = null;
  }
}
