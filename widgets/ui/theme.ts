import { css, unsafeCSS } from 'lit';

/** Custom property -> its light default, and its dark one where that differs. Each is `--prospect-<name>` for hosts; contrast is AA in both. */
const PALETTE: Readonly<Record<string, readonly [light: string, dark?: string]>> = {
  accent: ['#2563eb'],
  'accent-text': ['#1d4ed8', '#93b4ff'],
  live: ['#dc2626'],
  'live-text': ['#b91c1c', '#ff9a94'],
  success: ['#16a34a', '#34d17a'],
  'success-text': ['#14713a', '#6ee7a0'],
  warning: ['#b45309'],
  'warning-text': ['#8a4a06', '#fbc36a'],
  surface: ['#fff', '#17191f'],
  raised: ['#f3f5f9', '#22262f'],
  border: ['#dfe4ec', '#323845'],
  text: ['#131720', '#f1f3f7'],
  'text-muted': ['#525c6f', '#a9b2c1'],
  off: ['#64748b', '#5b6779'],
};

const declare = (value: (light: string, dark?: string) => string | undefined) =>
  unsafeCSS(
    Object.entries(PALETTE)
      .map(([name, pair]) => value(...pair) && `--_${name}:var(--prospect-${name},${value(...pair)});`)
      .join(''),
  );

/**
 * What both elements share: isolation from the host page, colours, and the small pieces.
 * A page's `*` rule beats `:host`, and whatever it sets there is inherited; so the reset stands on `.root`, inside. The theme follows the page's
 * `color-scheme` (which `all` would reset) and falls back to light where `light-dark()` is not known.
 */
export const theme = css`
  :host([theme='light']) { color-scheme: light !important; }
  :host([theme='dark']) { color-scheme: dark !important; }
  :host([theme='auto']) { color-scheme: light dark !important; }
  .root {
    all: initial;
    ${declare((light) => light)}
    --_radius: var(--prospect-radius, 16px);
    --_shadow: var(--prospect-shadow, 0 1px 2px #0f172a14, 0 8px 28px #0f172a29);
    --_accent-soft: color-mix(in srgb, var(--_accent) 12%, var(--_surface));
    --_live-soft: color-mix(in srgb, var(--_live) 12%, var(--_surface));
    color-scheme: inherit;
    color: var(--_text);
    font: 14px/1.4 var(--prospect-font, system-ui, sans-serif);
    visibility: inherit;
    -webkit-text-size-adjust: 100%;
    -webkit-tap-highlight-color: transparent;
  }
  @supports (color: light-dark(#000, #fff)) {
    .root { ${declare((light, dark) => dark && `light-dark(${light},${dark})`)} }
  }
  .root, .root *, .root ::before, .root ::after { box-sizing: border-box; }
  h2, p, ul { margin: 0; padding: 0; font: inherit; list-style: none; }
  button, input { all: unset; box-sizing: border-box; font: inherit; color: inherit; }
  button { display: flex; align-items: center; justify-content: center; flex: none; cursor: pointer; touch-action: manipulation; }
  button[disabled], button[aria-disabled='true'] { cursor: default; }
  :focus-visible { outline: 3px solid var(--_accent-text); outline-offset: 2px; }
  svg { flex: none; width: 20px; height: 20px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
  .sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  time { font-variant-numeric: tabular-nums; }
  .round { position: relative; width: 44px; height: 44px; border-radius: 50%; }
  .wide { min-height: 44px; padding: 0 16px; gap: 8px; border-radius: 12px; background: var(--_raised); font-weight: 600; white-space: nowrap; }
  .primary { background: var(--_accent); color: #fff; }
  [data-icon='stop'], [data-icon='play'] { fill: currentColor; }
  [data-icon='ring'] { animation: turn 1s linear infinite; }
  button > [data-icon='ring'] { position: absolute; inset: 2px; width: auto; height: auto; stroke-width: 1.5; }
  @keyframes turn { to { transform: rotate(1turn); } }
  @media (hover: hover) {
    .round:hover, .wide:hover { box-shadow: inset 0 0 0 2px var(--_accent); }
  }
  @media (prefers-reduced-motion: reduce) {
    .root *, .root ::before, .root ::after { animation: none !important; transition: none !important; }
  }
  @media (forced-colors: active) {
    button:not(.head), .frame { border: 1px solid; }
    [aria-pressed='true'] { forced-color-adjust: none; background: Highlight !important; color: HighlightText !important; }
  }
`;
