import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Words } from '../i18n/words.ts';
import { icon } from '../ui/icons.ts';
import { alertsButton } from './help-alerts.ts';

/** What is pressed in the header. */
export interface HeaderActions {
  toggleAlerts(): void;
  /** Shows the keys. */
  keys(): void;
}

/** @param alerts whether calls for help are told; null while there is nobody to call */
export function panelHeader(
  liveCount: number,
  online: boolean,
  alerts: boolean | null,
  words: Words,
  { toggleAlerts, keys }: HeaderActions,
): TemplateResult {
  return html`<header part="header">
    <span class="link mark ${online ? 'online' : 'off'}"></span>
    <h2>${words('title')}</h2>
    ${liveCount > 0 ? html`<span class="live-count status" data-status="live">${words('live_count', { n: liveCount })}</span>` : nothing}
    <span class="actions">
      ${alerts === null ? nothing : alertsButton(alerts, words, toggleAlerts)}
      <button class="round" part="keys-button" aria-label=${words('keys')} aria-haspopup="dialog" title=${words('keys')} @click=${keys}>${icon('keys')}</button>
    </span>
  </header>`;
}
