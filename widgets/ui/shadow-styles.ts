import { adoptStyles, type CSSResult, type CSSResultOrNative, type LitElement, supportsAdoptingStyleSheets } from 'lit';

/** Sheets made in documents other than the one that loaded this script: a constructed sheet can be adopted only where it was made. */
const foreign = new WeakMap<Document, Map<CSSResultOrNative, CSSStyleSheet>>();

/**
 * The element's shadow root with its styles, as LitElement's `createRenderRoot` makes it; but also when the element stands in another document
 * than the one that loaded this script (an iframe, a window of its own), where LitElement's would throw and leave the element blank.
 */
export function styledShadowRoot(host: LitElement): ShadowRoot {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  adoptShadowStyles(host);
  return root;
}

/**
 * Browsers take the adopted sheets away when an element moves into another document (CSSOM, `adoptedStyleSheets`): gives them back.
 * @param root that is to have the element's styles
 */
export function adoptShadowStyles(host: LitElement, root: ShadowRoot | null = host.shadowRoot): void {
  if (!root) return;
  const { elementStyles } = host.constructor as typeof LitElement;
  const { ownerDocument } = host;
  const view = ownerDocument.defaultView;
  for (const style of root.querySelectorAll(':scope > style')) style.remove();
  // Without adopted sheets (Safari before 16.4, jsdom) they are `style` elements, which move along.
  if (ownerDocument === document || !supportsAdoptingStyleSheets) adoptStyles(root, elementStyles);
  else if (view) root.adoptedStyleSheets = elementStyles.map((style) => sheetFor(style, ownerDocument, view));
}

/** A part brought styles along: every element of this kind has them from now on, this one at once. */
export function addShadowStyles(host: LitElement, styles: CSSResult): void {
  const { elementStyles } = host.constructor as typeof LitElement;
  if (!elementStyles.includes(styles)) elementStyles.push(styles);
  adoptShadowStyles(host);
}

function sheetFor(style: CSSResultOrNative, owner: Document, view: Window & typeof globalThis): CSSStyleSheet {
  const sheets = foreign.get(owner) ?? new Map<CSSResultOrNative, CSSStyleSheet>();
  foreign.set(owner, sheets);
  let sheet = sheets.get(style);
  if (!sheet) {
    sheet = new view.CSSStyleSheet();
    sheet.replaceSync(textOf(style));
    sheets.set(style, sheet);
  }
  return sheet;
}

const textOf = (style: CSSResultOrNative): string =>
  style instanceof CSSStyleSheet
    ? [...style.cssRules].map(({ cssText }) => cssText).join('\n')
    : (style as CSSResult).cssText;
