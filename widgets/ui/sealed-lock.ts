import type { TemplateResult } from 'lit';
import { html } from 'lit';
import type { Words } from '../i18n/words.ts';
import { icon } from './icons.ts';

/** The lock: the sound is sealed from end to end; opened, what that means and what it does not. */
export function sealedLock(words: Words): TemplateResult {
  return html`<details class="sealed" part="sealed" dir=${words.dir}><summary>${icon('lock')}<span>${words('sealed')}</span>${icon('chevron')}</summary><p>${words('sealed_detail')}</p></details>`;
}
