import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { policyText } from '../i18n/policy-text.ts';
import { directionOf, type Words } from '../i18n/words.ts';
import type { StreamingPolicy } from '../sessions/policy-state.ts';
import { isolate } from '../shared/isolate.ts';
import { closed } from './closed.ts';

/** The policy's text, to be read before a stream: a dialog, which Escape declines. */
export function consentSheet(
  { consent, consentChanged }: StreamingPolicy,
  words: Words,
  answer: (version: string | null) => void,
): TemplateResult | typeof nothing {
  if (!consent?.text) return nothing;
  const { text, lang } = policyText(consent.text, words);
  const { version } = consent;
  return html`<dialog class="root policy" part="consent" lang=${words.lang} dir=${words.dir} aria-labelledby="consent-title" @close=${closed(() => answer(null))}>
    <h2 id="consent-title">${words('consent_title')}</h2>
    ${consentChanged ? html`<p class="note">${words('consent_changed')}</p>` : nothing}
    <div class="text" part="consent-text" tabindex="0" role="group" aria-labelledby="consent-title" lang=${lang} dir=${directionOf(lang)}>
      ${text.split(/\n+/).map((paragraph) => html`<p>${paragraph}</p>`)}
    </div>
    <p class="note">${words('consent_version', { version: isolate(version, words.dir) })}</p>
    <div class="answers">
      <button class="wide" part="consent-later" @click=${() => answer(null)}>${words('consent_later')}</button>
      <button class="wide primary" part="consent-accept" @click=${() => answer(version)}>${words('consent_read')}</button>
    </div>
  </dialog>`;
}
