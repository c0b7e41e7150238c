/** What the page may report. `online`: the network is (back) there. `leaving`: it goes away for good (not into the cache). */
export type PageEvent = 'online' | 'visible' | 'hidden' | 'leaving';

/** The page around the widgets, as far as a live connection cares. */
export interface Page {
  readonly hidden: boolean;
  /** @returns the function that ends the subscription */
  listen(listener: (event: PageEvent) => void): () => void;
}

/** The page goes into the back/forward cache, or comes out of it. */
const isPersisted = (event: Event): boolean => 'persisted' in event && event.persisted === true;

/** The real page; outside a browser it is visible and reports nothing. */
export const browserPage: Page = {
  get hidden() {
    return globalThis.document?.hidden ?? false;
  },
  listen(listener) {
    const target = globalThis.window;
    if (!target) return () => {};
    const handlers = [
      [target, 'online', () => listener('online')],
      // Back from the back/forward cache: sockets were closed, and no visibilitychange need have fired.
      [target, 'pageshow', (event: Event) => isPersisted(event) && listener('visible')],
      [target, 'pagehide', (event: Event) => isPersisted(event) || listener('leaving')],
      [target.document, 'visibilitychange', () => listener(browserPage.hidden ? 'hidden' : 'visible')],
    ] as const;
    // Without an AbortSignal: documents simulated in Node (jsdom) refuse Node's own.
    for (const [on, name, handler] of handlers) on.addEventListener(name, handler);
    return () => {
      for (const [on, name, handler] of handlers) on.removeEventListener(name, handler);
    };
  },
};
