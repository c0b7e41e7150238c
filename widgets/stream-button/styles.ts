import { css } from 'lit';

/** The button's own styles; colours and small pieces come from the theme. */
export const buttonStyles = css`
  :host {
    all: initial;
    color-scheme: inherit;
    display: block !important;
    box-sizing: border-box !important;
    padding: 0 !important;
    border: 0 !important;
    margin: 0 !important;
    background: none !important;
    overflow: visible !important;
    width: var(--prospect-button-size, 56px) !important;
    height: var(--prospect-button-size, 56px) !important;
    min-width: 0 !important;
    max-width: none !important;
  }
  :host(:not([placement='inline'])) {
    position: fixed !important;
    inset: auto;
    inset-block-end: calc(var(--prospect-button-inset-block-end, 16px) + env(safe-area-inset-bottom, 0px));
    inset-inline-end: calc(var(--prospect-button-inset-inline-end, 16px) + env(safe-area-inset-right, 0px));
    z-index: var(--prospect-z-index, 2147483000);
  }
  :host([placement='inline']) { position: relative !important; width: fit-content !important; height: auto !important; }
  :host([hidden]) { display: none !important; }
  .root { display: block; position: relative; height: 100%; }
  .face { position: relative; flex: none; width: var(--prospect-button-size, 56px); height: var(--prospect-button-size, 56px); }
  .fab {
    position: relative; width: 100%; height: 100%;
    border-radius: 50%; background: var(--_tone); color: #fff; box-shadow: var(--_shadow);
    transition: background-color 0.2s, scale 0.12s;
  }
  .fab svg { width: 26px; height: 26px; }
  .fab:active:not([disabled], [aria-disabled='true']) { scale: 0.95; }
  .fab[disabled] { opacity: 0.55; }
  [data-tone='off'] { --_tone: var(--_off); }
  [data-tone='ready'], [data-tone='busy'] { --_tone: var(--_accent); }
  [data-tone='live'] { --_tone: var(--_live); }
  [data-tone='warn'] { --_tone: var(--_warning); }
  .fab .busy { position: absolute; inset: 2px; width: auto; height: auto; stroke-width: 1.5; }
  [data-tone='live'] .fab::before, [data-tone='live'] .fab::after, .tap::before {
    content: ''; position: absolute; inset: 0; z-index: -1; border-radius: 50%; background: var(--_tone); opacity: 0.35;
  }
  [data-tone='live'] .fab::before, .tap::before { animation: pulse 2s ease-out infinite; }
  /* The halo follows the voice: the commercial sees that the microphone hears. */
  [data-tone='live'] .fab::after { opacity: 0.22; scale: calc(1 + var(--_level, 0) * 0.09); transition: scale 0.2s; }
  @keyframes pulse { from { scale: 1; opacity: 0.45; } to { scale: 1.6; opacity: 0; } }
  .badge, .dot { position: absolute; pointer-events: none; }
  .badge {
    inset-block-start: -9px; inset-inline: 0; margin-inline: auto; width: fit-content; padding: 2px 7px;
    border-radius: 9px; background: #fff; color: #b91c1c; font-size: 11px; line-height: 14px; font-weight: 700; letter-spacing: 0.06em;
    box-shadow: 0 0 0 1px rgb(185 28 28 / 0.25), 0 1px 3px rgb(0 0 0 / 0.2);
  }
  .dot {
    inset-block-end: 1px; inset-inline-end: 1px; width: 15px; height: 15px; border-radius: 50%;
    border: 3px solid var(--_surface); background: #94a3b8;
  }
  .dot.online { background: var(--_success); }

  .bubble {
    position: absolute; inset-inline-end: calc(100% + 12px); inset-block-start: 50%; translate: 0 -50%;
    width: max-content; max-width: calc(100vw - var(--prospect-button-size, 56px) - 48px);
    border-radius: 24px; background: var(--_surface); box-shadow: var(--_shadow), 0 0 0 1px var(--_border);
  }
  .bubble.open {
    inset-inline-end: 0; inset-block: auto calc(100% + 18px); translate: none; width: min(288px, calc(100vw - 32px)); max-width: none;
    max-height: calc(100vh - 120px); overflow: auto; border-radius: var(--_radius);
  }
  :host([placement='inline']) .root { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 12px; }
  :host([placement='inline']) .bubble { position: static; translate: none; align-self: center; }
  .bar { display: flex; align-items: center; }
  .head { flex: 1; min-width: 0; justify-content: start; gap: 8px; min-height: 44px; padding-inline: 14px 8px; border-radius: inherit; font-weight: 600; text-align: start; }
  .head::before { content: ''; flex: none; width: 8px; height: 8px; border-radius: 50%; background: var(--_tone); }
  .head [part='title'] { margin-inline-end: auto; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .head time { font-weight: 500; color: var(--_text-muted); }
  .head svg { width: 18px; height: 18px; color: var(--_text-muted); transition: rotate 0.2s; rotate: 180deg; }
  .open .head svg { rotate: none; }
  .count { display: inline-flex; align-items: center; gap: 4px; font-weight: 500; color: var(--_text-muted); }
  .count svg { width: 15px; height: 15px; rotate: none; }
  .bar .icon-button { margin-inline-end: 2px; color: var(--_text); }
  .body { display: grid; gap: 8px; padding: 0 14px 14px; }
  .body .actions { display: flex; flex-wrap: wrap; gap: 8px; padding-block-start: 4px; }
  .actions .text-button { flex: 1; white-space: nowrap; }
  .actions svg { width: 18px; height: 18px; }
  .muted { color: var(--_text-muted); }
  /* On a phone the idle hint leaves after a moment, and comes back with focus: it would cover the page for nothing. */
  @media (max-width: 640px) {
    .bubble.hint { animation: leave 0.4s 5s forwards; }
    .root:focus-within .bubble.hint, .root:hover .bubble.hint { animation: none; }
    @keyframes leave { to { opacity: 0; visibility: hidden; } }
  }
`;
