import type { Page, PageEvent } from '../page.ts';

/** A page whose events the test makes. */
export class FakePage implements Page {
  hidden = false;
  readonly listeners = new Set<(event: PageEvent) => void>();

  listen(listener: (event: PageEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(event: PageEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}
