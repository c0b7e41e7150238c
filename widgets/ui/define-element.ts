/** What a defined element says of itself. */
interface VersionedElement extends CustomElementConstructor {
  /** The package's version. */
  readonly version?: string;
}

/**
 * Registers an element, once. A page may load it twice (two bundles, hot reloading): the first stays, and a different version is told in the console,
 * because the page then runs older code than it asked for. Does nothing outside a browser.
 */
export function defineElement(tag: string, element: VersionedElement): void {
  if (typeof window === 'undefined') return;
  const defined: VersionedElement | undefined = customElements.get(tag);
  if (!defined) customElements.define(tag, element);
  else if (defined !== element && defined.version !== element.version) {
    console.warn(
      `<${tag}> ${element.version} is ignored: version ${defined.version} is here already. Load the widgets once.`,
    );
  }
}
