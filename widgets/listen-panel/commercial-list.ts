import type { TemplateResult } from 'lit';
import { html } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Words } from '../i18n/words.ts';
import type { PanelPolicy } from '../policy/panel-policy.ts';
import type { ListeningState } from '../sessions/state.ts';
import { icon } from '../ui/icons.ts';
import { type Group, type Item, isGroup } from './arrange.ts';
import { commercialRow, type RowChoices } from './commercial-row.ts';
import type { Preferences } from './preferences.ts';
import type { Slot } from './row-window.ts';
import { rowView } from './view.ts';

/** What the list asks for. */
export interface ListActions extends RowActions {
  /** Headphones are likely to be pressed: pointer over them, or focus. */
  warm(): void;
  /** Other rows may be seen. */
  scrolled(): void;
}

/** What is pressed in a line, by the name of its button's `data-do`. */
export interface RowActions {
  /** The headphones of this commercial. */
  toggle(id: string): void;
  /** Further buttons of this row, or no longer. */
  open(id: string): void;
  /** The heading of this team. */
  fold(team: string): void;
  pin(id: string): void;
  watch(id: string): void;
  sound(id: string): void;
}

/** How the list stands. */
export interface ListView {
  /** The lines that are there: see `RowWindow`. */
  readonly slots: readonly Slot<Item>[];
  /** Of their nodes, by id: see `RowKeys`. */
  readonly keys: ReadonlyMap<string, number>;
  /** Of all lines. */
  readonly count: number;
  /** Of those that are not there, in CSS pixels. */
  readonly rowHeight: number;
  /** The line that is the list's tab stop. */
  readonly focusId: string;
  /** The row whose further buttons are shown. */
  readonly openId: string | null;
  /** Whose headphones were pressed, until the relay answers. */
  readonly pendingId: string | null;
  readonly preferences: Preferences;
  /** Null where the relay has none. */
  readonly policy: PanelPolicy | null;
}

/** The lines. Keyed, so that a row keeps its nodes when it moves. */
export function commercialList(
  view: ListView,
  state: ListeningState,
  words: Words,
  actions: ListActions,
): TemplateResult {
  const { slots, keys, count, rowHeight, focusId, openId, pendingId, preferences, policy } = view;
  // One listener for hundreds of rows.
  const press = ({ target }: Event) => {
    const { id = '', do: name } = buttonOf(target)?.dataset ?? {};
    if (name) actions[name as keyof RowActions](id.replace('\0', ''));
  };
  const near = ({ target }: Event) => buttonOf(target)?.matches('.listen') && actions.warm();
  return html`<ul
    class="list ${count > 5 ? 'long' : count > 2 ? 'some' : ''}"
    part="list"
    role="list"
    @click=${press}
    @pointerover=${near}
    @focusin=${near}
    @scroll=${actions.scrolled}
  >
    ${repeat(
      slots,
      (slot, place) => ('gap' in slot ? `gap ${place === 0}` : keys.get(slot.item.id)),
      (slot) => {
        if ('gap' in slot) return html`<li role="presentation" .style="height:${slot.gap * rowHeight}px"></li>`;
        const { item, index } = slot;
        const { id } = item;
        const focus = id === focusId;
        if (isGroup(item)) return heading(item, focus, words);
        // What a row shows depends on these alone: while a few of many speak, the others cost nothing.
        const own = id === state.selectedId ? state.status : null;
        const choices: RowChoices = {
          focus,
          open: id === openId,
          pinned: preferences.pins.includes(id),
          watched: preferences.watched.includes(id),
          sound: preferences.sound,
        };
        const terms = policy?.row(item, state, words);
        const waits = id === pendingId;
        return guard(
          [item, index, count, own, state.online, waits, words, terms?.barred, terms?.time, ...Object.values(choices)],
          () => commercialRow(rowView(item, state, pendingId, words, terms), choices, index + 1, count, words),
        );
      },
    )}
  </ul>`;
}

/** The heading of a team, which folds it. */
function heading({ id, team, live, count, folded }: Group, focus: boolean, words: Words): TemplateResult {
  return html`<li class="group" part="group">
    <h3><button class="fold" data-do="fold" data-id=${id} tabindex=${focus ? 0 : -1} aria-expanded=${!folded}>
      ${icon('chevron')}<bdi class="name">${team || words('no_team')}</bdi>
      <span class="status">${words('team_count', { live, n: count })}</span>
    </button></h3>
  </li>`;
}

const buttonOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('button') : null;
