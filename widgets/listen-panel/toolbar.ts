import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Words } from '../i18n/words.ts';
import type { Commercial } from '../sessions/state.ts';
import { icon } from '../ui/icons.ts';
import { countOf, type Filter, type Sort } from './arrange.ts';
import type { ListController } from './list-controller.ts';
import { ROUND_SECONDS, type Round, roundSeconds } from './round.ts';
import { SEARCH_FROM } from './view.ts';

const SORTS: readonly Sort[] = ['status', 'name', 'longest', 'newest'];

/** What the toolbar asks of the panel. */
export interface ToolbarActions {
  /** Hears the next one who is live. */
  next(): void;
  /** A round of so many seconds for each; 0 ends it. */
  round(seconds: number): void;
}

/**
 * Search, filters, order and the ways to go through those who are live; of each what is of use with so many people.
 * @param secondsOfHost for each in a round, the host's choice, or null
 */
export function toolbar(
  commercials: readonly Commercial[],
  list: ListController,
  round: Round,
  secondsOfHost: number | null,
  words: Words,
  { next, round: onRound }: ToolbarActions,
): TemplateResult {
  const { query, filter, preferences } = list;
  const many = list.above('search', commercials.length >= SEARCH_FROM || query !== '' || filter !== 'all');
  const rounds = list.above('rounds', countOf(commercials, 'live') > 1 || round.seconds > 0);
  return html`${many ? searchField(list, words) : nothing}
    ${
      many || rounds
        ? html`<div class="tools" part="tools" role="group" aria-label=${words('tools')}>
            ${many ? [html`<span class="total">${words('total', { n: commercials.length })}</span>`, filters(commercials, list, words), teams(list, words), order(preferences.sort, list, words)] : nothing}
            ${rounds ? [nextButton(next, words), roundChoice(round.seconds, secondsOfHost, onRound, words)] : nothing}
          </div>`
        : nothing
    }`;
}

function searchField(list: ListController, words: Words): TemplateResult {
  const onInput = ({ target }: Event) => {
    if (target instanceof HTMLInputElement) list.search(target.value);
  };
  return html`<input
    type="search"
    part="search"
    aria-label=${words('search')}
    placeholder=${words('search')}
    .value=${list.query}
    @input=${onInput}
  />`;
}

/** A filter that nobody fits is not offered, unless it is the one that is on. */
function filters(commercials: readonly Commercial[], list: ListController, words: Words) {
  return (['live', 'speaking', 'help'] satisfies Filter[]).map((filter) => {
    const count = countOf(commercials, filter);
    const pressed = list.filter === filter;
    if (count === 0 && !pressed) return nothing;
    return html`<button class="chip" data-filter=${filter} aria-pressed=${pressed} @click=${() => list.choose({ filter: pressed ? 'all' : filter })}>
      ${words(`filter_${filter}`, { n: count })}
    </button>`;
  });
}

function teams(list: ListController, words: Words): TemplateResult {
  const { byTeam } = list.preferences;
  return html`<button class="chip" data-filter="teams" aria-pressed=${byTeam} @click=${() => list.prefer({ byTeam: !byTeam })}>${words('by_team')}</button>`;
}

function order(sort: Sort, list: ListController, words: Words): TemplateResult {
  const onChange = ({ target }: Event) => {
    if (target instanceof HTMLSelectElement) list.prefer({ sort: target.value as Sort });
  };
  return html`<select class="chip" part="sort" aria-label=${words('sort')} title=${words('sort')} @change=${onChange}>
    ${SORTS.map((each) => html`<option value=${each} .selected=${each === sort}>${words(`sort_${each}`)}</option>`)}
  </select>`;
}

const nextButton = (next: () => void, words: Words): TemplateResult =>
  html`<button class="chip" part="next" @click=${next}>${icon('next')}${words('next')}</button>`;

function roundChoice(
  seconds: number,
  ofHost: number | null,
  onRound: (seconds: number) => void,
  words: Words,
): TemplateResult {
  const onChange = ({ target }: Event) => {
    if (target instanceof HTMLSelectElement) onRound(Number(target.value));
  };
  const choices = [
    ...new Set([...(ofHost ? [roundSeconds(ofHost)] : []), ...ROUND_SECONDS, ...(seconds > 0 ? [seconds] : [])]),
  ];
  choices.sort((a, b) => a - b);
  return html`<select class="chip ${seconds > 0 ? 'on' : ''}" part="round" aria-label=${words('round')} title=${words('round')} @change=${onChange}>
    <option value="0" .selected=${seconds === 0}>${words(seconds === 0 ? 'round' : 'round_end')}</option>
    ${choices.map((each) => html`<option value=${each} .selected=${each === seconds}>${words('round_each', { n: each })}</option>`)}
  </select>`;
}
