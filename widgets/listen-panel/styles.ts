import { css } from 'lit';

/** The panel's own styles until there is somebody to show (`body-styles.ts`); colours and small pieces come from the theme. */
export const panelStyles = css`
  :host { display: flex; flex-direction: column; box-sizing: border-box; }
  .root { background: var(--_surface); border: 1px solid var(--_border); border-radius: var(--_radius); }
  .panel { display: flex; flex-direction: column; flex: auto; min-height: 0; overflow: hidden; overflow: clip; container: panel / inline-size; }
  header, .titles { display: flex; flex-wrap: wrap; align-items: center; gap: 0 8px; }
  header { padding: 4px 16px 4px; }
  /* In a narrow panel the count stands below the title, within the height of the buttons. */
  .titles { flex: 1 1 8em; }
  h2 { font-size: 1.15em; font-weight: 600; }
  .live-count { padding: 2px 9px; border-radius: 99px; font-size: 0.86em; font-weight: 600; }
  .actions { display: flex; margin-inline-start: auto; margin-inline-end: -10px; color: var(--_muted); }
  .link { flex: none; width: 0.64em; height: 0.64em; border-radius: 50%; background: var(--_off); }
  .online { background: var(--_success); }
  .notice { margin: 0 12px 8px; padding: 10px 12px; border-radius: 12px; background: var(--_raised); }
  .live-count, .fault { background: color-mix(in srgb, var(--_tone) 12%, var(--_surface)); }
  .words { padding: 32px 24px 48px; text-align: center; color: var(--_muted); overflow-wrap: anywhere; }
`;
