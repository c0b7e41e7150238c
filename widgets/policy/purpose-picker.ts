import type { TemplateResult } from 'lit';
import { html } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { policyText } from '../i18n/policy-text.ts';
import { directionOf, type Words } from '../i18n/words.ts';
import type { Purpose } from '../sessions/policy-state.ts';
import { icon } from '../ui/icons.ts';
import { closed } from './closed.ts';

/** Asks why: a dialog with the policy's purposes, of which one is chosen already. Enter takes it, Escape none. Each choice stays that of its purpose when the policy changes. */
export function purposePicker(
  purposes: readonly Purpose[],
  chosen: string | null,
  words: Words,
  answer: (purpose: string | null) => void,
): TemplateResult {
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const { value } = (event.currentTarget as HTMLFormElement).elements.namedItem('purpose') as RadioNodeList;
    answer(value);
  };
  const choice = ({ id, label }: Purpose) => {
    const { text, lang } = policyText(label, words);
    return html`<label class="option"><input type="radio" name="purpose" required value=${id} ?checked=${id === chosen} ?autofocus=${id === chosen} /><span lang=${lang} dir=${directionOf(lang)}>${text}</span></label>`;
  };
  return html`<dialog class="root policy" part="purpose" lang=${words.lang} dir=${words.dir} aria-labelledby="purpose-title" @close=${closed(() => answer(null))}>
    <form class="form" @submit=${onSubmit}>
      <fieldset aria-describedby="purpose-shown">
        <legend id="purpose-title">${words('purpose_title')}</legend>
        ${repeat(purposes, ({ id }) => id, choice)}
      </fieldset>
      <p class="note" id="purpose-shown">${words('purpose_shown')}</p>
      <div class="answers">
        <button type="button" class="wide" part="purpose-cancel" @click=${() => answer(null)}>${words('cancel')}</button>
        <button class="wide primary" part="purpose-listen">${icon('headphones')}${words('listen')}</button>
      </div>
    </form>
  </dialog>`;
}
