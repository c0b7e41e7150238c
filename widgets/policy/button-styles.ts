import { css } from 'lit';

/** The button's part of it: the card for the door, and the bubble that opens it. */
export const doorStyles = css`
  /* One button more below it, and more to say. */
  .bubble:has([part='card']) .body { max-height: min(45vh, 22.9em, max(5em, 100vh - 30em)); }
  .door { inset: 0; margin: 0; width: 100vw; max-width: none; height: 100dvh; max-height: none; gap: 0; padding: 0; border: 0; border-radius: 0; overflow: hidden; }
  .door .sections { flex: 1; min-height: 0; overflow-y: auto; outline-offset: -3px; display: grid; align-content: space-evenly; gap: 4px; padding: calc(12px + env(safe-area-inset-top, 0px)) 20px 12px; }
  .door section { padding-block: 8px; text-align: start; }
  .door section + section { border-block-start: 1px solid var(--_border); }
  .door h2 { font-size: clamp(1.3em, 5.2vw, 2.3em); line-height: 1.25; }
  .door section p { font-size: clamp(1.14em, 4.3vw, 1.7em); line-height: 1.35; overflow-wrap: anywhere; }
  .door .answers { padding: 12px 20px calc(16px + env(safe-area-inset-bottom, 0px)); border-block-start: 1px solid var(--_border); }
  .door .wide { min-height: 3.6em; font-size: 1.14em; }
  .stop-now { background: var(--_live); color: #fff; }
  @media (min-width: 60em) { .door .sections { grid-template-columns: 1fr 1fr; gap: 24px 48px; padding-inline: 6vw; } .door section { border: 0 !important; } }
`;
