import type { LitElement, ReactiveController } from 'lit';
import { above } from './host-events.ts';
import { adoptShadowStyles } from './shadow-styles.ts';

/** What of an element stays usable over dialogs and full screen. */
export interface TopLayerOptions {
  /** The part that stands fixed in the window, while there is one. */
  readonly surface: () => HTMLElement | null;
  /** Whether it has to be seen wherever it stands, such as in the flow of the page. */
  readonly needed: () => boolean;
}

/** Properties of an ancestor that make it, and not the window, what a fixed box is placed in (CSS Transforms, Filter Effects, Containment). */
const TRAPS = [
  ['transform', 'translate', 'rotate', 'scale', 'perspective', 'filter', 'backdropFilter'],
  ['contain', 'willChange', 'containerType'],
] as const;
const TRAPPING = /paint|layout|strict|content|transform|translate|rotate|scale|perspective|filter|size/;

/** Elements that show no children. */
const REPLACED = /^(video|iframe|img|canvas|object|embed|audio)$/;

/** What hosts set on the element itself, and its stand-in does not inherit. */
const PROPERTIES = [
  'accent',
  'live',
  'success',
  'warning',
  'off',
  'surface',
  'text',
  'text-muted',
  'raised',
  'border',
  'font',
  'radius',
  'shadow',
  'button-size',
  'button-inset-block-end',
  'button-inset-inline-end',
  'dock-inset-block-end',
  'dock-inset-inline-end',
].map((name) => `--prospect-${name}`);

/** What tells that something came over the page, or went. */
const ANNOUNCED = ['fullscreenchange', 'webkitfullscreenchange', 'close', 'toggle'];

const TRAPPED_MS = 1_000;

/** Dialogs that are open as modal ones, in the order in which they were seen, for all elements of the page. */
let modals: readonly Element[] = [];

/**
 * Keeps the fixed part of an element visible and usable while the host shows a modal dialog, which makes everything outside of it inert, popovers
 * in the top layer too; while something fills the screen; and within a transformed ancestor, which would hold and clip it. The part itself
 * (its nodes, with state and listeners) then stands in a stand-in, a popover inside the dialog or the body, and comes back afterwards. The element
 * stays where the host has put it: frameworks do not miss it.
 */
export class TopLayer implements ReactiveController {
  readonly #host: LitElement;
  readonly #options: TopLayerOptions;
  /** Where it listens: the element may be moved to another document. */
  #page: Document | null = null;
  #observer: MutationObserver | null = null;
  #stand: HTMLElement | null = null;
  #moved: HTMLElement | null = null;
  #trapped = false;
  #trappedAt = Number.NEGATIVE_INFINITY;
  /** Where the part belongs: gone when the element has rendered another in its place. */
  readonly #place = document.createComment('');

