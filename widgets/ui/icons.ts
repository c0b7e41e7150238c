import type { TemplateResult } from 'lit';
import { html } from 'lit';

/** Outlines on a 24 by 24 grid, drawn with a stroke of the text's colour. */
const PATHS = {
  mic: 'M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3Zm-7-3a7 7 0 0 0 14 0M12 19v3',
  stop: 'M7 7h10v10H7Z',
  pause: 'M9 6v12M15 6v12',
  play: 'M8 6v12l10-6Z',
  headphones: 'M4 19v-7a8 8 0 0 1 16 0v7h-4v-5h4M4 14h4v5H4',
  volume: 'M4 10v4h3l5 4V6L7 10Zm12-1a4 4 0 0 1 0 6m3-9a8 8 0 0 1 0 12',
  muted: 'M4 10v4h3l5 4V6L7 10Zm12 0 5 4m0-4-5 4',
  chevron: 'm7 10 5 5 5-5',
  flag: 'M6 21V4h12l-3 4 3 4H6',
  bell: 'M6 16v-5a6 6 0 0 1 12 0v5l2 2H4Zm4 5h4',
  bell_off: 'M6 16v-5a6 6 0 0 1 12 0v5l2 2H4Zm4 5h4M4 4l16 16',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  pin: 'M9 4h6l-1 7 3 3H7l3-3ZM12 14v6',
  next: 'M6 6v12l8-6Zm12 0v12',
  keys: 'M9 9a3 3 0 1 1 4 3c-1 .4-1 1-1 2m0 4h.01',
  card: 'M4 6h16v12H4Zm4 4h8m-8 4h5',
  close: 'm7 7 10 10m0-10L7 17',
  lock: 'M6 11h12v9H6Zm2 0V8a4 4 0 0 1 8 0v3',
  ring: 'M21 12a9 9 0 1 1-6-8.5',
} as const;

/** The name of an icon. */
export type IconName = keyof typeof PATHS;

/** An icon, hidden from assistive technology: the control around it carries the name. */
export function icon(name: IconName): TemplateResult {
  return html`<svg data-icon=${name} viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}
