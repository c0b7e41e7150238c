import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Translator } from '../i18n/translator.ts';
import type { ListeningState } from '../sessions/state.ts';
import { icon } from '../ui/icons.ts';
import { commercialRow, type RowActions, skeletonRow } from './commercial-row.ts';
import { bodyOf, matching, rowView } from './view.ts';

/** What the list shows beyond the session's state. */
export interface ListOptions {
  readonly query: string;
  /** Whose headphones were pressed, until the relay answers. */
  readonly pendingId: string | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The search field. */
export function searchField(query: string, words: Translator, search: (query: string) => void): TemplateResult {
  const label = words.text('search');
  const onInput = (event: Event) => {
    if (event.target instanceof HTMLInputElement) search(event.target.value);
  };
  return html`<div class="search">
    ${icon('search')}
    <input type="search" part="search" aria-label=${label} placeholder=${label} .value=${query} @input=${onInput} />
  </div>`;
}

/** The rows; or grey shapes while connecting; or words where there are none. Keyed, so that a row keeps its nodes when it moves. */
export function commercialList(
  state: ListeningState,
  { query, pendingId, now }: ListOptions,
  words: Translator,
  actions: RowActions,
): TemplateResult {
  const shown = matching(state.commercials, query);
  const body = bodyOf(state, shown, query, words);
  if (body === 'skeleton') {
    return html`<ul class="list" aria-hidden="true">${[0, 1, 2, 3].map(skeletonRow)}</ul>`;
  }
  if (body !== 'rows') {
    return html`<div class="words">${icon('headphones')}
      <p>${body.title}</p>
      ${body.text ? html`<p>${body.text}</p>` : nothing}
    </div>`;
  }
  return html`<ul class="list" part="list" role="list">
    ${repeat(
      shown,
      ({ id }) => id,
      (commercial) => commercialRow(rowView(commercial, state, pendingId, now, words), actions),
    )}
  </ul>`;
}