  constructor(host: LitElement, options: TopLayerOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  /** Where the part is to be looked for just now. */
  get root(): ParentNode {
    return this.#stand?.shadowRoot ?? this.#host.renderRoot;
  }

  hostConnected(): void {
    this.#page = this.#host.ownerDocument;
    // Dialogs of other components' shadow trees are seen when focus goes into them, which it does at once.
    this.#page.addEventListener('focusin', this.#noteFocus);
    for (const name of ANNOUNCED) this.#page.addEventListener(name, this.#look, true);
    this.#observer = new MutationObserver(this.#look);
    this.#observe(false);
  }

  hostUpdated(): void {
    this.#look();
  }

  hostDisconnected(): void {
    this.#page?.removeEventListener('focusin', this.#noteFocus);
    for (const name of ANNOUNCED) this.#page?.removeEventListener(name, this.#look, true);
    this.#observer?.disconnect();
    this.#return();
  }

  /** @param removals of dialogs as well: nothing else tells of them, and it is only worth looking while one is open */
  #observe(removals: boolean): void {
    this.#observer?.disconnect();
    this.#observer?.observe(this.#host.ownerDocument, {
      attributeFilter: ['open'],
      subtree: true,
      childList: removals,
    });
  }

  #note(path: readonly EventTarget[]): void {
    const dialog = path.find((node): node is Element => isElement(node) && isModal(node));
    if (dialog && !modals.includes(dialog)) modals = [...modals, dialog];
    this.#look();
  }

  readonly #noteFocus = (event: FocusEvent): void => this.#note(event.composedPath());

  readonly #look = (): void => {
    const host = this.#host;
    if (!host.isConnected) return;
    const part = this.#moved && this.#place.isConnected ? this.#moved : this.#options.surface();
    const stage = part && this.#options.needed() ? this.#stageFor(part) : null;
    if (!stage || this.#stand?.parentNode !== stage || part !== this.#moved) this.#return();
    if (stage && part && !this.#stand) this.#move(part, stage);
  };

  /** Into what the part has to go to be seen and used; null: it is fine where it is. */
  #stageFor(part: HTMLElement): Element | null {
    const host = this.#host;
    const page = host.ownerDocument;
    const ancestors = ancestorsOf(host);
    const open = supportsModal ? [...page.querySelectorAll('dialog:modal')] : [];
    modals = [...new Set([...modals, ...open])].filter((dialog) => dialog.isConnected && isModal(dialog));
    const top = modals.filter((dialog) => dialog.ownerDocument === page).at(-1);
    if (top && !ancestors.includes(top)) return top;
    const full = page.fullscreenElement;
    // Full screen makes inert what is outside, too (HTML, 6.3). A video has no room for anything.
    if (!top && full && !ancestors.includes(full)) return REPLACED.test(full.localName) ? null : full;
    return this.#isTrapped(part, ancestors) ? (top ?? full ?? page.body) : null;
  }

  /** Looked at once a second: the styles of all ancestors are asked for. */
  #isTrapped(part: HTMLElement, ancestors: readonly Node[]): boolean {
    const now = performance.now();
    if (now - this.#trappedAt < TRAPPED_MS) return this.#trapped;
    this.#trappedAt = now;
    const position = styleOf(this.#host)?.position;
    const around = position === 'fixed' ? ancestors : [this.#host, ...ancestors];
    this.#trapped = (position === 'fixed' || styleOf(part)?.position === 'fixed') && around.some(traps);
    return this.#trapped;
  }

  #move(part: HTMLElement, stage: Element): void {
    const host = this.#host;
    const stand = host.ownerDocument.createElement('div');
    const root = stand.attachShadow({ mode: 'open' });
    adoptShadowStyles(host, root);
    const theme = host.getAttribute('theme');
    if (theme) stand.setAttribute('theme', theme);
    const style = styleOf(host);
    stand.dir = style?.direction ?? '';
    stand.style.position = 'fixed';
    stand.style.colorScheme = style?.colorScheme ?? '';
    for (const name of PROPERTIES) {
      const value = style?.getPropertyValue(name);
      if (value) stand.style.setProperty(name, value);
    }
    stand.popover = 'manual';
    const { activeElement } = host.renderRoot as ShadowRoot;
    part.before(this.#place);
    stage.append(stand);
    root.append(part);
    // Browsers without popovers have it fixed within the dialog.
    stand.showPopover?.();
    if (activeElement instanceof HTMLElement && part.contains(activeElement)) activeElement.focus();
    this.#stand = stand;
    this.#moved = part;
    this.#observe(true);
  }

  #return(): void {
    const stand = this.#stand;
    if (!stand) return;
    const part = this.#moved;
    const active = stand.shadowRoot?.activeElement;
    if (part && this.#place.isConnected) this.#place.replaceWith(part);
    else part?.remove();
    this.#place.remove();
    this.#stand = this.#moved = null;
    stand.remove();
    if (active instanceof HTMLElement) active.focus();
    this.#observe(false);
  }
}

/** Null in a document without a window. */
function styleOf(element: Element): CSSStyleDeclaration | null {
  return element.ownerDocument.defaultView?.getComputedStyle(element) ?? null;
}

/** From the inside out, as the page shows them: through slots and shadow roots. */
function ancestorsOf(host: HTMLElement): Node[] {
  const ancestors: Node[] = [];
  for (let node: Node | null = host; node; node = (node as Partial<Element>).assignedSlot ?? above(node)) {
    if (node !== host) ancestors.push(node);
  }
  return ancestors;
}

function traps(node: Node): boolean {
  if (!isElement(node)) return false;
  const style = styleOf(node);
  if (!style) return false;
  const [shapes, names] = TRAPS;
  return (
    shapes.some((name) => (style[name] || 'none') !== 'none') ||
    names.some((name) => TRAPPING.test(String(Reflect.get(style, name))))
  );
}

/** Also of another document than the one that loaded this script, whose classes are others. */
const isElement = (node: EventTarget): node is Element => 'nodeType' in node && node.nodeType === 1;

const supportsModal = globalThis.CSS?.supports?.('selector(:modal)') ?? false;

const isModal = (node: Element): boolean => supportsModal && node.localName === 'dialog' && node.matches(':modal');
