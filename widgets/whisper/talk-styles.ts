import { css } from 'lit';

/** The dock's part of it; colours and small pieces come from the theme. */
export const talkStyles = css`
  .talk { display: grid; gap: 4px; min-width: 0; overflow-wrap: anywhere; }
  .talk .said { min-height: 1.4em; padding: 0 8px; font-size: 0.89em; color: var(--_muted); }
  .talk .said.on { color: var(--_text); font-weight: 600; }
  .talk progress { width: 100%; height: 6px; accent-color: var(--_accent-text); }
  .hold { touch-action: none; user-select: none; -webkit-user-select: none; -webkit-touch-callout: none; min-height: max(52px, 3.25em); }
  .hold[aria-pressed='true'] { background: var(--_live); color: #fff; }
  .hold[aria-disabled='true'] { color: var(--_muted); font-weight: 400; }
  .talk label.lock { display: flex; align-items: center; gap: 8px; min-height: max(44px, 2.75em); padding: 0 8px; font-size: 0.89em; cursor: pointer; }
  .talk .lock input { flex: none; width: 1.4em; height: 1.4em; margin: 0; accent-color: var(--_accent-text); }
  .talk form, .talk .presets { padding: 0 8px; display: flex; flex-wrap: wrap; align-items: end; gap: 8px; }
  .talk .field { flex: 1 1 10em; min-width: 0; display: grid; gap: 2px; font-size: 0.89em; color: var(--_muted); }
  .talk .field input { box-sizing: border-box; width: 100%; min-width: 0; min-height: max(44px, 2.75em); padding: 0 10px; font: inherit; font-size: max(16px, 1.12em); color: var(--_text); background: var(--_raised); border: 1px solid var(--_border); border-radius: 12px; }
  .talk form .wide { flex: 0 1 auto; }
  .talk .presets .chip { max-width: 100%; }
`;
