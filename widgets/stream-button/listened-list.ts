import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { lasted, timeOfDay } from '../i18n/durations.ts';
import { number } from '../i18n/numbers.ts';
import type { Words } from '../i18n/words.ts';
import type { Listened } from '../sessions/state.ts';
import { icon } from '../ui/icons.ts';

/** Who listened today: the newest first, with the time and, once it is over, how long. Folded until somebody wants to know. */
export function listenedList(list: readonly Listened[], words: Words): TemplateResult {
  const row = ({ id, name, from, ms }: Listened) => html`<li>
    <bdi>${name || id}</bdi>
    <span><time datetime=${new Date(from).toISOString()}>${timeOfDay(from, words)}</time>${ms === null ? nothing : html` · ${lasted(ms, words)}`}</span>
  </li>`;
  return html`<details class="today" part="today">
    <summary>${words('listened_today', { n: number(list.length, words) })}${icon('chevron')}</summary>
    <ul>${[...list].reverse().map(row)}</ul>
  </details>`;
}
