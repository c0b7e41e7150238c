import type { TemplateResult } from 'lit';
import { html } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Words } from '../i18n/words.ts';
import type { ListeningState } from '../sessions/state.ts';
import { commercialRow, type RowActions } from './commercial-row.ts';
import { emptyWords, matching, rowView } from './view.ts';

/**
 * The rows, or words where there are none. Keyed, so that a row keeps its nodes when it moves.
 * @param pendingId whose headphones were pressed, until the relay answers
 */
export function commercialList(
  state: ListeningState,
  query: string,
  pendingId: string | null,
  words: Words,
  actions: RowActions,
): TemplateResult {
  const shown = matching(state.commercials, query);
  if (shown.length === 0) return html`<p class="words">${emptyWords(state, query, words)}</p>`;
  return html`<ul class="list" part="list" role="list">
    ${repeat(
      shown,
      ({ id }) => id,
      (commercial) => {
        // What a row shows depends on these alone: while a few of many speak, the others cost nothing.
        const { id } = commercial;
        const own = id === state.selectedId ? state.status : null;
        return guard([commercial, own, state.online, id === pendingId, words], () =>
          commercialRow(rowView(commercial, state, pendingId, words), words, actions),
        );
      },
    )}
  </ul>`;
}
