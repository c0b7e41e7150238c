import { html, nothing, type TemplateResult } from 'lit';
import type { Words } from '../i18n/words.ts';
import type { StreamingState } from '../sessions/state.ts';
import { sealedLock } from '../ui/sealed-lock.ts';
import { mayVibrate } from './late-policy.ts';
import { listenedList } from './listened-list.ts';
import type { ButtonView } from './view.ts';

/** What the body of the bubble is made of, beside the view. */
export interface BodyOptions {
  readonly host: HTMLElement;
  /** The failure's code, and what copies details of it. */
  readonly details: unknown;
  readonly vibrates: boolean;
  readonly onVibrates: (vibrates: boolean) => void;
}

/** The lines of an open bubble. */
export function bubbleBody(
  { fault, lines, sentence, since }: ButtonView,
  state: StreamingState,
  words: Words,
  options: BodyOptions,
): TemplateResult {
  const { dir } = words;
  // With many names it scrolls; a keyboard must be able to.
  const scrolls = state.listeners.length > 3 || lines.length > 2;
  return html`<div class="body" dir=${dir} role=${scrolls ? 'group' : nothing} aria-label=${scrolls ? sentence : nothing} tabindex=${scrolls ? 0 : nothing}>
      ${fault ? html`<p class="fault" part="fault">${fault}</p>${options.details}` : nothing}${[since, ...lines].filter(Boolean).map((line) => html`<p>${line}</p>`)}${state.sealed ? sealedLock(words) : nothing}${today(state, words, options)}
    </div>`;
}

/** Who listened today, and what the phone does when somebody begins: for those who open it. */
function today(
  { listenedToday, status }: StreamingState,
  words: Words,
  { host, vibrates, onVibrates }: BodyOptions,
): TemplateResult {
  const change = (event: Event) => onVibrates((event.target as HTMLInputElement).checked);
  return html`${listenedToday.length > 0 ? listenedList(listenedToday, words) : nothing}
      ${mayVibrate(host) && status === 'live' ? html`<label class="choice"><input type="checkbox" .checked=${vibrates} @change=${change} />${words('vibrate')}</label>` : nothing}`;
}
