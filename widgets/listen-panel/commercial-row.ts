import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { number } from '../i18n/numbers.ts';
import type { Words } from '../i18n/words.ts';
import { isolate } from '../shared/isolate.ts';
import { type IconName, icon } from '../ui/icons.ts';
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

/** What the admin chose for a row. */
export interface RowChoices {
  /** The list's tab stop. */
  readonly focus: boolean;
  /** Its further buttons are shown. */
  readonly open: boolean;
  readonly pinned: boolean;
  readonly watched: boolean;
  /** Whether what is told has a sound. */
  readonly sound: boolean;
}

/**
 * One commercial of the list, which hears the presses.
 * @param position among all, from 1: the rows of a long list that cannot be seen are not there
 */
export function commercialRow(
  view: RowView,
  { focus, open, pinned, watched, sound }: RowChoices,
  position: number,
  count: number,
  words: Words,
): TemplateResult {
  const { id, name, label, listenerCount } = view;
  const listeners = words('listeners', { n: listenerCount });
  const sign = (shown: boolean, name: IconName, label: string) =>
    shown ? html`<span class="sign" role="img" aria-label=${label} title=${label}>${icon(name)}</span>` : nothing;
  const choice = (action: string, pressed: boolean, name: IconName, label: string) =>
    html`<button class="chip" data-do=${action} data-id=${id} aria-pressed=${pressed}>${icon(name)}${label}</button>`;
  return html`
    <li class="row" part="row" aria-posinset=${position} aria-setsize=${count} data-status=${view.status} ?data-selected=${view.pressed} ?data-barred=${view.barred}>
      ${avatar(name)}
      <bdi class="name" part="name">${name}</bdi>
      <span class="sound">
        ${helpFlag(view.help)}
        ${sign(pinned, 'pin', words('pin'))}${sign(watched, 'bell', words('watch'))}
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
        ${view.barred ? html`<span class="barred" part="barred">${view.barred}</span>` : nothing}
      </span>
      <button
        class="round listen"
        part="listen-button"
        data-do="toggle"
        data-id=${id}
        tabindex=${focus ? 0 : -1}
        aria-label=${label}
        aria-description=${[view.words, view.barred, view.time].filter(Boolean).join('. ')}
        aria-pressed=${view.pressed}
        aria-disabled=${view.barred ? 'true' : nothing}
        title=${[label, view.barred, view.time].filter(Boolean).join('\n')}
      >${icon('headphones')}${view.waiting ? icon('ring') : nothing}</button>
      <button
        class="round more"
        part="more-button"
        data-do="open"
        data-id=${id}
        tabindex="-1"
        aria-label=${words('more', { name: isolate(name, words.dir) })}
        aria-expanded=${open}
        title=${words('more', { name })}
      >${icon('more')}</button>
      ${
        open
          ? html`<span class="choices">
              ${choice('pin', pinned, 'pin', words('pin'))} ${choice('watch', watched, 'bell', words('watch'))}
              ${watched ? choice('sound', sound, 'volume', words('watch_sound')) : nothing}
            </span>`
          : nothing
      }
    </li>
  `;
}
