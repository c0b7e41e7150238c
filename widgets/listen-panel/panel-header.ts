import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Words } from '../i18n/words.ts';
import { icon } from '../ui/icons.ts';

/**
 * @param bell what turns calls for help on and off, while there is somebody to call
 * @param keys shows the keys
 */
export function panelHeader(
  liveCount: number,
  online: boolean,
  bell: unknown,
  words: Words,
  keys: () => void,
): TemplateResult {
  return html`<header part="header">
    <span class="link mark ${online ? 'online' : 'off'}"></span>
    <div class="titles">
      <h2>${words('title')}</h2>
      ${liveCount > 0 ? html`<span class="live-count status" data-status="live">${words('live_count', { n: liveCount })}</span>` : nothing}
    </div>
    <span class="actions">
      ${bell}
      <button class="round" part="keys-button" aria-label=${words('keys')} aria-haspopup="dialog" title=${words('keys')} @click=${keys}>${icon('keys')}</button>
    </span>
  </header>`;
}
