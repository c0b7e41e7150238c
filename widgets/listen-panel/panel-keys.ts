import { foldText } from '../shared/fold-text.ts';
import { type Item, isGroup } from './arrange.ts';

/** The list that the keys go through. */
export interface KeyList {
  /** The lines of the list, in their order. */
  readonly items: readonly Item[];
  /** The line that has the focus, or had it last. */
  readonly activeId: string | null;
  /** Gives the focus to this line. */
  focus(id: string | undefined): void;
  /** Empties the search field. @returns whether something stood in it */
  clear(): boolean;
}

/** What the keys do. */
export interface KeyActions {
  /** @returns whether there was something to search in */
  search(): boolean;
  /** Sound off or on. @returns whether somebody is heard, whose sound it is */
  mute(): boolean;
  /** Ends the round, or else the listening. */
  stop(): void;
  help(): void;
}

/** Letters belong together while no more than this is between them. */
const TOGETHER_MS = 800;

/**
 * The keys of the panel. They act only while the focus is inside of it (WCAG 2.2, 2.1.4), and letters never in a field.
 */
export class PanelKeys {
  readonly #list: KeyList;
  readonly #actions: KeyActions;
  #typed = '';
  #typedAt = Number.NEGATIVE_INFINITY;

  constructor(list: KeyList, actions: KeyActions) {
    this.#list = list;
    this.#actions = actions;
  }

  readonly handle = (event: KeyboardEvent): void => {
    const [target] = event.composedPath();
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!(target instanceof Element) || target.closest('dialog')) return;
    const { key } = event;
    const done = target.matches('input,select,textarea')
      ? this.#inField(key, target)
      : this.#anywhere(key) || (target.closest('.list') !== null && this.#inList(key, target, event.timeStamp));
    if (done) event.preventDefault();
  };

  #inField(key: string, field: Element): boolean {
    const list = this.#list;
    if (key === 'Escape') {
      if (!list.clear()) this.#actions.stop();
      return true;
    }
    if (key !== 'ArrowDown' || !field.matches('[type=search]')) return false;
    list.focus(list.items[0]?.id);
    return true;
  }

  #anywhere(key: string): boolean {
    const { search, stop, help } = this.#actions;
    if (key === 'Escape') stop();
    else if (key === '?') help();
    else return key === '/' && search();
    return true;
  }

  #inList(key: string, target: Element, now: number): boolean {
    const { items: lines, activeId } = this.#list;
    const at = lines.findIndex(({ id }) => id === activeId);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 }[key];
    if (to !== undefined) {
      this.#list.focus(lines[Math.max(0, Math.min(lines.length - 1, to))]?.id);
      return true;
    }
    if (key === 'ArrowLeft' || key === 'ArrowRight') return sideways(target, key);
    const more = now - this.#typedAt < TOGETHER_MS && this.#typed !== '';
    if (!/^[\p{L}\p{N}]$/u.test(key)) return false;
    if (!more && /^m$/i.test(key) && this.#actions.mute()) return true;
    this.#typed = foldText((more ? this.#typed : '') + key);
    this.#typedAt = now;
    // One letter again goes to the next one; more letters may still mean this one.
    const from = this.#typed.length > 1 ? at : at + 1;
    const around = [...lines.slice(Math.max(0, from)), ...lines.slice(0, Math.max(0, from))];
    this.#list.focus(around.find((item) => nameOf(item).startsWith(this.#typed))?.id);
    return true;
  }
}

const nameOf = (item: Item): string => foldText(isGroup(item) ? item.team : item.name || item.id);

/** To the next button of the same row, in the direction of the arrow. */
function sideways(target: Element, key: 'ArrowLeft' | 'ArrowRight'): boolean {
  const buttons: Element[] = [...(target.closest('li')?.querySelectorAll('button') ?? [])];
  const forward =
    (key === 'ArrowRight') === (target.ownerDocument.defaultView?.getComputedStyle(target).direction === 'ltr');
  const next = buttons[buttons.indexOf(target) + (forward ? 1 : -1)];
  if (next instanceof HTMLElement) next.focus();
  return next !== undefined;
}
