import { createHash } from 'node:crypto';

/** The name by which a page's own modules import a bundle, with an import map and with a bundler alike. */
const specifierOf = (bundle) => `@prospect-live/widgets/${bundle}`;

/**
 * What a page needs to load a bundle from a CDN, checked by the browser.
 * @typedef {object} CdnTags
 * @property {string} script a script tag
 * @property {string} importMap an import map, for pages whose own modules import the bundle
 * @property {string[]} scriptSources for the page's `script-src`: the folder, and the import map, which stands in the page
 * @property {string} stable the script tag with the name that never changes, which nothing checks
 */

/**
 * Makes the tags of one bundle.
 * @param {string} base where `widgets/dist/cdn/` is uploaded to, such as `https://cdn.example.com/prospect-live/`
 * @param {import('./content-named.mjs').CdnManifest} manifest
 * @param {string} bundle its stable name
 * @returns {CdnTags}
 * @throws Error that says what is wrong with base or bundle
 */
export function cdnTags(base, manifest, bundle = 'prospect-live.js') {
  const folder = readBase(base);
  const entry = Object.hasOwn(manifest.files, bundle) ? manifest.files[bundle] : null;
  if (!entry) throw new Error(`There is no bundle ${bundle}. The bundles: ${Object.keys(manifest.files).join(', ')}`);
  const url = new URL(entry.file, folder).href;
  const map = JSON.stringify(
    {
      imports: { [specifierOf(bundle)]: url },
      integrity: { [url]: entry.integrity, ...lateIntegrity(folder, manifest) },
    },
    null,
    2,
  );
  const text = `\n${map}\n`;
  const mapHash = createHash('sha256').update(text).digest('base64');
  const tag = (src, rest = '') => `<script type="module" crossorigin="anonymous" src="${src}"${rest}></script>`;
  return {
    script: tag(url, ` integrity="${entry.integrity}"`),
    importMap: `<script type="importmap">${text}</script>`,
    scriptSources: [folder, `'sha256-${mapHash}'`],
    stable: tag(new URL(bundle, folder).href),
  };
}

/** A bundle loads parts and languages by itself: only here can a page pin those. */
const lateIntegrity = (folder, { locales = {}, parts = {} }) =>
  Object.fromEntries(
    [...Object.values(parts), ...Object.values(locales)].map(({ file, integrity }) => [
      new URL(file, folder).href,
      integrity,
    ]),
  );

/** The folder's URL, which ends with a slash. */
function readBase(base) {
  const url = URL.canParse(base) ? new URL(base) : null;
  // Browsers give a microphone to secure pages alone, which load nothing over plain http but from this machine.
  const secure =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && /^(?:localhost|127\..*|\[::1\])$/.test(url.hostname));
  if (!url || !secure || url.search || url.hash || url.username || url.password)
    throw new Error(`"${base}" is not the place of the files: a URL such as https://cdn.example.com/prospect-live/`);
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}
