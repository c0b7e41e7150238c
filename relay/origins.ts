/**
 * Which pages may use the relay. An origin is a scheme, a host and a port (RFC 6454); browsers write it without the default
 * port, in lower case, with names in Punycode, and so does the list.
 */

/** Schemes that browsers and the shells of native applications (Capacitor, Ionic, Tauri, Electron, extensions) send. */
const SCHEMES = [
  'https',
  'http',
  'capacitor',
  'ionic',
  'tauri',
  'app',
  'chrome-extension',
  'moz-extension',
  'safari-web-extension',
];

/** An entry in pieces: scheme, `*.` or nothing, the host, `:port` or nothing. */
const ENTRY = /^([a-z][a-z0-9+.-]*):\/\/(\*\.)?(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)(:\d{1,5})?$/;

/**
 * May a page of this origin use the relay? Without an `Origin` header it is no page (or the relay's own), and an allow-list
 * protects nobody.
 */
export function isAllowedOrigin(allowed: readonly string[], origin: string | undefined): boolean {
  return origin === undefined || allowed.some((entry) => matches(entry, origin));
}

/** The allow-list as the packages cors and Socket.IO take it. */
export function corsOrigin(
  allowed: readonly string[],
): '*' | ((origin: string | undefined, answer: (error: null, allow: boolean) => void) => void) {
  if (allowed.includes('*')) return '*';
  return (origin, answer) => answer(null, isAllowedOrigin(allowed, origin));
}

/** `*` in place of the first labels stands for one or more whole ones, as in a Content-Security-Policy (CSP3, 6.7.2.8). */
function matches(entry: string, origin: string): boolean {
  if (entry === '*' || entry === origin) return true;
  const star = entry.indexOf('://*.');
  if (star < 0) return false;
  const scheme = entry.slice(0, star + 3);
  const tail = entry.slice(star + 4);
  if (!origin.startsWith(scheme) || !origin.endsWith(tail)) return false;
  // What stands for the star is labels and nothing else, so that no path, port or user name can pretend to be one.
  const labels = origin.slice(scheme.length, origin.length - tail.length);
  return /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(labels);
}

/** What is wrong with an entry of the list, with the near right value; null when a browser can send what it says. */
export function problemOfOrigin(entry: string): string | null {
  if (entry === '*') return null;
  if (entry === 'null') {
    return 'no null: files and sandboxed frames send it, so any page can. Serve the page from an origin of its own';
  }
  const lower = entry.toLowerCase();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//.exec(lower)?.[1];
  if (scheme === undefined) {
    const named = /^(\*\.)?[^\s/:*@]+(?::\d+)?\/?$/.test(lower) ? spelt(`https://${lower}`) : null;
    return `origins such as https://app.example.com, https://*.example.com or capacitor://localhost, or * alone${
      named === null ? '' : `; perhaps ${named}`
    }`;
  }
  if (!SCHEMES.includes(scheme)) return `origins of the schemes ${SCHEMES.join(', ')}`;
  if (/:\*/.test(lower.slice(scheme.length + 1))) return 'a port by its number; list each origin with its port';
  const host = lower.slice(scheme.length + 3);
  if (host.replace(/^\*\./, '').includes('*')) {
    return 'a * only in place of whole labels at the start, as in https://*.example.com';
  }
  if (host.startsWith('*.') && !/^\*\.(?!\d+(?:\.\d+){3})[^./:[\]]+\.[^/:[\]]+/.test(host)) {
    return 'a * only before a name of your own with two labels or more, as in https://*.example.com';
  }
  const right = spelt(entry);
  if (right === null) return 'origins such as https://app.example.com';
  return right === entry ? null : `an origin without path and in the browser's spelling: ${right}`;
}

/** An entry as a browser would write it; null when it is none. */
function spelt(entry: string): string | null {
  const [, scheme = '', star = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(\*\.)?(.*)$/i.exec(entry) ?? [];
  const web = /^https?$/i.test(scheme);
  // Only http and https have an origin in the URL standard; the others are written as their shells send them.
  const asWeb = web ? `${scheme}://${rest}` : `http://${rest}`;
  if (!URL.canParse(asWeb)) return null;
  const url = new URL(asWeb);
  if (url.username !== '' || url.password !== '') return null;
  const found = `${scheme.toLowerCase()}://${star}${url.host}`;
  return ENTRY.test(found) && !found.includes('..') ? found : null;
}
