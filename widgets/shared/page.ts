/** What the page may report. `online`: the network is (back) there. `leaving`: it goes away for good (not into the cache). */
export type PageEvent = 'online' | 'visible' | 'hidden' | 'leaving';

/** The page around the widgets, as far as a live connection cares. */
export interface Page {
  readonly hidden: boolean;
  /** @returns the function that ends the subscription */
  listen(listener: (event: PageEvent) => void): () => void;
}

/** The real page; outside a browser it is visible and reports nothing. */
export const browserPage: Page = {
  get hidden() {
    return globalThis.document?.hidden ?? false;
  },
  listen(listener) {
    const controller = new AbortController();
    const { signal } = controller;
    const target = globalThis.window;
    target?.addEventListener('online', () => listener('online'), { signal });
    // Back from the back/forward cache: sockets were closed, and no visibilitychange need have fired.
    target?.addEventListener('pageshow', (event) => event.persisted && listener('visible'), { signal });
    target?.addEventListener('pagehide', (event) => event.persisted || listener('leaving'), { signal });
    target?.document.addEventListener('visibilitychange', () => listener(browserPage.hidden ? 'hidden' : 'visible'), {
      signal,
    });
    return () => controller.abort();
  },
};
