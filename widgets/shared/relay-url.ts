import type { NodePlace } from '../../relay/protocol/messages.ts';
import { type PageFaultCode, ProspectError } from './fault.ts';

/** Where the relay is: what Socket.IO wants as its URL, and its path on that host. */
export interface RelayAddress {
  readonly origin: string;
  readonly path: string;
}

/** A node of the relay's cluster: its path at the same address, or at an origin of its own. */
export function addressOfNode({ origin, path }: RelayAddress, place: NodePlace): RelayAddress {
  const end = path.length - '/socket.io'.length;
  return { origin: place.url ?? origin, path: (place.url ? '' : path.slice(0, end)) + place.path + path.slice(end) };
}

/** What is needed of `location`. */
export type PageLocation = Pick<Location, 'protocol' | 'hostname'>;

/** The page's own location; none outside of a page (a test that has a document alone). */
const ownLocation = (): PageLocation => globalThis.location ?? { protocol: 'about:', hostname: '' };

/** Ports that a relay listens on by default. */
const DEFAULT_PORT = { 'https:': 8443, 'http:': 8080 } as const;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The relay's address: the `relay-url` attribute (a path in it stands before `/socket.io`, for a relay behind a proxy), else the
 * page's own host name, `https://HOST:8443` for an https page and `http://HOST:8080` for an http page.
 * @throws ProspectError relay_url_invalid
 */
export function resolveRelayUrl(relayUrl: string | null | undefined, page: PageLocation = ownLocation()): RelayAddress {
  const given = relayUrl?.trim();
  if (!given) {
    const { protocol, hostname } = page;
    if (!hostname || !isHttp(protocol)) throw unusable(`A ${protocol} page has no host for it`, 'Set the attribute.');
    return { origin: `${protocol}//${hostname}:${DEFAULT_PORT[protocol]}`, path: '/socket.io' };
  }
  const { protocol, hostname, origin, pathname, username, password, search, hash } = parse(given);
  if (!isHttp(protocol)) throw unusable(given, 'It must start with https:// or http://.');
  if (username || password || search || hash) {
    throw unusable(origin, 'It must hold no user name, password, query or fragment.');
  }
  if (page.protocol === 'https:' && protocol === 'http:' && !LOOPBACK.test(hostname)) {
    throw unusable(origin, 'On an https page browsers block it. Use the relay’s https address.');
  }
  return { origin, path: `${pathname.replace(/\/+$/, '')}/socket.io` };
}

/**
 * What two spellings of one address have in common (capitals, default port, slashes at the end, white space, none for the page's own host): a host that
 * renders its page anew in another spelling has changed nothing. An unusable address stands for itself.
 */
export function relayKey(relayUrl: string | null | undefined, page: PageLocation = ownLocation()): string {
  try {
    const { origin, path } = resolveRelayUrl(relayUrl, page);
    return origin + path;
  } catch {
    return `unusable ${relayUrl?.trim()}`;
  }
}

const isHttp = (protocol: string): protocol is keyof typeof DEFAULT_PORT => protocol in DEFAULT_PORT;

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw unusable(text, 'This is not a URL. Write it like https://relay.example.com:8443.');
  }
}

function unusable(what: string, why: string): ProspectError {
  return new ProspectError('relay_url_invalid' satisfies PageFaultCode, `relay-url: ${what}. ${why}`);
}
