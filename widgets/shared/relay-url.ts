import { type PageFaultCode, ProspectError } from './fault.ts';

/** Where the relay is: what Socket.IO wants as its URL, and its path on that host. */
export interface RelayAddress {
  readonly origin: string;
  readonly path: string;
}

/** What is needed of `location`. */
export type PageLocation = Pick<Location, 'protocol' | 'hostname'>;

/** Ports that a relay listens on by default. */
const DEFAULT_PORT = { 'https:': 8443, 'http:': 8080 } as const;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const CODE: PageFaultCode = 'relay_url_invalid';

/**
 * The relay's address: the `relay-url` attribute (a path in it stands before `/socket.io`, for a relay behind a proxy), else the
 * page's own host name, `https://HOST:8443` for an https page and `http://HOST:8080` for an http page.
 * @throws ProspectError relay_url_invalid
 */
export function resolveRelayUrl(relayUrl: string | null | undefined, page: PageLocation): RelayAddress {
  const given = relayUrl?.trim();
  if (!given) {
    const { protocol, hostname } = page;
    if (!hostname || (protocol !== 'https:' && protocol !== 'http:')) {
      throw new ProspectError(
        CODE,
        `A ${protocol} page has no host to find the relay at. Set the relay-url attribute.`,
      );
    }
    return { origin: `${protocol}//${hostname}:${DEFAULT_PORT[protocol]}`, path: '/socket.io' };
  }
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw new ProspectError(CODE, `relay-url "${given}" is not a URL. Write it like https://relay.example.com:8443.`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new ProspectError(CODE, `relay-url "${given}" must start with https:// or http://.`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new ProspectError(CODE, 'relay-url must hold no user name, password, query or fragment.');
  }
  if (page.protocol === 'https:' && url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    throw new ProspectError(
      CODE,
      `An https page may not use ${url.origin}: browsers block it. Use the relay's https address.`,
    );
  }
  return { origin: url.origin, path: `${url.pathname.replace(/\/+$/, '')}/socket.io` };
}
