import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { number } from '../i18n/numbers.ts';
import type { Words } from '../i18n/words.ts';
import { icon } from '../ui/icons.ts';
import { helpFlag } from './help-alerts.ts';
import { initialsOf, type RowView } from './view.ts';

/** Four bars, of which so many are filled. Decoration, unless it has a label. */
export function bars(level: number, label?: string): TemplateResult {
  return html`<span class="bars" .style="--_bars:${level}" role="img" aria-label=${label ?? nothing} title=${label ?? nothing} aria-hidden=${!label}></span>`;
}

/** A face of two letters, with the state as a dot. */
export function avatar(name: string): TemplateResult {
  return html`<span class="avatar" aria-hidden="true">${initialsOf(name)}<i class="mark"></i></span>`;
}

/**
 * One commercial of the list, which hears the presses.
 * @param position among all, from 1: the rows of a long list that cannot be seen are not there
 */
export function commercialRow(view: RowView, position: number, count: number, words: Words): TemplateResult {
  const { id, name, label, listenerCount } = view;
  const listeners = words('listeners', { n: listenerCount });
  return html`
    <li class="row" part="row" aria-posinset=${position} aria-setsize=${count} data-status=${view.status} ?data-selected=${view.pressed}>
      ${avatar(name)}
      <bdi class="name" part="name">${name}</bdi>
      <span class="sound">
        ${helpFlag(view.help)}
        ${bars(view.level)}
        ${
          listenerCount > 0
            ? html`<span class="count" role="img" aria-label=${listeners} title=${listeners}>${icon('headphones')}${number(listenerCount, words)}</span>`
            : nothing
        }
      </span>
      <span class="meta">
        <span class="status" part="status">${view.words}</span>
        <bdi class="team" part="team">${view.equipe}</bdi>
      </span>
      <button
        class="round listen"
        part="listen-button"
        data-id=${id}
        aria-label=${label}
        aria-pressed=${view.pressed}
        title=${label}
      >${icon('headphones')}${view.waiting ? icon('ring') : nothing}</button>
    </li>
  `;
}
