/** Parts of the elements wherever they stand: in their own shadow tree, or in a stand-in over what covers the page. */
function* roots(root: Document | ShadowRoot): IterableIterator<Document | ShadowRoot> {
  yield root;
  for (const element of root.querySelectorAll('*')) if (element.shadowRoot) yield* roots(element.shadowRoot);
}

/** The one element of the page, shadow trees included, that the selector finds. */
export function found(selector: string): HTMLElement | null {
  for (const root of roots(document)) {
    const one = root.querySelector<HTMLElement>(selector);
    if (one) return one;
  }
  return null;
}

/** A pointer that is pressed in its middle hits it: it is in the window, nothing is over it, and it is not inert. */
export function reachable(selector: string): boolean {
  const one = found(selector);
  if (!one) return false;
  const { x, y, width, height } = one.getBoundingClientRect();
  let root: Document | ShadowRoot = document;
  for (;;) {
    const hit: Element | null = root.elementFromPoint(x + width / 2, y + height / 2);
    if (!hit) return false;
    if (one.contains(hit)) return true;
    if (!hit.shadowRoot || hit.shadowRoot === root) return false;
    root = hit.shadowRoot;
  }
}

/** Everything that a change of the page brings about has happened. */
export const rest = () => new Promise((done) => setTimeout(done, 60));
