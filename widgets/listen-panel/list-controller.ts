import type { ReactiveController, ReactiveControllerHost, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Words } from '../i18n/words.ts';
import type { PanelPolicy } from '../policy/panel-policy.ts';
import type { Commercial, ListeningState } from '../sessions/state.ts';
import { AfterPaint } from './after-paint.ts';
import { arrange, type Choice, type Filter, type Item, isGroup } from './arrange.ts';
import { commercialList } from './commercial-list.ts';
import { emptyWords } from './first-view.ts';
import { HeldOrder } from './held-order.ts';
import {
  NO_PREFERENCES,
  type Preferences,
  rememberedPreferences,
  rememberPreferences,
  toggled,
} from './preferences.ts';
import { RowKeys } from './row-keys.ts';
import { RowWindow } from './row-window.ts';
import { haystack, noMatch } from './view.ts';

/** After the last touch of the list its order holds for this long: a finger has no hovering. */
const TOUCH_HOLDS_MS = 2000;

/** What the list needs of the panel. */
export interface ListOptions {
  /** The headphones were pressed. */
  toggle(id: string): void;
  /** Headphones are likely to be pressed. */
  warm(): void;
}

/** The list of the panel: whom it shows, in which order, which rows are there, and which of them is its tab stop. */
export class ListController implements ReactiveController {
  query = '';
  filter: Filter = 'all';
  preferences: Preferences = NO_PREFERENCES;
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #options: ListOptions;
  readonly #soon: AfterPaint;
  readonly #window: RowWindow;
  readonly #held = new HeldOrder();
  readonly #keys = new RowKeys();
  #userId: string | null = null;
  #asked: readonly unknown[] = [];
  #arranged: readonly Item[] = [];
  /** The lines that are shown. */
  #items: readonly Item[] = [];
  /** The tab stop of the list: the line that had the focus last. */
  #activeId: string | null = null;
  /** Whose further buttons are shown. */
  #openId: string | null = null;
  #focusWanted = false;
  #isRead = false;
  /** Where the list began before a rendering, while nothing in it may move. */
  #top: number | undefined;
  /** Whether what has the focus could be seen before a rendering. */
  #focusSeen = false;
  /** What stands above the list, by name. */
  readonly #above = new Map<string, boolean>();
  #hovered = false;
  #focused = false;
  #touched: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, options: ListOptions) {
    this.#host = host;
    this.#options = options;
    this.#soon = new AfterPaint(host);
    this.#window = new RowWindow(host, this.#soon);
    host.addController(this);
  }

  /** The lines that are shown, in their order. */
  get items(): readonly Item[] {
    return this.#items;
  }

  /** The line that is the list's tab stop. */
  get activeId(): string | null {
    return this.#activeId;
  }

  /** Whether something stands above the list: as before while no row may move. A list too short to be scrolled could not make up for it. */
  above(name: string, wanted: boolean): boolean {
    const stands = (this.#holding ? this.#above.get(name) : undefined) ?? wanted;
    this.#above.set(name, stands);
    return stands;
  }

  /** Another filter: the list begins anew. */
  choose(choice: Partial<Pick<Choice, 'query' | 'filter'>>): void {
    this.#begin(choice);
    this.#host.requestUpdate();
  }

  /** Another query: its field is painted first, with the letter, and the list follows in a task of its own. */
  search(query: string): void {
    this.#begin({ query });
    this.#soon.ask();
  }

  /** Renders at once what was to follow. */
  flush(): void {
    this.#soon.flush();
  }

  #begin(choice: Partial<Pick<Choice, 'query' | 'filter'>>): void {
    Object.assign(this, choice);
    this.#held.release();
    this.#window.toTop();
    this.#keys.begin();
  }

  /** Empties the search field. @returns whether something stood in it */
  clear(): boolean {
    if (this.query === '') return false;
    this.choose({ query: '' });
    return true;
  }

  /** Remembered for the user. */
  prefer(preferences: Partial<Preferences>): void {
    this.preferences = { ...this.preferences, ...preferences };
    if (this.#userId !== null) rememberPreferences(this.#userId, this.preferences);
    // The order, and what is folded, was asked for; a pin moves its row when pointer and focus have left.
    if (!preferences.pins) this.#held.release();
    this.#host.requestUpdate();
  }

  /** Gives the focus to a line, wherever it is. */
  focus(id: string | undefined): void {
    if (id === undefined) return;
    this.#activeId = id;
    this.#focusWanted = true;
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    this.#top = this.#holding ? this.#list?.getBoundingClientRect().top : undefined;
    this.#focusSeen = this.#focused && this.#seesFocus();
  }

  hostUpdated(): void {
    const list = this.#list;
    if (!list) this.#hovered = this.#focused = false;
    // A strip that comes or goes above the list must not move the rows either.
    else if (this.#top !== undefined) list.scrollTop += list.getBoundingClientRect().top - this.#top;
    // Nor may what has the focus be lost where the rows above it turn out to be higher than they were taken for.
    if (this.#focusSeen && !this.#seesFocus()) this.#focusedButton()?.scrollIntoView({ block: 'nearest' });
    if (!this.#focusWanted) return;
    this.#focusWanted = false;
    this.#list?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }

  hostDisconnected(): void {
    clearTimeout(this.#touched);
    this.#hovered = this.#focused = false;
    this.#touched = undefined;
  }

  /** The list, or words where there is nobody. */
  render(
    state: ListeningState,
    pendingId: string | null,
    words: Words,
    policy: PanelPolicy | null = null,
  ): TemplateResult {
    this.#forUser(state.userId);
    const { query, filter, preferences } = this;
    const { commercials } = state;
    this.#read(commercials);
    const asked = [commercials, query, filter, preferences];
    if (asked.some((one, index) => one !== this.#asked[index])) {
      this.#asked = asked;
      this.#arranged = arrange(commercials, { query, filter, ...preferences });
    }
    const { items, changes } = this.#held.show(this.#arranged, commercials, this.#holding);
    this.#items = items;
    if (items.length === 0) {
      const none = commercials.length > 0 ? noMatch(query, words) : emptyWords(state, words);
      return html`<p class="words">${none}</p>`;
    }
    const active = this.#activeIndex(items, state.selectedId);
    const slots = this.#window.slots(items, active, commercials.length);
    const { selectedId, status, online } = state;
    const focusId = items[active]?.id ?? '';
    return html`<div
      class="body"
      @pointerover=${this.#onPointer}
      @pointerdown=${this.#onPointer}
      @pointerleave=${this.#onLeave}
      @focusin=${this.#onFocus}
      @focusout=${this.#onBlur}
    >
      ${guard(
        // The list is not rendered for what it does not show, such as the seconds of the dock's clock.
        [slots, focusId, this.#openId, preferences, selectedId, status, online, pendingId, words, policy, state.policy],
        () =>
          commercialList(
            {
              slots,
              keys: this.#keys.of(slots.flatMap((slot) => ('gap' in slot ? [] : slot.item.id))),
              count: items.length,
              rowHeight: this.#window.rowHeight,
              focusId,
              openId: this.#openId,
              pendingId,
              preferences,
              policy,
            },
            state,
            words,
            this.#actions,
          ),
      )}
      ${
        changes > 0
          ? html`<button class="changes chip" part="changes" @click=${this.#apply}>${words('changes', { n: changes })}</button>`
          : nothing
      }
    </div>`;
  }

  /** Hundreds are read for the search while the browser has nothing else to do, not at the first key (where browsers tell when: not Safari). */
  #read(commercials: readonly Commercial[]): void {
    const view = this.#host.ownerDocument.defaultView;
    if (this.#isRead || commercials.length < 60 || !view?.requestIdleCallback) return;
    this.#isRead = true;
    let next = 0;
    const step = (deadline: IdleDeadline): void => {
      for (let one = commercials[next]; one && deadline.timeRemaining() > 1; one = commercials[next]) {
        haystack(one);
        next += 1;
      }
      if (next < commercials.length) view.requestIdleCallback(step);
    };
    view.requestIdleCallback(step);
  }

  get #list(): HTMLElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.list');
  }

  #focusedButton(): Element | null {
    return this.#list?.querySelector(':focus') ?? null;
  }

  #seesFocus(): boolean {
    const button = this.#focusedButton()?.getBoundingClientRect();
    const list = this.#list?.getBoundingClientRect();
    return button !== undefined && list !== undefined && button.top < list.bottom && button.bottom > list.top;
  }

  get #holding(): boolean {
    return this.#hovered || this.#focused || this.#touched !== undefined;
  }

  /** What was remembered belongs to who it was that chose. */
  #forUser(userId: string | null): void {
    if (userId === this.#userId) return;
    this.#userId = userId;
    this.preferences = userId === null ? NO_PREFERENCES : rememberedPreferences(userId);
  }

  #activeIndex(items: readonly Item[], selectedId: string | null): number {
    for (const id of [this.#activeId, selectedId]) {
      const index = id === null ? -1 : items.findIndex((item) => item.id === id);
      if (index >= 0) return index;
    }
    return 0;
  }

  readonly #actions = {
    toggle: (id: string) => this.#options.toggle(id),
    warm: () => this.#options.warm(),
    scrolled: () => this.#window.measure(),
    open: (id: string) => {
      this.#openId = id === this.#openId ? null : id;
      this.#host.requestUpdate();
    },
    fold: (team: string) => this.prefer({ folded: toggled(this.preferences.folded, team) }),
    pin: (id: string) => this.prefer({ pins: toggled(this.preferences.pins, id) }),
    watch: (id: string) => this.prefer({ watched: toggled(this.preferences.watched, id) }),
    sound: () => this.prefer({ sound: !this.preferences.sound }),
  };

  readonly #onPointer = ({ pointerType }: PointerEvent): void => {
    if (pointerType === 'touch') {
      clearTimeout(this.#touched);
      this.#touched = setTimeout(() => {
        this.#touched = undefined;
        this.#host.requestUpdate();
      }, TOUCH_HOLDS_MS);
    } else this.#hovered = true;
  };

  readonly #onLeave = (): void => {
    this.#hovered = false;
    this.#host.requestUpdate();
  };

  readonly #onFocus = ({ target }: FocusEvent): void => {
    if (!(target instanceof HTMLElement)) return;
    // The focus that a mouse leaves behind keeps nothing: the mouse has gone on.
    this.#focused = target.matches(':focus-visible');
    const { id } = target.dataset;
    if (id === undefined || id === this.#activeId) return;
    this.#activeId = id;
    this.#host.requestUpdate();
  };

  readonly #onBlur = ({ relatedTarget, currentTarget }: FocusEvent): void => {
    if (relatedTarget instanceof Node && currentTarget instanceof Node && currentTarget.contains(relatedTarget)) return;
    this.#focused = false;
    this.#host.requestUpdate();
  };

  /** The changes that were held back; the focus goes back to its row. */
  readonly #apply = (): void => {
    this.#held.release();
    if (this.#focused) this.focus(this.#items[this.#activeIndex(this.#items, null)]?.id);
    this.#host.requestUpdate();
  };
}

/** The commercials among the lines. */
export function commercialsOf(items: readonly Item[]): readonly Commercial[] {
  return items.filter((item): item is Commercial => !isGroup(item));
}
