import type { TemplateResult } from 'lit';
import { html } from 'lit';
import type { Words } from '../i18n/words.ts';
import { icon } from '../ui/icons.ts';
import type { ButtonView } from './view.ts';

/** The stream is on another page: it is continued here, or stopped there. */
export function elsewhereButtons(words: Words, disabled: boolean, goOn: () => void, stop: () => void): TemplateResult {
  return html`<button class="wide primary" part="continue" dir=${words.dir} ?disabled=${disabled} @click=${goOn}>${words('continue_here')}</button>
    <button class="wide" part="stop-elsewhere" dir=${words.dir} @click=${stop}>${words('stop_there')}</button>`;
}

/** The privacy pause, or its end. */
export function pauseButton(
  { paused, label }: NonNullable<ButtonView['pause']>,
  { dir }: Words,
  press: (paused: boolean) => void,
): TemplateResult {
  return html`<button
    class="wide ${paused ? 'primary' : ''}"
    part="pause"
    dir=${dir}
    aria-label=${label}
    title=${label}
    @click=${() => press(!paused)}
  >${icon(paused ? 'play' : 'pause')}<span>${label}</span></button>`;
}
