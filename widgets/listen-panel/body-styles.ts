import { css } from 'lit';

/** The styles of list, toolbar, dock and keys; colours and small pieces come from the theme. */
export const bodyStyles = css`
  .line, .dock .status { display: flex; flex-wrap: wrap; align-items: center; gap: 0 8px; }
  .total { align-self: center; padding-inline: 4px; font-size: 0.93em; color: var(--_muted); }
  [type='search'] { margin: 0 12px 8px; padding: 10px 12px; border-radius: 12px; background: var(--_raised); font-size: max(16px, 1.14em); }
  ::placeholder { color: var(--_muted); opacity: 1; }
  .tools, .choices { display: flex; flex-wrap: wrap; gap: 0 6px; }
  .tools { padding: 0 12px 4px; }
  .chip {
    all: unset; display: inline-flex; align-items: center; gap: 5px; box-sizing: border-box; min-width: 44px; max-width: 100%; min-height: max(44px, 2.75em); padding: 0 10px;
    border: solid #0000; border-width: 5px 0; border-radius: 22px; background: var(--_raised); background-clip: padding-box; font-size: 0.93em; overflow-wrap: anywhere; cursor: pointer;
  }
  .chip svg { width: 1.2em; height: 1.2em; }
  .chip[aria-pressed='true'], .chip.on { background-color: color-mix(in srgb, var(--_accent) 12%, var(--_surface)); color: var(--_accent-text); font-weight: 600; }
  .row[data-selected] .chip { background-color: var(--_surface); }
  select.chip {
    padding-inline-end: 24px; field-sizing: content; background: linear-gradient(45deg, #0000 50%, currentColor 0) calc(100% - 15px) 50% / 5px 5px no-repeat padding-box, linear-gradient(-45deg, #0000 50%, currentColor 0) calc(100% - 10px) 50% / 5px 5px no-repeat padding-box, var(--_raised) padding-box;
  }
  [dir='rtl'] select.chip { background-position: 10px 50%, 15px 50%, 0 0; }
  option { background: var(--_surface); color: var(--_text); font-weight: 400; }
  .news { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; padding-block: 2px; }
  .news span { flex: 1; overflow-wrap: anywhere; }
  .news .chip { background-color: var(--_surface); }
  .body { display: flex; flex-direction: column; flex: auto; min-height: 0; position: relative; }
  .changes { position: absolute; inset-block-end: 4px; inset-inline: 0; margin: auto; width: fit-content; background-color: var(--_text); color: var(--_surface); z-index: 1; }
  .docked .changes { inset-block: 4px auto; }
  h3 { margin: 0; font: inherit; }
  .fold { display: flex; justify-content: start; gap: 6px; width: 100%; padding: 0 8px; border-radius: 12px; box-sizing: border-box; color: var(--_muted); }
  .fold .name { color: var(--_text); }
  .fold svg { width: 1.2em; height: 1.2em; }
  .fold[aria-expanded='false'] svg { rotate: -90deg; }
  [dir='rtl'] .fold[aria-expanded='false'] svg { rotate: 90deg; }
  .list { flex: auto; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 0 8px 8px; scrollbar-width: thin; scrollbar-color: var(--_border) #0000; }
  /* Without the relay the list tells what was true last: in the colours of who is offline, which are readable; a filter's are not. */
  .stale [data-status] { --_tone: var(--_off); }

  .row {
    display: grid; grid-template: auto auto / auto minmax(0, 1fr) auto auto auto; column-gap: 10px; align-items: center; align-content: center;
    min-height: 60px; padding: 8px; border-radius: 12px;
  }
  .avatar {
    position: relative; display: grid; place-items: center; flex: none; grid-row: 1 / span 2; width: 3.08em; height: 3.08em; border-radius: 50%;
    background: var(--_raised); color: var(--_muted); font-size: 0.93em; font-weight: 600;
  }
  .avatar .mark { position: absolute; inset-block-end: 0; inset-inline-end: 0; width: 0.92em; height: 0.92em; border-radius: 50%; border: 2px solid var(--_surface); background: var(--_tone); }
  .name { font-weight: 600; }
  /* A name is read in its own direction, and stands where the list begins. */
  .name, .team { min-width: 0; overflow-wrap: anywhere; text-align: -webkit-match-parent; text-align: match-parent; }
  .dock .status, .meta { font-size: 0.89em; }
  .meta { grid-column: 2 / span 2; display: flex; flex-wrap: wrap; gap: 0 8px; color: var(--_muted); }
  .sound, .count { display: flex; align-items: center; gap: 3px; }
  .sound { gap: 8px; font-size: 0.89em; color: var(--_muted); }
  .sound svg, .status svg { width: 1.12em; height: 1.12em; }
  .bars {
    flex: none; width: 18px; height: 13px; background: linear-gradient(90deg, var(--_success) calc(var(--_bars) * 25%), var(--_border) 0);
    /* A path, not masks: each mask is a picture of its own that is composed again at every frame, and there is one in each row. */
    clip-path: polygon(0 100%, 0 9px, 3px 9px, 3px 100%, 5px 100%, 5px 6px, 8px 6px, 8px 100%, 10px 100%, 10px 3px, 13px 3px, 13px 100%, 15px 100%, 15px 0, 18px 0, 18px 100%);
  }
  .flag { display: flex; color: var(--_live); }
  .flag svg { fill: currentColor; }
  .row:not([data-status='live']) .bars { visibility: hidden; }
  .sign svg { display: block; }
  .more { grid-area: 1 / 5 / span 2; margin-inline-start: -10px; color: var(--_muted); }
  .choices { grid-column: 1 / -1; }
  .listen { grid-area: 1 / 4 / span 2; background: var(--_raised); }
  [data-status='live'] .listen, .row[data-selected] { background: color-mix(in srgb, var(--_accent) 12%, var(--_surface)); }
  [data-status='live'] .listen { color: var(--_accent-text); }
  .row .listen[aria-pressed='true'] { background: var(--_accent); color: #fff; }

  /* Very large letters: the face makes room, the state is in words. */
  @container panel (max-width: 15em) {
    .tools { min-height: max(44px, 2.75em); max-height: 30vh; overflow-y: auto; }
    .row { grid-template-columns: 0 minmax(0, 1fr) auto; column-gap: 4px; }
    .row > .avatar, .row .bars { display: none; }
    .row > .name, .meta, .sound { grid-column: 2; }
    .row .listen { grid-area: 1 / 3 / span 3; }
    .row .more { grid-area: 4 / 3; margin: 0; }
  }
  /* A whole page: the row's parts become columns. */
  @container panel (min-width: 45.7em) {
    .row { grid-template: auto / auto minmax(10em, 1.2fr) 5.5em minmax(0, 2.2fr) auto auto; column-gap: 16px; }
    .row + .row { border-block-start: 1px solid var(--_border); border-radius: 0; }
    .avatar, .listen, .more { grid-row: 1; }
    .listen { grid-column: 5; }
    .more { grid-column: 6; }
    .meta { grid-column: 4; display: grid; grid-template-columns: 1.2fr 1fr; font-size: inherit; }
  }

  .dock { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; padding: 12px 12px 8px; box-shadow: var(--_shadow); }
  :host([dock='inside']) .dock { margin-block-start: 8px; }
  :host(:not([dock='inside'])) .dock {
    position: fixed; width: min(25.7em, 100vw - 32px); max-height: calc(100vh - 32px); overflow-y: auto;
    inset-block-end: calc(var(--prospect-dock-inset-block-end, 16px) + env(safe-area-inset-bottom, 0px));
    inset-inline-end: calc(var(--prospect-dock-inset-inline-end, 16px) + env(safe-area-inset-right, 0px));
    z-index: var(--prospect-z-index, 2147483000);
  }
  .who { flex: 1 1 6em; min-width: 0; }
  .status time { color: var(--_muted); }
  .quality { display: flex; align-items: center; gap: 6px; font-size: 0.86em; color: color-mix(in srgb, var(--_tone) 65%, var(--_text)); --_tone: var(--_success); }
  [data-quality='fair'] { --_tone: var(--_warning); }
  [data-quality='poor'] { --_tone: var(--_live); }
  .quality .bars { background: linear-gradient(90deg, var(--_tone) calc(var(--_bars) * 25%), var(--_border) 0); }
  .others { display: flex; align-items: center; gap: 8px; max-height: 5.6em; overflow-y: auto; padding: 0 8px; font-size: 0.89em; color: var(--_muted); overflow-wrap: anywhere; }
  .dock .sealed { padding: 0 8px; font-size: 0.89em; }
  .settings summary { display: flex; align-items: center; justify-content: space-between; min-height: max(44px, 2.75em); padding: 0 8px; font-size: 0.89em; color: var(--_muted); cursor: pointer; }
  .settings[open] summary svg { rotate: 180deg; }
  .settings label { display: flex; align-items: center; gap: 8px; min-height: max(44px, 2.75em); padding: 0 8px; }
  .settings select { flex: 1; min-width: 0; min-height: max(44px, 2.75em); font: inherit; color: inherit; background: var(--_raised); border: 1px solid var(--_border); border-radius: 8px; }
  .settings [type='checkbox'] { width: 1.4em; height: 1.4em; margin: 0; accent-color: var(--_accent-text); }
  .replaced { display: flex; flex-wrap: wrap; gap: 8px; }
  .replaced p { flex: 1 1 100%; }
  .replaced .wide:not(.primary) { background: var(--_surface); }
  .keys-help { position: fixed; inset: 0; margin: auto; width: min(30em, 100vw - 32px); height: fit-content; max-height: calc(100vh - 32px); overflow: auto; padding: 8px 16px 16px; box-shadow: var(--_shadow); }
  .keys-help:not([open]) { display: none; }
  .keys-help::backdrop { background: #0006; }
  .keys-help h2 { flex: 1; }
  dl { margin: 0; }
  dl div { display: flex; gap: 12px; padding: 5px 0; }
  dt { display: flex; flex-wrap: wrap; align-content: start; gap: 4px; flex: 0 0 8.5em; }
  dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
  kbd { min-width: 2em; padding: 1px 6px; border: 1px solid var(--_border); border-radius: 6px; background: var(--_raised); font: inherit; text-align: center; }
  .stop, .mute[aria-pressed='true'] { color: var(--_live); }
  .stop { background: var(--_raised); }
  .meter { position: relative; flex: none; width: 62px; height: 18px; margin-inline-end: 6px; background: var(--_border); }
  /* A layer of its own: another level is neither laid out nor painted, and no other layer is looked at. The gaps between the bars lie over it. */
  .meter i { display: block; height: 100%; background: var(--_success); transform-origin: 0; will-change: transform; }
  .meter::after { content: ''; position: absolute; inset: 0; background: repeating-linear-gradient(90deg, #0000 0 3px, var(--_surface) 0 6px); }
  [dir='rtl'] .meter i { transform-origin: 100%; }
  .volume { flex: 1; min-width: 60px; height: max(44px, 2.75em); margin: 0; accent-color: var(--_accent-text); }
  /* The last row must be able to scroll above the dock, where the list can reach below it: a few rows do so on a phone only. */
  :host(:not([dock='inside'])) .docked .long { padding-block-end: var(--_room); }
  :host(:not([dock='inside'])) .docked .list button { scroll-margin-block-end: var(--_room); }
  @media (max-width: 40em) {
    :host(:not([dock='inside'])) .docked .some { padding-block-end: var(--_room); }
  }
  @media (forced-colors: active) {
    .bars, .meter { forced-color-adjust: none; }
    /* Their borders are room for fingers, and would be bars here. */
    .chip { border: 1px solid; }
    .row[data-selected] { outline: 2px solid Highlight; outline-offset: -2px; }
  }
`;
