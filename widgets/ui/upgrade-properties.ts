/**
 * Properties that a host set before the element's class was there (its script came later) stand on the object itself, and would hide the class's accessors for
 * good: takes them off, and sets anew those that can be set. What is only read, such as `state`, is the element's again. Lit does the same for its reactive
 * properties, but not for accessors written by hand.
 */
export function upgradeProperties(element: HTMLElement): void {
  for (let proto = Object.getPrototypeOf(element); proto && !isPlatform(proto); proto = Object.getPrototypeOf(proto)) {
    for (const [name, { get, set }] of Object.entries(Object.getOwnPropertyDescriptors(proto))) {
      if (!get || !Object.hasOwn(element, name)) continue;
      const value = Reflect.get(element, name);
      Reflect.deleteProperty(element, name);
      if (set) Reflect.set(element, name, value);
    }
  }
}

/** Classes of lit and of the browser have no accessors for hosts. */
const isPlatform = (proto: object): boolean => Object.hasOwn(proto, 'requestUpdate') || proto === HTMLElement.prototype;
