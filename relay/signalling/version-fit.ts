import { PROTOCOL_VERSION } from '../protocol/messages.ts';

/** What a page says of itself in the handshake, as far as it does. */
export interface PageVersion {
  /** The widgets' release, such as `1.2.3`. */
  readonly version?: string;
  readonly protocol?: number;
}

/** A page that does not fit this relay. */
export interface Mismatch {
  /** For the relay's log. */
  readonly summary: string;
  /** For the page's console: what is wrong, and what to do. */
  readonly warning: string;
}

/**
 * Compares a page's widgets with this relay. Releases fit when major and minor are the same. A page that says nothing, or runs the
 * widgets from their sources (`0.0.0-dev`), is not judged by its release.
 * @returns null when they fit
 */
export function findMismatch({ version = '', protocol }: PageVersion, relayVersion: string): Mismatch | null {
  const page = readRelease(version);
  const relay = readRelease(relayVersion);
  const otherProtocol = protocol !== undefined && protocol !== PROTOCOL_VERSION;
  const otherRelease = page !== null && relay !== null && page !== relay;
  if (!otherProtocol && !otherRelease) return null;
  const widgets = page === null ? 'these widgets' : `these widgets are version ${version},`;
  const told = otherProtocol
    ? `${widgets} speak protocol ${protocol}; the relay, version ${relayVersion}, speaks protocol ${PROTOCOL_VERSION}.`
    : `${widgets} the relay is ${relayVersion}.`;
  const age = (protocol ?? PROTOCOL_VERSION) < PROTOCOL_VERSION ? 'an older' : 'a newer';
  return {
    summary: otherProtocol ? `the page speaks ${age} protocol` : 'the page has widgets of another release',
    warning:
      `Prospect Live: ${told} Load the widgets from the relay (/widgets/prospect-live.js), ` +
      `or install the widgets’ tarball of version ${relay ?? relayVersion} from your own server or registry, or bring the relay to the widgets’ version.`,
  };
}

/** Major and minor, `1.2`; null for what is no release. */
function readRelease(version: string): string | null {
  return /^(\d{1,6}\.\d{1,6})\.\d{1,6}(?![\w.-])/.exec(version)?.[1] ?? null;
}
