import type { TemplateResult } from 'lit';
import { html } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Words } from '../i18n/words.ts';
import type { Commercial, ListeningState } from '../sessions/state.ts';
import { commercialRow } from './commercial-row.ts';
import type { Slot } from './row-window.ts';
import { rowView } from './view.ts';

/** What the list asks of the panel. */
export interface ListActions {
  /** The headphones were pressed. */
  toggle(id: string): void;
  /** Headphones are likely to be pressed: pointer over them, or focus. */
  warm(): void;
  /** Other rows may be seen. */
  scrolled(): void;
}

/**
 * The rows that are there: see `RowWindow`. Keyed, so that a row keeps its nodes when it moves.
 * @param count of all rows
 * @param pendingId whose headphones were pressed, until the relay answers
 */
export function commercialList(
  slots: readonly Slot<Commercial>[],
  count: number,
  rowHeight: number,
  state: ListeningState,
  pendingId: string | null,
  words: Words,
  { toggle, warm, scrolled }: ListActions,
): TemplateResult {
  // One listener for hundreds of rows.
  const press = ({ target }: Event) => {
    const id = listenButtonOf(target)?.dataset.id;
    if (id !== undefined) toggle(id);
  };
  const near = ({ target }: Event) => listenButtonOf(target) && warm();
  return html`<ul
    class="list ${count > 5 ? 'long' : count > 2 ? 'some' : ''}"
    part="list"
    role="list"
    @click=${press}
    @pointerover=${near}
    @focusin=${near}
    @scroll=${scrolled}
  >
    ${repeat(
      slots,
      (slot, place) => ('gap' in slot ? `gap ${place === 0}` : `row ${slot.item.id}`),
      (slot) => {
        if ('gap' in slot) return html`<li role="presentation" .style="height:${slot.gap * rowHeight}px"></li>`;
        // What a row shows depends on these alone: while a few of many speak, the others cost nothing.
        const { item, index } = slot;
        const own = item.id === state.selectedId ? state.status : null;
        return guard([item, index, count, own, state.online, item.id === pendingId, words], () =>
          commercialRow(rowView(item, state, pendingId, words), index + 1, count, words),
        );
      },
    )}
  </ul>`;
}

const listenButtonOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('.listen') : null;
