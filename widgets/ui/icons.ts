import type { TemplateResult } from 'lit';
import { html } from 'lit';

/** Outlines on a 24 by 24 grid, drawn with a stroke of the text's colour. */
const PATHS = {
  mic: 'M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3Zm-7-3a7 7 0 0 0 14 0M12 19v3',
  stop: 'M8 6h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2Z',
  pause: 'M9 6v12M15 6v12',
  play: 'M8 5.5v13L18.5 12Z',
  headphones:
    'M4 18v-6a8 8 0 0 1 16 0v6M4 16.5A2.5 2.5 0 0 1 6.5 14H8v6H6.5A2.5 2.5 0 0 1 4 17.5ZM20 16.5A2.5 2.5 0 0 0 17.5 14H16v6h1.5a2.5 2.5 0 0 0 2.5-2.5Z',
  volume: 'M4 9.5v5h3.5l4.5 4v-13l-4.5 4ZM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  muted: 'M4 9.5v5h3.5l4.5 4v-13l-4.5 4ZM16 9.5l5 5M21 9.5l-5 5',
  chevron: 'm7 10 5 5 5-5',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.800-1.700L20 20',
  alert: 'M12 8v5m0 3.5v.01M12 3 2 20h20Z',
  ring: 'M21 12a9 9 0 1 1-6.2-8.6',
} as const;

/** The name of an icon. */
export type IconName = keyof typeof PATHS;

/** An icon, hidden from assistive technology: the control around it carries the name. */
export function icon(name: IconName, className = ''): TemplateResult {
  const solid = name === 'stop' || name === 'play' ? 'solid' : '';
  return html`<svg class="${className} ${solid}" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]}></path></svg>`;
}
