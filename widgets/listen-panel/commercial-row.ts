import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { icon } from '../ui/icons.ts';
import type { RowView } from './view.ts';

/** What a row asks of the panel. */
export interface RowActions {
  /** The headphones were pressed. */
  toggle(id: string): void;
  /** The headphones are likely to be pressed: pointer over them, or focus. */
  warm(): void;
}

/** Four bars that rise with the speaking level. Decoration: the words beside them carry the state. */
export function levelBars(level: number): TemplateResult {
  return html`<span class="bars" data-level=${level} aria-hidden="true"><i></i><i></i><i></i><i></i></span>`;
}

/** A face of two letters, with the state as a dot. */
export function avatar(initials: string): TemplateResult {
  return html`<span class="avatar" aria-hidden="true">${initials}<i></i></span>`;
}

/** One commercial of the list. */
export function commercialRow(view: RowView, { toggle, warm }: RowActions): TemplateResult {
  return html`
    <li class="row" part="row" data-tone=${view.tone} ?data-selected=${view.pressed}>
      ${avatar(view.initials)}
      <span class="name" part="name">${view.name}</span>
      ${levelBars(view.level)}
      <span class="meta">
        <span class="status" part="status">${view.status}</span>
        <span class="team" part="team">${view.equipe}</span>
        ${
          view.listenerCount === 0
            ? html`<span class="count"></span>`
            : html`<span class="count" title=${view.listenersLabel}>
                ${icon('headphones')}<span aria-hidden="true">${view.listenerCount}</span><span class="sr">${view.listenersLabel}</span>
              </span>`
        }
      </span>
      <button
        class="round listen"
        part="listen-button"
        type="button"
        data-id=${view.id}
        aria-label=${view.label}
        aria-pressed=${view.pressed}
        title=${view.label}
        @click=${() => toggle(view.id)}
        @pointerenter=${warm}
        @focus=${warm}
      >${icon('headphones')}${view.waiting ? icon('ring') : nothing}</button>
    </li>
  `;
}

/** Grey shapes where rows will be. */
export function skeletonRow(): TemplateResult {
  return html`<li class="row skeleton"><span class="avatar"></span><span class="name"></span><span class="meta"></span></li>`;
}
