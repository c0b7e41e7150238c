import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Words } from '../i18n/words.ts';
import type { Commercial, ListeningState } from '../sessions/state.ts';
import { isolate } from '../shared/isolate.ts';
import { icon } from '../ui/icons.ts';
import { replacedNotice } from './replaced-notice.ts';

/** What is pressed in a notice. */
export interface NoticeActions {
  listen(id: string): void;
  /** That another tab took over was read. */
  read(): void;
  /** That this commercial went live was seen. */
  seen(id: string): void;
}

/**
 * The strips above the list, under that of a failure.
 * @param help who asks for help, or empty
 * @param news who went live
 */
export function panelNotices(
  { replaced }: ListeningState,
  help: string,
  news: readonly Commercial[],
  words: Words,
  actions: NoticeActions,
): TemplateResult {
  return html`${replaced === null ? nothing : replacedNotice(replaced, words, actions.listen, actions.read)}
    ${help ? html`<p class="notice fault" part="notice">${help}</p>` : nothing}
    ${news.map((one) => newsStrip(one, words, actions))}`;
}

/** The same for assistive technology, which is told of each. */
export function spokenNotices(
  { replaced }: ListeningState,
  help: string,
  news: readonly Commercial[],
  words: Words,
): string {
  const texts = [help, replaced === null ? '' : words('replaced'), ...news.map((one) => wentLive(one, words))];
  return texts.filter(Boolean).join(' ');
}

/** "Léa is live." */
function wentLive({ id, name }: Commercial, words: Words): string {
  return words('went_live', { name: isolate(name || id, words.dir) });
}

function newsStrip(one: Commercial, words: Words, { listen, seen }: NoticeActions): TemplateResult {
  return html`<div class="notice news" part="news">
    <span>${wentLive(one, words)}</span>
    <button class="chip" @click=${() => listen(one.id)}>${words('listen')}</button>
    <button class="round" aria-label=${words('close')} title=${words('close')} @click=${() => seen(one.id)}>${icon('close')}</button>
  </div>`;
}
