import { css } from 'lit';

/**
 * What both elements share: isolation from the host page, colours, and the small pieces.
 * A page's `*` rule beats `:host`, and whatever it sets there is inherited; so the reset stands on `.root`, inside. The theme follows the page's
 * Sizes of text, and of what holds text, are in em of the user's own default font size (`medium`): a rem would follow what the page sets on its `html`, such as 62.5 %.
 * `color-scheme` (which `all` would reset) and falls back to light where `light-dark()` is not known. All other colours are mixed from the first seven, which hosts
 * can set; contrast is AA in both themes.
 */
export const theme = css`
  :host { all: initial; color-scheme: inherit; font-size: medium !important; }
  :host([hidden]) { display: none !important; }
  :host([theme='light']) { color-scheme: light !important; }
  :host([theme='dark']) { color-scheme: dark !important; }
  :host([theme='auto']) { color-scheme: light dark !important; }
  .root {
    all: initial;
    --_accent: var(--prospect-accent, #2563eb);
    --_live: var(--prospect-live, #dc2626);
    --_success: var(--prospect-success, #16a34a);
    --_warning: var(--prospect-warning, #b45309);
    --_off: var(--prospect-off, #64748b);
    --_surface: var(--prospect-surface, #fff);
    --_text: var(--prospect-text, #131720);
    --_accent-text: color-mix(in srgb, var(--_accent) 75%, var(--_text));
    --_muted: var(--prospect-text-muted, color-mix(in srgb, var(--_off) 65%, var(--_text)));
    --_raised: var(--prospect-raised, color-mix(in srgb, var(--_off) 12%, var(--_surface)));
    --_border: var(--prospect-border, color-mix(in srgb, var(--_off) 25%, var(--_surface)));
    --_radius: var(--prospect-radius, 16px);
    --_shadow: var(--prospect-shadow, 0 1px 2px #0f172a14, 0 8px 28px #0f172a29);
    color-scheme: inherit;
    color: var(--_text);
    font: 0.875em/1.4 var(--prospect-font, system-ui, sans-serif);
    visibility: inherit;
    -webkit-text-size-adjust: 100%;
    -webkit-tap-highlight-color: #0000;
  }
  @supports (color: light-dark(#000, #fff)) {
    .root { --_surface: var(--prospect-surface, light-dark(#fff, #17191f)); --_text: var(--prospect-text, light-dark(#131720, #f1f3f7)); }
  }
  [data-status] { --_tone: var(--_accent); }
  [data-status='live'] { --_tone: var(--_live); }
  [data-status='idle'], [data-status='offline'], [data-status='connecting'] { --_tone: var(--_off); }
  [data-status='paused'], [data-status='interrupted'], [data-status='reconnecting'], [data-status='blocked'], .fault { --_tone: var(--_warning); }
  .status, .fault { color: color-mix(in srgb, var(--_tone) 65%, var(--_text)); }
  .root, *, ::before, ::after { box-sizing: border-box; }
  h2, p, ul { margin: 0; padding: 0; font: inherit; list-style: none; }
  button, [type='search'] { all: unset; min-height: max(44px, 2.75em); box-sizing: border-box; }
  button { display: flex; align-items: center; justify-content: center; flex: none; cursor: pointer; touch-action: manipulation; }
  button[disabled], [aria-disabled='true'] { cursor: default; }
  :focus-visible { outline: 3px solid var(--_accent-text); outline-offset: 2px; }
  svg { flex: none; width: 1.43em; height: 1.43em; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
  .sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  time { font-variant-numeric: tabular-nums; }
  .round { position: relative; width: max(44px, 2.75em); border-radius: 50%; }
  .wide { flex: 1 1 auto; min-width: 0; overflow-wrap: anywhere; hyphens: auto; padding: 6px 16px; gap: 8px; border-radius: 12px; background: var(--_raised); font-weight: 600; text-align: center; }
  /* Very large letters: the words say what the sign says, and need its room. */
  @media (max-width: 15em) { .wide > svg { display: none; } .wide { padding-inline: 8px; } }
  .sealed summary { display: flex; align-items: center; gap: 8px; min-height: 44px; cursor: pointer; color: var(--_muted); }
  .sealed summary > :last-child { margin-inline-start: auto; }
  .sealed[open] summary > :last-child { rotate: 180deg; }
  .sealed p { margin: 0; }
  .details { display: flex; flex-wrap: wrap; align-items: center; gap: 0 12px; color: var(--_muted); font-size: 0.93em; }
  .details code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; user-select: all; }
  .details .by-hand { width: 100%; white-space: pre-wrap; }
  .copy { flex: 0 1 auto; min-width: 0; color: var(--_accent-text); text-decoration: underline; overflow-wrap: anywhere; }
  .primary { background: var(--_accent); color: #fff; }
  [data-icon='stop'], [data-icon='play'] { fill: currentColor; }
  [data-icon='ring'] { animation: turn 1s linear infinite; }
  button > [data-icon='ring'] { position: absolute; inset: 2px; width: auto; height: auto; stroke-width: 1.5; }
  @keyframes turn { to { rotate: 1turn; } }
  @media (hover: hover) {
    .round:hover, .wide:hover { box-shadow: inset 0 0 0 2px var(--_accent); }
  }
  @media (prefers-reduced-motion: reduce) {
    *, ::before, ::after { animation: none !important; transition: none !important; }
  }
  @media (forced-colors: active) {
    /* Colours are the system's, and fills are gone: edges and shapes say what they said. */
    button, select, [type='search'], .notice, .bubble, .live-count, .badge { border: 1px solid; }
    [disabled], [aria-disabled='true'] { border-color: GrayText; color: GrayText; }
    .mark { forced-color-adjust: none; background: CanvasText !important; border-color: Canvas !important; }
    .head { border: 0; }
    .mark:is(.off, :is([data-status='ready'], [data-status='idle'], [data-status='connecting']) :not(.online)) { background: Canvas !important; border: 2px solid CanvasText !important; }
    [data-status='paused'] .mark { border-radius: 0 !important; }
    :is([data-status='interrupted'], [data-status='reconnecting'], [data-status='blocked']) .mark { border: 0 !important; border-radius: 0 !important; clip-path: polygon(50% 0, 100% 100%, 0 100%); }
    [data-status='offline'] .mark { border: 0 !important; clip-path: inset(40% 0); }
    [aria-pressed='true'] { forced-color-adjust: none; background: Highlight !important; color: HighlightText !important; }
  }
`;
