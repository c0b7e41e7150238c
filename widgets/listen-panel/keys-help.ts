import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Words } from '../i18n/words.ts';
import { icon } from '../ui/icons.ts';

/**
 * The keys, in a dialog over everything, which Escape closes.
 * @param whispers the dock has a button to speak with
 */
export function keysHelp(words: Words, whispers = false): TemplateResult {
  const line = (keys: readonly string[], text: string) =>
    html`<div><dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt><dd>${text}</dd></div>`;
  const close = ({ target }: Event) => {
    if (target instanceof Element) target.closest('dialog')?.close();
  };
  return html`<dialog class="root keys-help" part="keys" lang=${words.lang} dir=${words.dir} aria-labelledby="keys-title">
    <div class="line">
      <h2 id="keys-title">${words('keys')}</h2>
      <button class="round" part="keys-close" aria-label=${words('close')} title=${words('close')} @click=${close}>${icon('close')}</button>
    </div>
    <dl>
      ${line(['↑', '↓', words('key_home'), words('key_end')], words('keys_move'))} ${line(['A', 'Z'], words('keys_letters'))}
      ${line(['←', '→'], words('keys_more'))} ${line([words('key_enter')], words('keys_listen'))} ${line(['M'], words('keys_mute'))}
      ${line([words('key_escape')], words('keys_stop'))} ${line(['/'], words('keys_search'))} ${line(['?'], words('keys_help'))}
      ${whispers ? line([words('key_space'), words('key_enter')], words('keys_whisper')) : nothing}
    </dl>
  </dialog>`;
}

/** Opens the dialog, over everything. */
export function showKeys(root: ParentNode): void {
  const dialog = root.querySelector('dialog');
  if (dialog && !dialog.open) dialog.showModal();
}
