import { css, unsafeCSS } from 'lit';

/** Custom property -> its light and dark default. Each is `--prospect-<name>` for hosts; contrast is AA in both themes. */
const PALETTE = {
  accent: ['#2563eb', '#2563eb'],
  'accent-text': ['#1d4ed8', '#93b4ff'],
  live: ['#dc2626', '#dc2626'],
  'live-text': ['#b91c1c', '#ff9a94'],
  success: ['#16a34a', '#34d17a'],
  'success-text': ['#14713a', '#6ee7a0'],
  warning: ['#b45309', '#b45309'],
  'warning-text': ['#8a4a06', '#fbc36a'],
  surface: ['#ffffff', '#17191f'],
  raised: ['#f3f5f9', '#22262f'],
  border: ['#dfe4ec', '#323845'],
  text: ['#131720', '#f1f3f7'],
  'text-muted': ['#525c6f', '#a9b2c1'],
  off: ['#64748b', '#5b6779'],
} as const;

const declare = (value: (pair: readonly [light: string, dark: string]) => string) =>
  unsafeCSS(
    Object.entries(PALETTE)
      .map(([name, pair]) => `--_${name}:var(--prospect-${name},${value(pair)});`)
      .join(''),
  );

/**
 * What both elements share: isolation from the host page, colours, and the small pieces.
 * A page's `*` rule beats `:host`, and whatever it sets there is inherited; so the reset stands on `.root`, inside. The theme follows the page's
 * `color-scheme` (which `all` would reset) and falls back to light where `light-dark()` is not known.
 */
export const theme = css`
  :host([theme='light']) { color-scheme: light; }
  :host([theme='dark']) { color-scheme: dark; }
  :host([theme='auto']) { color-scheme: light dark; }
  :host([hidden]) { display: none !important; }
  .root {
    all: initial;
    ${declare((pair) => pair[0])}
    --_font: var(--prospect-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif);
    --_radius: var(--prospect-radius, 16px);
    --_shadow: var(--prospect-shadow, 0 1px 2px rgb(15 23 42 / 0.08), 0 8px 28px rgb(15 23 42 / 0.16));
    --_accent-soft: color-mix(in srgb, var(--_accent) 12%, var(--_surface));
    color-scheme: inherit;
    box-sizing: border-box;
    color: var(--_text);
    font: 400 14px/1.4 var(--_font);
    -webkit-text-size-adjust: 100%;
    text-size-adjust: 100%;
    -webkit-tap-highlight-color: transparent;
    visibility: inherit;
  }
  @supports (color: light-dark(#000, #fff)) {
    .root { ${declare((pair) => (pair[0] === pair[1] ? pair[0] : `light-dark(${pair[0]},${pair[1]})`))} }
  }
  .root *, .root ::before, .root ::after { box-sizing: border-box; }
  h2, p, ul { margin: 0; padding: 0; font: inherit; list-style: none; }
  p { overflow-wrap: anywhere; }
  button, input { all: unset; box-sizing: border-box; font: inherit; color: inherit; }
  button { display: inline-flex; align-items: center; justify-content: center; cursor: pointer; touch-action: manipulation; }
  button[disabled], button[aria-disabled='true'] { cursor: default; }
  :focus-visible { outline: 3px solid var(--_accent-text); outline-offset: 2px; }
  svg { flex: none; width: 20px; height: 20px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
  svg.solid { fill: currentColor; }
  .sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  time { font-variant-numeric: tabular-nums; }
  .icon-button { width: 44px; height: 44px; border-radius: 50%; color: var(--_text-muted); }
  .text-button { min-height: 44px; padding: 0 16px; gap: 8px; border-radius: 12px; background: var(--_raised); font-weight: 600; text-align: center; }
  .text-button.primary { background: var(--_accent); color: #fff; }
  .fault { color: var(--_warning-text); }
  .busy { animation: turn 1s linear infinite; }
  @keyframes turn { to { transform: rotate(1turn); } }
  @keyframes fade { to { opacity: 0.35; } }
  @media (hover: hover) {
    .icon-button:hover { background: var(--_raised); color: var(--_text); }
    .text-button:hover { filter: brightness(0.95); }
  }
  @media (prefers-reduced-motion: reduce) {
    .root *, .root ::before, .root ::after { animation: none !important; transition: none !important; }
  }
  @media (forced-colors: active) {
    button, .frame { border: 1px solid; }
    button[aria-pressed='true'] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  }
`;
