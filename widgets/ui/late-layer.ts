import type { LitElement, ReactiveController } from 'lit';
import { latePart } from '../shared/late-part.ts';
import type { TopLayer, TopLayerOptions } from './top-layer.ts';

const part = latePart(() => import('./top-layer.ts'));

/** The top layer's part of an element (`TopLayer`), which is loaded when the element stands in the page: nothing lies over it before. */
export class LateLayer implements ReactiveController {
  readonly #host: LitElement;
  readonly #options: TopLayerOptions;
  #layer: TopLayer | null = null;
  #asked = false;

  constructor(host: LitElement, options: TopLayerOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  /** Where the part is to be looked for just now. */
  get root(): ParentNode {
    return this.#layer?.root ?? this.#host.renderRoot;
  }

  hostUpdated(): void {
    if (this.#asked) return;
    this.#asked = true;
    void part.get().then(({ TopLayer }) => {
      this.#layer = new TopLayer(this.#host, this.#options);
      this.#host.requestUpdate();
    });
  }
}
