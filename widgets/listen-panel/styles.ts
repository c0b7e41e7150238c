import { css } from 'lit';

/** The panel's own styles; colours and small pieces come from the theme. */
export const panelStyles = css`
  :host {
    all: initial;
    color-scheme: inherit;
    display: flex;
    flex-direction: column;
    box-sizing: border-box;
    min-width: 0;
  }
  .panel {
    display: flex; flex-direction: column; flex: 1 1 auto; min-height: 0; overflow: hidden;
    container: panel / inline-size;
    background: var(--_surface); border: 1px solid var(--_border); border-radius: var(--_radius);
  }
  header { display: flex; align-items: center; gap: 8px; padding: 14px 16px 10px; }
  h2 { font-size: 16px; font-weight: 650; letter-spacing: -0.01em; }
  .live-count { padding: 2px 9px; border-radius: 99px; background: color-mix(in srgb, var(--_live) 11%, var(--_surface)); color: var(--_live-text); font-size: 12px; font-weight: 600; }
  .link { width: 9px; height: 9px; margin-inline-start: auto; border-radius: 50%; background: var(--_off); }
  .link.online { background: var(--_success); }
  .search { position: relative; margin: 0 12px 8px; color: var(--_text-muted); }
  .search svg { position: absolute; inset-inline-start: 12px; inset-block: 0; margin-block: auto; width: 18px; height: 18px; }
  .search input { width: 100%; height: 44px; padding-inline: 38px 12px; border-radius: 12px; background: var(--_raised); color: var(--_text); font-size: 16px; cursor: text; }
  .search input::placeholder { color: var(--_text-muted); opacity: 1; font-size: 14px; }
  .notice { display: flex; gap: 8px; margin: 0 12px 8px; padding: 10px 12px; border-radius: 12px; background: var(--_raised); font-size: 13px; }
  .notice.fault { background: color-mix(in srgb, var(--_warning) 12%, var(--_surface)); }
  .notice svg { width: 18px; height: 18px; }
  .list { flex: 1 1 auto; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 0 8px 8px; scrollbar-width: thin; scrollbar-color: var(--_border) transparent; }
  .words { padding: 36px 24px 48px; text-align: center; color: var(--_text-muted); }
  .words svg { width: 36px; height: 36px; stroke-width: 1.5; margin-block-end: 8px; }
  .words p:first-of-type { color: var(--_text); font-weight: 600; font-size: 15px; margin-block-end: 4px; }

  .row {
    display: grid; grid-template: auto auto / auto minmax(0, 1fr) auto auto; column-gap: 10px; align-items: center; align-content: center;
    padding: 8px; border-radius: 12px; min-height: 60px;
  }
  .row[data-selected] { background: var(--_accent-soft); }
  .avatar {
    position: relative; display: grid; place-items: center; grid-row: 1 / span 2; width: 40px; height: 40px; flex: none; border-radius: 50%;
    background: var(--_raised); color: var(--_text-muted); font-size: 13px; font-weight: 600; letter-spacing: 0.02em;
  }
  [data-selected] .avatar, .dock .avatar { background: color-mix(in srgb, var(--_accent) 18%, var(--_surface)); color: var(--_text); }
  .state-dot { position: absolute; inset-block-end: 0; inset-inline-end: 0; width: 12px; height: 12px; border-radius: 50%; border: 2px solid var(--_surface); background: var(--_dot); }
  [data-tone='live'] { --_dot: var(--_live); --_words: var(--_live-text); }
  [data-tone='heard'] { --_dot: var(--_success); --_words: var(--_success-text); }
  [data-tone='warn'] { --_dot: var(--_warning); --_words: var(--_warning-text); }
  [data-tone='ready'] { --_dot: var(--_success); --_words: var(--_text-muted); }
  [data-tone='off'] { --_dot: var(--_off); --_words: var(--_text-muted); }
  .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600; text-align: start; }
  .meta { grid-column: 2 / span 2; display: flex; flex-wrap: wrap; align-items: center; gap: 0 8px; font-size: 12.5px; color: var(--_text-muted); min-width: 0; }
  .status { color: var(--_words); }
  .team { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 100%; }
  .count { display: inline-flex; align-items: center; gap: 3px; }
  .count:empty { display: none; }
  .count svg { width: 14px; height: 14px; }
  .bars { display: inline-flex; align-items: flex-end; gap: 2px; height: 14px; }
  .bars i { width: 3px; height: 4px; border-radius: 2px; background: var(--_border); transition: background-color 0.15s; }
  .bars i:nth-child(2) { height: 7px; }
  .bars i:nth-child(3) { height: 10px; }
  .bars i:nth-child(4) { height: 13px; }
  .row .bars { visibility: hidden; }
  .row[data-tone='live'] .bars { visibility: inherit; }
  [data-level='1'] i:first-child, [data-level='2'] i:nth-child(-n + 2), [data-level='3'] i:nth-child(-n + 3), [data-level='4'] i { background: var(--_success); }
  .listen { position: relative; grid-area: 1 / 4 / span 2; width: 44px; height: 44px; border-radius: 50%; background: var(--_raised); color: var(--_text); transition: background-color 0.15s; }
  .row[data-tone='live'] .listen { background: var(--_accent-soft); color: var(--_accent-text); }
  .listen[aria-pressed='true'], .row[data-tone='live'] .listen[aria-pressed='true'] { background: var(--_accent); color: #fff; }
  .listen .busy { position: absolute; inset: 1px; width: auto; height: auto; stroke-width: 1.5; }
  @media (hover: hover) {
    .row:hover:not([data-selected]) { background: color-mix(in srgb, var(--_raised) 60%, transparent); }
    .listen:hover { box-shadow: 0 0 0 2px var(--_accent); }
  }
  .skeleton :is(.avatar, .name, .meta) { background: var(--_border); border-radius: 99px; animation: fade 0.9s ease-in-out infinite alternate; }
  .skeleton .name { width: 55%; height: 12px; align-self: end; margin-block-end: 5px; }
  .skeleton .meta { width: 75%; height: 10px; align-self: start; margin-block-start: 5px; }

  /* A whole page: the row's parts become columns. */
  @container panel (min-width: 640px) {
    header { padding: 18px 24px 12px; }
    h2 { font-size: 19px; }
    .search { margin: 0 20px 12px; max-width: 420px; }
    .notice { margin: 0 20px 12px; }
    .list { padding: 0 16px 16px; }
    .row { grid-template: auto / auto minmax(140px, 1.2fr) 48px minmax(0, 2.4fr) auto; column-gap: 16px; padding: 10px 12px; border-radius: 12px; }
    .row:not([data-selected], [data-selected] + *) { border-radius: 0; }
    .row { border-block-start: 1px solid var(--_border); }
    .row:first-child, .row[data-selected], [data-selected] + .row { border-color: transparent; }
    .avatar, .listen { grid-row: 1; }
    .listen { grid-column: 5; }
    .meta { grid-column: 4; display: grid; grid-template-columns: minmax(0, 1.3fr) minmax(0, 1fr) 56px; gap: 16px; font-size: 14px; }
    .count { justify-content: end; }
    .count:empty { display: block; }
  }

  .dock {
    display: grid; gap: 8px; padding: 12px 12px 8px; z-index: var(--prospect-z-index, 2147483000);
    background: var(--_surface); border: 1px solid var(--_border); border-radius: var(--_radius); box-shadow: var(--_shadow);
  }
  :host(:not([dock='inside'])) .dock {
    position: fixed; inset-block-end: calc(var(--prospect-dock-inset-block-end, 16px) + env(safe-area-inset-bottom, 0px));
    inset-inline-end: calc(var(--prospect-dock-inset-inline-end, 16px) + env(safe-area-inset-right, 0px));
    width: min(360px, calc(100vw - 32px));
  }
  :host([dock='inside']) .dock { margin-block-start: 8px; }
  .line { display: flex; align-items: center; gap: 10px; min-width: 0; }
  .who { flex: 1; min-width: 0; }
  .dock .status { display: flex; align-items: center; gap: 6px; font-size: 13px; }
  .dock .status svg { width: 14px; height: 14px; }
  .dock .status time { color: var(--_text-muted); margin-inline-start: 2px; }
  .stop { background: color-mix(in srgb, var(--_live) 12%, var(--_surface)); color: var(--_live-text); }
  .mute { margin-inline-start: -2px; }
  .mute[aria-pressed='true'] { color: var(--_live-text); }
  .quality { margin-inline-end: 2px; }
  .quality i { width: 4px; }
  .quality i:nth-child(3) { height: 11px; }
  [data-quality='good'] i { background: var(--_success); }
  [data-quality='fair'] i:nth-child(-n + 2) { background: var(--_warning-text); }
  [data-quality='poor'] i:first-child { background: var(--_live); }
  .meter {
    flex: none; width: 62px; height: 18px; margin-inline-end: 6px; color: var(--_success); background: linear-gradient(var(--_border), var(--_border));
    mask: repeating-linear-gradient(90deg, #000 0 3px, transparent 3px 6px); position: relative;
  }
  .meter::after { content: ''; position: absolute; inset: 0; background: currentColor; transform: scaleX(var(--_level, 0)); transform-origin: left; transition: transform 0.12s linear; }
  .meter:dir(rtl)::after { transform-origin: right; }
  .volume { flex: 1; min-width: 60px; height: 44px; cursor: pointer; --_fill: linear-gradient(to right, var(--_accent) calc(var(--_volume, 1) * 100%), var(--_border) 0); }
  .volume:dir(rtl) { --_fill: linear-gradient(to left, var(--_accent) calc(var(--_volume, 1) * 100%), var(--_border) 0); }
  .volume:focus-visible { outline-offset: -6px; border-radius: 12px; }
  .volume::-webkit-slider-runnable-track { height: 6px; border-radius: 3px; background: var(--_fill); }
  .volume::-moz-range-track { height: 6px; border-radius: 3px; background: var(--_fill); }
  .volume::-webkit-slider-thumb { appearance: none; width: 18px; height: 18px; margin-block-start: -6px; border-radius: 50%; background: #fff; border: 1px solid rgb(15 23 42 / 0.25); box-shadow: 0 1px 3px rgb(15 23 42 / 0.3); }
  .volume::-moz-range-thumb { width: 16px; height: 16px; border-radius: 50%; background: #fff; border: 1px solid rgb(15 23 42 / 0.25); box-shadow: 0 1px 3px rgb(15 23 42 / 0.3); }
  @media (max-width: 480px) {
    :host(:not([dock='inside'])) .dock { inset-inline: 8px; inset-block-end: calc(8px + env(safe-area-inset-bottom, 0px)); width: auto; }
    /* The dock spans the screen: the last rows must be able to scroll above it. */
    :host(:not([dock='inside'])) .docked .list { padding-block-end: 148px; }
  }
  @container panel (min-width: 640px) {
    .docked .list { padding-block-end: 148px; }
  }
  @media (forced-colors: active) {
    .volume { all: revert; flex: 1; min-width: 60px; height: 44px; }
    .bars i, .meter, .state-dot, .link { forced-color-adjust: none; }
  }
`;
