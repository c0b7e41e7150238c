import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Up to so many rows are all there, with nothing to measure. */
const ALL = 60;
/** Rows beyond either edge of what can be seen. */
const BEYOND = 8;
/** Rows before anything was measured: more than most windows show. */
const FIRST = 24;

/** A row to be rendered, or the room of so many that are not. */
export type Slot<T> = { readonly item: T; readonly index: number } | { readonly gap: number };

/**
 * Of hundreds of rows those that can be seen are made, with some beyond; room stands for the others. Their heights may differ: what is rendered is
 * measured, and the others are taken for as high on average. It is the list that scrolls, or whatever the host has around it.
 */
export class RowWindow implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #count = 0;
  #from = 0;
  #to = FIRST;
  /** The window that the element stands in, which may be another than the one that loaded this script. */
  #view: Window | null = null;
  #height = 60;
  /** What was asked and answered last: the same slots as long as nothing changed. */
  #asked: readonly unknown[] = [];
  #answer: readonly Slot<never>[] = [];

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  /** Height of a row, in CSS pixels, as measured last. */
  get rowHeight(): number {
    return this.#height;
  }

  /** @param kept index of a row that stays, wherever the list is scrolled to: it has the focus. -1: none */
  slots<T>(items: readonly T[], kept: number): readonly Slot<T>[] {
    const asked = [items, kept, this.#from, this.#to, this.#height];
    if (asked.every((one, index) => one === this.#asked[index])) return this.#answer;
    this.#asked = asked;
    const answer = this.#slots(items, kept);
    this.#answer = answer as readonly Slot<never>[];
    return answer;
  }

  #slots<T>(items: readonly T[], kept: number): readonly Slot<T>[] {
    const count = items.length;
    this.#count = count;
    if (count <= ALL) return items.map((item, index) => ({ item, index }));
    const to = Math.min(this.#to, count);
    const from = Math.max(0, Math.min(this.#from, to - FIRST));
    const slots: Slot<T>[] = [];
    let next = 0;
    const add = (begin: number, end: number) => {
      if (begin > next) slots.push({ gap: begin - next });
      for (const [offset, item] of items.slice(begin, end).entries()) slots.push({ item, index: begin + offset });
      next = end;
    };
    if (kept >= 0 && kept < from) add(kept, kept + 1);
    add(from, to);
    if (kept >= to) add(kept, kept + 1);
    if (next < count) slots.push({ gap: count - next });
    return slots;
  }

  hostConnected(): void {
    // Scrolling does not bubble, but is captured; that of the list itself is heard by the list.
    this.#view = this.#host.ownerDocument.defaultView;
    this.#view?.addEventListener('scroll', this.measure, { capture: true, passive: true });
    this.#view?.addEventListener('resize', this.measure);
  }

  hostDisconnected(): void {
    this.#view?.removeEventListener('scroll', this.measure, { capture: true });
    this.#view?.removeEventListener('resize', this.measure);
  }

  hostUpdated(): void {
    this.measure();
  }

  /** Looks at what can be seen, and renders when rows come near that are not there. */
  readonly measure = (): void => {
    const list = this.#host.shadowRoot?.querySelector('.list');
    if (this.#count <= ALL || !list) return;
    const rows = [...list.querySelectorAll<HTMLElement>('.row')];
    const height = rows.reduce((sum, { offsetHeight }) => sum + offsetHeight, 0) / (rows.length || 1);
    const { top } = list.getBoundingClientRect();
    if (height === 0) return;
    const seen = list.scrollTop + Math.max(0, -top);
    const end = list.scrollTop + Math.max(0, Math.min(list.clientHeight, (this.#view?.innerHeight ?? 0) - top));
    const first = Math.floor(seen / height);
    const last = Math.min(Math.ceil(end / height), this.#count);
    const enough =
      first - this.#from >= Math.min(BEYOND / 2, first) && this.#to - last >= Math.min(BEYOND / 2, this.#count - last);
    const sparing = this.#to - this.#from <= last - first + 4 * BEYOND;
    if (enough && sparing && Math.abs(height - this.#height) < 2) return;
    this.#height = height;
    this.#from = Math.max(0, first - BEYOND);
    this.#to = last + BEYOND;
    this.#host.requestUpdate();
  };
}
