import { css } from 'lit';

/** Of the dialogs that a policy brings; colours and small pieces come from the theme. */
export const dialogStyles = css`
  .policy {
    position: fixed; inset: 0; margin: auto; box-sizing: border-box; width: min(34em, 100vw - 32px); height: fit-content; max-height: calc(100dvh - 32px);
    flex-direction: column; gap: 12px; padding: 20px; overflow: auto; border: 1px solid var(--_border); border-radius: var(--_radius); background: var(--_surface); box-shadow: var(--_shadow);
  }
  .policy[open] { display: flex; }
  .policy:not([open]) { display: none; }
  .policy::backdrop { background: #0009; }
  .policy h2 { font-size: 1.3em; font-weight: 700; overflow-wrap: anywhere; }
  .policy .text { flex: 0 1 auto; min-height: 5em; overflow-y: auto; display: grid; gap: 0.8em; padding: 12px; border-radius: 12px; background: var(--_raised); font-size: 1.14em; line-height: 1.5; overflow-wrap: anywhere; }
  .policy .note { color: var(--_muted); overflow-wrap: anywhere; }
  .policy .note:empty { display: none; }
  .policy .answers { display: flex; flex-wrap: wrap; gap: 8px; }
  .policy .answers .note { flex: 1 1 100%; }
  /* On a phone it stands at the thumb. */
  @media (max-width: 40em) {
    .policy { inset: auto 0 0; margin: 0; width: 100vw; max-width: none; max-height: calc(100dvh - 48px); border-radius: var(--_radius) var(--_radius) 0 0; padding-block-end: calc(20px + env(safe-area-inset-bottom, 0px)); }
  }
`;
