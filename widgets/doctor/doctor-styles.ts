import { css } from 'lit';

/** Beside the elements' own theme: one column, a row for each check. */
export const doctorStyles = css`
  body { margin: 0; }
  .root.doctor { display: block; min-height: 100vh; background: var(--_surface); font-size: 16px; }
  .doctor main { display: block; max-width: 44rem; margin: 0 auto; padding: 16px 16px 48px; }
  .doctor h1, .doctor h2 { margin: 0; padding: 0; font: inherit; font-weight: 700; text-wrap: balance; }
  .doctor h1 { font-size: 1.5rem; line-height: 1.2; margin: 8px 0; }
  .doctor h2 { font-size: 1.1rem; margin: 24px 0 8px; }
  .doctor header { display: block; }
  .doctor header .language { margin-inline-start: auto; padding: 0 12px; color: var(--_accent-text); text-decoration: underline; }
  .doctor .help, .doctor .figure { color: var(--_muted); }
  .doctor label { display: block; font-weight: 600; margin-top: 20px; }
  .doctor input {
    all: unset; box-sizing: border-box; display: block; width: 100%; min-height: 44px; padding: 8px 12px; margin: 4px 0;
    border: 1px solid var(--_off); border-radius: 12px; background: var(--_surface); color: var(--_text);
  }
  .doctor input:focus-visible { outline: 3px solid var(--_accent-text); outline-offset: 2px; }
  .doctor .actions { display: flex; flex-wrap: wrap; gap: 12px; margin: 16px 0; }
  .doctor .actions .wide { flex: 1 1 10rem; }
  .doctor .verdict { font-weight: 600; min-height: 1.5em; }
  .doctor .checks li { display: grid; grid-template-columns: 28px 1fr; gap: 2px 10px; padding: 10px 0; border-top: 1px solid var(--_border); }
  .doctor .mark { width: 24px; height: 24px; }
  .doctor .check { overflow-wrap: anywhere; }
  .doctor .name { font-weight: 600; }
  .doctor .fix { display: block; margin-top: 4px; }
  .doctor li[data-status='ok'] .mark { color: color-mix(in srgb, var(--_success) 75%, var(--_text)); }
  .doctor li[data-status='failed'] .mark, .doctor li[data-status='failed'] .fix { color: color-mix(in srgb, var(--_live) 70%, var(--_text)); }
  .doctor li[data-status='warning'] .mark, .doctor li[data-status='warning'] .fix { color: color-mix(in srgb, var(--_warning) 70%, var(--_text)); }
  .doctor li[data-status='skipped'] .mark, .doctor li[data-status='waiting'] .mark { color: var(--_muted); }
  .doctor li[data-status='running'] .mark { animation: turn 1s linear infinite; }
  .doctor meter { width: 100%; height: 14px; }
  .doctor pre {
    margin: 0; padding: 12px; overflow: auto; border: 1px solid var(--_border); border-radius: 12px; background: var(--_raised);
    font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; -webkit-user-select: all;
  }
`;
