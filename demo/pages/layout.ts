import { type Html, html } from '../server/html.ts';
import type { RelayAddress } from '../server/relay-address.ts';
import type { DemoWords } from './words.ts';

/** Path of the built widgets on the relay: both elements in one script. */
export const WIDGETS_PATH = '/widgets/prospect-live.js';

/** What every page knows about how it was reached. */
export interface PageContext {
  readonly relay: RelayAddress | null;
  /** In the language of the visitor's browser. */
  readonly words: DemoWords;
  /** Origin of the development server that tells pages to reload, or null. */
  readonly devReloadUrl: string | null;
  /** Streams are sealed from end to end (`?e2ee`). */
  readonly sealed: boolean;
}

interface Layout {
  readonly title: string;
  /** Added to `<body class>`; the style sheet lays out by it. */
  readonly kind: 'start' | 'field' | 'desk' | 'message' | 'paper';
  readonly head?: Html;
  readonly body: Html;
}

const LOGO = html`<svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
  <path d="M4 11 12 4l8 7v8a1.5 1.5 0 0 1-1.5 1.5H15v-6H9v6H5.5A1.5 1.5 0 0 1 4 19z" />
</svg>`;

/** The company's mark, a link to the start page. */
export function brand({ words }: PageContext): Html {
  return html`<a class="brand" href="/" aria-label="${words.home}">${LOGO}<span>Clairvoie</span></a>`;
}

/** A person's initials in a circle. */
export function avatar(name: string): Html {
  const initials = name
    .split(' ')
    .map((word) => word.slice(0, 1))
    .join('');
  return html`<span class="avatar" aria-hidden="true">${initials}</span>`;
}

/** A whole page. */
export function layout(context: PageContext, page: Layout): string {
  const reload = context.devReloadUrl;
  return `<!doctype html>\n${html`<html lang="${context.words.lang}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
    <meta name="color-scheme" content="light dark" />
    <title>${page.title}</title>
    <link rel="icon" href="/public/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/public/demo.css" />
    ${page.head}
    ${reload ? html`<script src="${reload}/reload.js" defer></script>` : null}
  </head>
  <body class="${page.kind}">
    ${page.body}
  </body>
</html>`}\n`;
}
