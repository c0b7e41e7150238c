import { css } from 'lit';

/** The button's part of it; colours and small pieces come from the theme. */
export const earStyles = css`
  .whisper { order: -1; flex: 1 1 100%; display: grid; gap: 8px; box-sizing: border-box; min-width: 0; padding: 12px 14px; border-radius: inherit; overflow-wrap: anywhere; }
  .whisper.voice { background: var(--_accent); color: #fff; }
  .whisper .who { display: flex; align-items: center; gap: 8px; font-weight: 700; font-size: 1.14em; }
  .whisper .who > span { min-width: 0; }
  .whisper .text { font-size: 1.3em; line-height: 1.35; }
  .bubble .whisper .wide { margin: 0; width: auto; border-radius: 12px; padding: 6px 16px; background: var(--_raised); }
  .bubble .whisper .wide span { display: inline; }
  .bubble .whisper.voice .wide { background: #fff; color: #000; }
  .ears { flex: 1 1 100%; display: grid; gap: 0; margin: 0 14px 8px; overflow-wrap: anywhere; }
  .ears .choice span { min-width: 0; }
  .ears p { padding-block-end: 6px; color: var(--_muted); font-size: 0.93em; }
  /* With so much in it the bubble scrolls in a low window; who speaks stays in sight. */
  .open:has(.ears, .whisper) { max-height: calc(100vh - var(--_size) - 48px); max-height: calc(100dvh - var(--_size) - 48px); overflow-y: auto; overscroll-behavior: contain; }
  .open .whisper { position: sticky; inset-block-start: 0; z-index: 1; background: var(--_surface); }
  .open .whisper.voice { background: var(--_accent); }
  .bubble:not(.open):has(.whisper) { max-width: min(20.6em, calc(100vw - var(--_size) - 44px)); }
  @media (forced-colors: active) { .whisper { border: 2px solid; } }
`;
