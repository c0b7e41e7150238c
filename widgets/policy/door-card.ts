import type { TemplateResult } from 'lit';
import { html } from 'lit';
import { addedText } from '../i18n/languages.ts';
import { directionOf, type Words } from '../i18n/words.ts';
import type { StreamingState } from '../sessions/state.ts';
import { icon } from '../ui/icons.ts';
import { closed } from './closed.ts';

/** Those in which the card is written, all of them at once: nobody has to look for theirs. */
const LANGUAGES = ['fr', 'en', 'es', 'ar'] as const;

/** What is pressed on the card. */
export interface CardActions {
  /** The person at the door minds. */
  mind(): void;
  /** The commercial goes on. */
  goOn(): void;
  close(): void;
}

/** The card to show at the door: it fills the screen, and has one button for who minds. */
export function doorCard(
  { status, objection }: StreamingState,
  words: Words,
  { mind, goOn, close }: CardActions,
): TemplateResult {
  const stopped = objection && status === 'paused';
  const live = ['live', 'paused', 'interrupted', 'reconnecting'].includes(status);
  const section = (lang: string) => html`<section lang=${lang} dir=${directionOf(lang)}>
    <h2>${addedText(lang, stopped ? 'card_stopped' : 'card_title')}</h2>
    ${stopped ? '' : html`<p>${addedText(lang, 'card_text')}</p>`}
  </section>`;
  return html`<dialog class="root policy door" part="door-card" lang=${words.lang} dir=${words.dir} aria-label=${words('card')} @close=${closed(close)}>
    <div class="sections" tabindex="0" role="group" aria-label=${words('card')}>${LANGUAGES.map(section)}</div>
    <div class="answers">
      <p class="note" role="status">${stopped ? words('objected') : live ? '' : words('card_not_live')}</p>
      ${stopped ? html`<button class="wide" part="door-go-on" @click=${goOn}>${icon('play')}${words('card_go_on')}</button>` : ''}
      ${live && !stopped ? html`<button class="wide stop-now" part="door-mind" @click=${mind}>${icon('pause')}${words('card_mind')}</button>` : ''}
      <button class="wide" part="door-close" @click=${close}>${words('close')}</button>
    </div>
  </dialog>`;
}
