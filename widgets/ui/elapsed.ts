import type { TemplateResult } from 'lit';
import { html } from 'lit';
import { clock, isoDuration } from '../i18n/durations.ts';
import type { Words } from '../i18n/words.ts';

/**
 * A running clock, hidden from assistive technology: it would be announced every second. By the wall clock, like the moment that it
 * counts from: the monotonic one may stand still while the phone sleeps, and the stream would look younger than it is.
 * @param since milliseconds since the epoch
 */
export function elapsed(since: number, words: Words): TemplateResult {
  const ms = Date.now() - since;
  return html`<time aria-hidden="true" datetime=${isoDuration(ms)}>${clock(ms, words)}</time>`;
}
