import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { number } from '../i18n/numbers.ts';
import type { Words } from '../i18n/words.ts';
import { icon } from '../ui/icons.ts';
import { initialsOf, type RowView } from './view.ts';

/** What a row asks of the panel. */
export interface RowActions {
  /** The headphones were pressed. */
  toggle(id: string): void;
  /** The headphones are likely to be pressed: pointer over them, or focus. */
  warm(): void;
}

/** Four bars, of which so many are filled. Decoration, unless it has a label. */
export function bars(level: number, label?: string): TemplateResult {
  return html`<span class="bars" .style="--_bars:${level}" role="img" aria-label=${label ?? nothing} title=${label ?? nothing} aria-hidden=${!label}></span>`;
}

/** A face of two letters, with the state as a dot. */
export function avatar(name: string): TemplateResult {
  return html`<span class="avatar" aria-hidden="true">${initialsOf(name)}<i class="mark"></i></span>`;
}

/** One commercial of the list. */
export function commercialRow(view: RowView, words: Words, { toggle, warm }: RowActions): TemplateResult {
  const { id, name, label, listenerCount } = view;
  const listeners = words('listeners', { n: listenerCount });
  return html`
    <li class="row" part="row" data-status=${view.status} ?data-selected=${view.pressed}>
      ${avatar(name)}
      <bdi class="name" part="name">${name}</bdi>
      <span class="sound">
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
        @click=${() => toggle(id)}
        @pointerenter=${warm}
        @focus=${warm}
      >${icon('headphones')}${view.waiting ? icon('ring') : nothing}</button>
    </li>
  `;
}
