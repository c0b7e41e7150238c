import { css } from 'lit';

/** The panel's own styles; colours and small pieces come from the theme. */
export const panelStyles = css`
  :host { all: initial; color-scheme: inherit; display: flex; flex-direction: column; box-sizing: border-box; }
  :host([hidden]) { display: none !important; }
  .root { background: var(--_surface); border: 1px solid var(--_border); border-radius: var(--_radius); }
  .panel { display: flex; flex-direction: column; flex: 1 1 auto; min-height: 0; overflow: hidden; container: panel / inline-size; }
  header { display: flex; align-items: center; gap: 8px; padding: 14px 16px 10px; }
  h2 { font-size: 1.15em; font-weight: 600; }
  .live-count { padding: 2px 9px; border-radius: 99px; background: var(--_live-soft); color: var(--_live-text); font-size: 12px; font-weight: 600; }
  .link { width: 9px; height: 9px; margin-inline-start: auto; border-radius: 50%; background: var(--_off); }
  .online { background: var(--_success); }
  .search, .notice { display: flex; align-items: center; gap: 8px; margin: 0 12px 8px; padding-inline: 12px; border-radius: 12px; background: var(--_raised); }
  .search { max-width: 420px; color: var(--_text-muted); }
  .search:focus-within { outline: 3px solid var(--_accent-text); }
  .search input { flex: 1; min-width: 0; height: 44px; color: var(--_text); font-size: 16px; outline: 0; }
  .search ::placeholder { color: inherit; opacity: 1; font-size: 14px; }
  .notice { padding-block: 10px; font-size: 13px; }
  .fault { background: color-mix(in srgb, var(--_warning) 12%, var(--_surface)); color: var(--_warning-text); }
  .list { flex: 1 1 auto; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 0 8px 8px; scrollbar-width: thin; scrollbar-color: var(--_border) #0000; }
  .words { padding: 36px 24px 48px; text-align: center; color: var(--_text-muted); overflow-wrap: anywhere; }
  .words svg { width: 36px; height: 36px; }
  .words p:first-of-type { color: var(--_text); font-weight: 600; margin-block: 8px 4px; }

  .row {
    display: grid; grid-template: auto auto / auto minmax(0, 1fr) auto auto; column-gap: 10px; align-items: center; align-content: center;
    min-height: 60px; padding: 8px; border-radius: 12px;
  }
  .row[data-selected] { background: var(--_accent-soft); }
  .avatar {
    position: relative; display: grid; place-items: center; flex: none; grid-row: 1 / span 2; width: 40px; height: 40px; border-radius: 50%;
    background: var(--_raised); color: var(--_text-muted); font-size: 13px; font-weight: 600;
  }
  [data-selected] .avatar, .dock .avatar { background: color-mix(in srgb, var(--_accent) 18%, var(--_surface)); color: var(--_text); }
  .avatar i { position: absolute; inset-block-end: 0; inset-inline-end: 0; width: 12px; height: 12px; border-radius: 50%; border: 2px solid var(--_surface); background: var(--_dot); }
  [data-tone] { --_dot: var(--_success); --_words: var(--_text-muted); }
  [data-tone='live'] { --_dot: var(--_live); --_words: var(--_live-text); }
  [data-tone='heard'] { --_words: var(--_success-text); }
  [data-tone='warn'] { --_dot: var(--_warning); --_words: var(--_warning-text); }
  [data-tone='off'] { --_dot: var(--_off); }
  .name { font-weight: 600; }
  .name, .team { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; text-align: start; }
  .meta { grid-column: 2 / span 2; display: flex; flex-wrap: wrap; gap: 0 8px; font-size: 12.5px; color: var(--_text-muted); }
  .team { max-width: 100%; }
  .status { color: var(--_words); }
  .count { display: flex; align-items: center; gap: 3px; }
  .count svg { width: 14px; height: 14px; }
  .bars { display: flex; align-items: end; gap: 2px; height: 13px; }
  .bars i { width: 3px; height: 4px; border-radius: 2px; background: var(--_border); }
  .bars i:nth-child(2) { height: 7px; }
  .bars i:nth-child(3) { height: 10px; }
  .bars i:nth-child(4) { height: 13px; }
  .row:not([data-tone='live']) .bars { visibility: hidden; }
  [data-level='1'] :first-child, [data-level='2'] :nth-child(-n + 2), [data-level='3'] :nth-child(-n + 3), [data-level='4'] i { background: var(--_success); }
  .bars.poor :first-child { background: var(--_live); }
  .listen { grid-area: 1 / 4 / span 2; background: var(--_raised); }
  [data-tone='live'] .listen { background: var(--_accent-soft); color: var(--_accent-text); }
  .row .listen[aria-pressed='true'] { background: var(--_accent); color: #fff; }
  .skeleton :is(.avatar, .name, .meta) { background: var(--_border); border-radius: 99px; animation: fade 0.9s infinite alternate; }
  .skeleton .name, .skeleton .meta { width: 60%; height: 10px; margin-block: 4px; }
  @keyframes fade { to { opacity: 0.35; } }

  /* A whole page: the row's parts become columns. */
  @container panel (min-width: 640px) {
    header { padding: 18px 24px 12px; font-size: 17px; }
    .search, .notice { margin: 0 20px 12px; }
    .list { padding: 0 16px 16px; }
    .row { grid-template: auto / auto minmax(140px, 1.2fr) 48px minmax(0, 2.4fr) auto; column-gap: 16px; padding: 10px 12px; border-block-start: 1px solid var(--_border); }
    .row:not([data-selected], [data-selected] + *) { border-radius: 0; }
    .row:first-child, .row[data-selected], [data-selected] + .row { border-color: #0000; }
    .avatar, .listen { grid-row: 1; }
    .listen { grid-column: 5; }
    .meta { grid-column: 4; display: grid; grid-template-columns: 1.3fr 1fr 56px; gap: 16px; font-size: inherit; }
    .count { justify-content: end; }
  }

  .dock { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; padding: 12px 12px 8px; box-shadow: var(--_shadow); }
  :host([dock='inside']) .dock { margin-block-start: 8px; }
  :host(:not([dock='inside'])) .dock {
    position: fixed; width: min(360px, 100vw - 32px); z-index: var(--prospect-z-index, 2147483000);
    inset-block-end: calc(var(--prospect-dock-inset-block-end, 16px) + env(safe-area-inset-bottom, 0px));
    inset-inline-end: calc(var(--prospect-dock-inset-inline-end, 16px) + env(safe-area-inset-right, 0px));
  }
  .line, .dock .status { display: flex; align-items: center; gap: 10px; }
  .who { flex: 1; min-width: 0; }
  .dock .status { gap: 6px; font-size: 13px; }
  .status svg { width: 14px; height: 14px; }
  .status time { color: var(--_text-muted); }
  .stop { background: var(--_live-soft); color: var(--_live-text); }
  .mute { color: var(--_text-muted); }
  .mute[aria-pressed='true'] { color: var(--_live-text); }
  .meter { width: 62px; height: 18px; margin-inline-end: 6px; background: var(--_border); mask: repeating-linear-gradient(90deg, #000 0 3px, #0000 0 6px); }
  .meter::after { content: ''; display: block; height: 100%; width: calc(var(--_level, 0) * 100%); background: var(--_success); transition: width 0.12s linear; }
  .volume { flex: 1; min-width: 60px; height: 44px; border-radius: 12px; cursor: pointer; --_to: right; --_fill: linear-gradient(to var(--_to), var(--_accent) calc(var(--_volume) * 100%), var(--_border) 0); }
  .volume:dir(rtl) { --_to: left; }
  .volume::-webkit-slider-runnable-track { height: 6px; border-radius: 3px; background: var(--_fill); }
  .volume::-moz-range-track { height: 6px; border-radius: 3px; background: var(--_fill); }
  .volume::-webkit-slider-thumb { appearance: none; width: 18px; height: 18px; margin-block-start: -6px; border-radius: 50%; background: #fff; box-shadow: 0 0 0 1px #0f172a40; }
  .volume::-moz-range-thumb { width: 18px; height: 18px; border: 0; border-radius: 50%; background: #fff; box-shadow: 0 0 0 1px #0f172a40; }
  /* The dock spans a phone's screen: the last rows must be able to scroll above it. */
  @media (max-width: 480px) {
    :host(:not([dock='inside'])) .docked .list { padding-block-end: 160px; }
  }
  @media (forced-colors: active) {
    .volume { all: revert; flex: 1; min-width: 0; }
    .bars i, .meter, .avatar i, .link { forced-color-adjust: none; }
  }
`;
