import type { ReactiveController } from 'lit';
import type { AfterPaint, PaintedHost } from './after-paint.ts';

/** Of a roster of up to so many all rows are there, with nothing to measure. */
const ALL = 60;
/** Rows beyond either edge of what can be seen. */
const BEYOND = 5;
/** Rows before anything was measured: about a screenful; the others are made when these have been painted. */
const FIRST = 12;

/** A row to be rendered, or the room of so many that are not. */
export type Slot<T> = { readonly item: T; readonly index: number } | { readonly gap: number };

/**
 * Of hundreds of rows those that can be seen are made, with some beyond; room stands for the others. Their heights may differ: what is rendered is
 * measured, and the others are taken for as high on average. It is the list that scrolls, or whatever the host has around it.
 */
export class RowWindow implements ReactiveController {
  readonly #host: PaintedHost;
  readonly #soon: AfterPaint;
  #count = 0;
  #whole = true;
  #from = 0;
  #to = FIRST;
  /** The window that the element stands in, which may be another than the one that loaded this script. */
  #view: Window | null = null;
  #height = 60;
  #topWanted = false;
  /** What was asked and answered last: the same slots as long as nothing changed. */
  #asked: readonly unknown[] = [];
  #answer: readonly Slot<never>[] = [];
  /** The slots that were there when it was measured last. */
  #measured: readonly Slot<never>[] | null = null;

  constructor(host: PaintedHost, soon: AfterPaint) {
    this.#host = host;
    this.#soon = soon;
    host.addController(this);
  }

  /** Height of a row, in CSS pixels, as measured last. */
  get rowHeight(): number {
    return this.#height;
  }

  /** The list begins anew, as soon as it is rendered: scrolling it before would make the browser lay it out once more. */
  toTop(): void {
    this.#topWanted = true;
    this.#to -= this.#from;
    this.#from = 0;
  }

  /**
   * @param kept index of a row that stays, wherever the list is scrolled to: it has the focus. -1: none
   * @param total of the roster: what a search leaves of hundreds comes and goes with each key, and is not made as a whole either
   */
  slots<T>(items: readonly T[], kept: number, total: number): readonly Slot<T>[] {
    this.#whole = total <= ALL;
    const asked = [items, kept, this.#whole, this.#from, this.#to, this.#height];
    if (asked.every((one, index) => one === this.#asked[index])) return this.#answer;
    this.#asked = asked;
    const answer = this.#slots(items, kept);
    this.#answer = answer as readonly Slot<never>[];
    return answer;
  }

  #slots<T>(items: readonly T[], kept: number): readonly Slot<T>[] {
    const count = items.length;
    this.#count = count;
    if (this.#whole) return items.map((item, index) => ({ item, index }));
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
    if (this.#topWanted) this.#host.shadowRoot?.querySelector('.list')?.scrollTo(0, 0);
    this.#topWanted = false;
    if (this.#answer === this.#measured) return;
    this.#measured = this.#answer;
    this.measure();
  }

  /** Looks at what can be seen, and renders when rows come near that are not there. */
  readonly measure = (): void => {
    const list = this.#host.shadowRoot?.querySelector('.list');
    if (this.#whole || !list) return;
    const height = heightOf(list);
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
    const missing = first < this.#from || last > this.#to;
    this.#height = height;
    this.#from = Math.max(0, first - BEYOND);
    this.#to = last + BEYOND;
    if (missing) this.#host.requestUpdate();
    // What nobody sees yet comes after what is seen.
    else this.#soon.ask();
  };
}

/** Of a line on average, in CSS pixels: two of them are asked, however many there are, since each question may make the browser lay out. */
function heightOf(list: Element): number {
  // The longest run of lines with no room between them.
  let run: HTMLElement[] = [];
  let longest = run;
  for (const line of list.children as HTMLCollectionOf<HTMLElement>) {
    if (line.matches('[role=presentation]')) run = [];
    else run.push(line);
    if (run.length > longest.length) longest = run;
  }
  const [first, last] = [longest[0], longest.at(-1)];
  return first && last ? (last.offsetTop + last.offsetHeight - first.offsetTop) / longest.length : 0;
}
