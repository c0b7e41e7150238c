import type { TemplateResult } from 'lit';
import { html } from 'lit';
import type { Words } from '../i18n/words.ts';

/** Another tab took the listening over: it stays until it was read, with the way back. @param id who was heard here */
export function replacedNotice(
  id: string,
  words: Words,
  listen: (id: string) => void,
  dismiss: () => void,
): TemplateResult {
  return html`<div class="notice replaced" part="replaced">
    <p>${words('replaced')}</p>
    <button class="wide primary" @click=${() => listen(id)}>${words('listen_here')}</button>
    <button class="wide" @click=${dismiss}>${words('close')}</button>
  </div>`;
}
