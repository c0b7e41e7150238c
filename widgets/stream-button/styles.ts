import { css } from 'lit';

/** The button's own styles; colours and small pieces come from the theme. */
export const buttonStyles = css`
  :host {
    display: block !important;
    width: var(--prospect-button-size, 3.5em) !important; height: var(--prospect-button-size, 3.5em) !important; min-width: 0 !important;
    margin: 0 !important; padding: 0 !important; border: 0 !important;
    background: none !important;
  }
  :host(:not([placement='inline'])) {
    position: fixed !important;
    inset-block-end: calc(var(--prospect-button-inset-block-end, 16px) + env(safe-area-inset-bottom, 0px));
    inset-inline-end: calc(var(--prospect-button-inset-inline-end, 16px) + env(safe-area-inset-right, 0px));
    z-index: var(--prospect-z-index, 2147483000);
  }
  .root { --_size: var(--prospect-button-size, 4em); display: block; position: relative; }
  .face { position: relative; width: var(--_size); height: var(--_size); }
  .fab {
    position: relative; width: 100%; height: 100%; border-radius: 50%; background: var(--_tone); color: #fff; box-shadow: var(--_shadow);
    transition: 0.2s;
  }
  .fab :first-child { width: 1.86em; height: 1.86em; }
  .fab:active { scale: 0.95; }
  .fab[disabled] { opacity: 0.55; }
  .pulse::before, .pulse::after { content: ''; position: absolute; inset: 0; z-index: -1; border-radius: 50%; background: var(--_tone); opacity: 0.25; }
  .pulse::before { animation: pulse 2s ease-out infinite; }
  /* The halo follows the voice: the commercial sees that the microphone hears. */
  .pulse::after { scale: calc(1 + var(--_level, 0) * 0.09); transition: 0.2s; }
  @keyframes pulse { from { opacity: 0.5; } to { scale: 1.6; opacity: 0; } }
  .badge, .dot { position: absolute; pointer-events: none; border-radius: 99px; }
  .badge {
    inset: -0.8em 0 auto; margin: auto; width: fit-content; padding: 1px 7px; background: #fff; color: var(--_live);
    font-size: 0.79em; white-space: nowrap; font-weight: 700; box-shadow: var(--_shadow);
  }
  .dot { inset-block-end: 1px; inset-inline-end: 1px; width: 1.07em; height: 1.07em; border: 3px solid var(--_surface); background: var(--_off); }
  .online { background: var(--_success); }

  .bubble {
    position: absolute; inset-inline-end: calc(100% + 12px); inset-block-end: calc(50% - max(22px, 1.375em)); display: flex; flex-wrap: wrap;
    border-radius: 24px; background: var(--_surface); border: 1px solid var(--_border); box-shadow: var(--_shadow);
  }
  .bubble:not(.open) { justify-content: center; width: max-content; max-width: calc(100vw - var(--_size) - 44px); }
  .open { inset-inline-end: 0; inset-block: auto calc(100% + 18px); width: min(20.6em, 100vw - 32px); border-radius: var(--_radius); }
  .head { flex: 1; flex-wrap: wrap; min-width: 0; gap: 8px; padding-inline: 14px 10px; border-radius: inherit; font-weight: 600; }
  .head > .mark { flex: none; width: 0.57em; height: 0.57em; border-radius: 50%; background: var(--_tone); }
  .news { flex-wrap: nowrap; }
  .news .title { min-width: 0; }
  .title { flex: 1 1 auto; max-width: calc(100% - 1.4em); padding-block: 6px; overflow-wrap: break-word; text-align: start; }
  .body { width: 100%; max-height: min(45vh, 22.9em, max(5em, 100vh - 16em)); overflow-y: auto; box-sizing: border-box; display: grid; grid-auto-rows: max-content; gap: 8px; padding: 0 14px 14px; overflow-wrap: anywhere; }
  .body, .head time, .head svg, .count { color: var(--_muted); font-weight: 400; }
  .today summary, .choice { min-height: 44px; display: flex; align-items: center; gap: 8px; cursor: pointer; color: var(--_text); }
  .today summary { justify-content: space-between; }
  .today[open] summary svg { rotate: 180deg; }
  .today ul { margin: 0; padding: 0; list-style: none; display: grid; gap: 6px; }
  .today li { display: flex; justify-content: space-between; gap: 12px; }
  .today li > :last-child { flex: none; }
  .choice input { width: 1.3em; height: 1.3em; margin: 0; accent-color: var(--_accent); flex: none; }
  .count { display: flex; align-items: center; gap: 4px; }
  .bubble svg { width: 1.21em; height: 1.21em; }
  .open .wide { margin: 0 14px 14px; }
  .microphone { flex: 1 1 100%; display: grid; gap: 4px; margin: 0 14px 14px; font-size: 0.93em; color: var(--_muted); overflow-wrap: anywhere; }
  .hearing { block-size: 12px; border: 1px solid var(--_muted); border-radius: 6px; overflow: hidden; }
  .hearing i { display: block; block-size: 100%; background: var(--_success); forced-color-adjust: none; }
  .microphone select { min-width: 0; min-height: max(44px, 2.75em); font: inherit; color: var(--_text); background: var(--_raised); border: 1px solid var(--_border); border-radius: 12px; padding: 0 8px; }
  .microphone .wide { margin: 4px 0 0; font-size: 1.075em; color: var(--_text); }
  .open [part='stop-elsewhere'] { margin-inline-start: -4px; }
  .open .help { flex-basis: calc(100% - 28px); }
  /* No word is broken for the pause: that stands below, where letters are large. */
  .bubble:not(.open) .head { min-width: min-content; }
  .bubble:not(.open) .wide { flex: none; width: max(44px, 2.75em); padding: 0; border-radius: 50%; background: none; color: inherit; }
  .bubble:not(.open) .wide span { display: none; }
  .bubble:not(.open) .head > :last-child { rotate: 180deg; }
  /* With much to say, large letters, or a phone on its side: it scrolls, and what stands first stays in the window. */
  :host(:not([placement='inline'])) .open { max-height: calc(100vh - var(--_size) - 44px); overflow-y: auto; }
  .open .head { outline-offset: -3px; }
  /* On a phone the hint leaves after a moment, and comes back with focus: it would cover the page for nothing. */
  @media (max-width: 40em) {
    [data-status='ready']:not(:focus-within, :hover) .bubble:not(.open) { animation: leave 0.4s 5s forwards; }
    @keyframes leave { to { opacity: 0; visibility: hidden; } }
  }

  :host([placement='inline']) { position: relative !important; width: fit-content !important; height: auto !important; }
  :host([placement='inline']) .root { display: flex; flex-wrap: wrap; gap: 6px 12px; }
  :host([placement='inline']) .bubble { position: static; margin-block: auto; }
`;
