/** The names of bundles and parts. By any other, another bundler has put them somewhere else, and the files too. */
const OWN = /\/(?:parts\/[\w-]+-[0-9a-f]{16}|prospect-[a-z-]+(?:-[0-9a-f]{16})?)\.js/;

/**
 * Loads the file of one part in a page, once; it is put into each bundle. What did not come is asked for again at the next call, by another address: browsers keep the
 * failure of an import for as long as the page lives (HTML, module map).
 *
 * The file is checked against the hash that the bundle was built with, so that a page which pins the bundle has pinned its parts, at the
 * first attempt and at each further one: `modulepreload` takes an integrity value, which `import()` does not, and what it refused stays refused.
 * @template T
 * @param {() => Promise<{ default: (given: unknown[]) => T }>} load the import of the file, as a host's own bundler understands it
 * @param {string} path of the file, from the file that asks
 * @param {string} base the address of the file that asks
 * @param {string} integrity
 * @param {() => unknown[]} given what the part takes
 * @returns {() => Promise<T>}
 */
export function partFile(load, path, base, integrity, given) {
  /** @type {Promise<T> | undefined} */
  let part;
  let failures = 0;
  const file = async () => {
    if (!OWN.test(base)) return load();
    const url = new URL(path, base);
    if (failures > 0) url.search = `again=${failures}`;
    await pinned(url.href, integrity);
    return failures > 0 ? import(/* @vite-ignore */ /* webpackIgnore: true */ url.href) : load();
  };
  return () =>
    (part ??= file().then(
      (made) => made.default(given()),
      (error) => {
        part = undefined;
        failures++;
        throw error;
      },
    ));
}

/** Fetches and checks a module for the import that follows, which fails when this did: so it says nothing of it. */
function pinned(href, integrity) {
  const link = globalThis.document?.createElement('link');
  if (!link?.relList?.supports?.('modulepreload')) return null;
  return new Promise((resolve) => {
    Object.assign(link, {
      rel: 'modulepreload',
      crossOrigin: 'anonymous',
      integrity,
      href,
      onload: resolve,
      onerror: resolve,
    });
    document.head.append(link);
  }).finally(() => link.remove());
}
