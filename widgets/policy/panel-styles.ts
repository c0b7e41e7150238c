import { css } from 'lit';

/** The panel's part of it: the picker of a purpose, rows of who may not be heard, what the dock says. */
export const panelPolicyStyles = css`
  .form { display: grid; gap: 12px; }
  fieldset { display: grid; gap: 8px; min-width: 0; margin: 0; padding: 0; border: 0; }
  legend { padding: 0 0 8px; font-size: 1.3em; font-weight: 700; overflow-wrap: anywhere; }
  .option { display: flex; align-items: center; gap: 12px; min-height: max(48px, 3em); padding: 4px 14px; border: 1px solid var(--_border); border-radius: 12px; cursor: pointer; overflow-wrap: anywhere; }
  .option:has(:checked) { border-color: var(--_accent-text); background: color-mix(in srgb, var(--_accent) 12%, var(--_surface)); font-weight: 600; }
  .option:has(:focus-visible) { outline: 3px solid var(--_accent-text); outline-offset: 2px; }
  .option input { outline: 0; flex: none; width: 1.3em; height: 1.3em; margin: 0; border-radius: 50%; accent-color: var(--_accent); }
  .option span { min-width: 0; }
  .row[data-barred] :is(.name, .avatar), .row[data-barred] .listen { color: var(--_muted); }
  .row[data-barred] .name { font-weight: 400; }
  .row[data-barred] .listen { background: none; opacity: 0.7; }
  .row .barred { flex: 1 1 100%; grid-column: 1 / -1; }
  .terms { display: grid; gap: 2px; padding: 0 8px; font-size: 0.89em; color: var(--_muted); overflow-wrap: anywhere; }
  .terms div { display: flex; flex-wrap: wrap; align-items: center; gap: 0 12px; }
  .terms .warning { --_tone: var(--_warning); color: color-mix(in srgb, var(--_tone) 65%, var(--_text)); font-weight: 600; }
  .terms button { color: var(--_accent-text); text-decoration: underline; border: 0; }
`;
