import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Words } from '../i18n/words.ts';
import type { StreamingState } from '../sessions/state.ts';
import { icon } from '../ui/icons.ts';

/** What the relay has confirmed: that help is asked for, or, for a while, why no longer. Empty when there is nothing to say. */
export function helpWords({ helpSince, helpEnd }: StreamingState, words: Words): string {
  if (helpSince !== null) return words('help_asked');
  return helpEnd ? words(`help_${helpEnd}`) : '';
}

/** Asks for help by one press, and takes it back by a second; for whoever the relay knows to be there. */
export function helpButton(
  { online, status, helpSince }: StreamingState,
  words: Words,
  ask: (on: boolean) => void,
): TemplateResult | typeof nothing {
  if (!online || status === 'idle') return nothing;
  const asked = helpSince !== null;
  return html`<button
    class="wide help"
    part="help"
    dir=${words.dir}
    aria-pressed=${asked}
    @click=${() => ask(!asked)}
  >${icon('flag')}<span>${words('help_ask')}</span></button>`;
}
