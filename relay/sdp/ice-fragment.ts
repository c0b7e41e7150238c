/** SDP fragments of Trickle ICE (RFC 8840), as WHIP and WHEP send them in PATCH requests. */
import { RelayError } from '../errors.ts';

/** `application/trickle-ice-sdpfrag`, the longest that is read, in characters. A candidate is about 100. */
export const MAX_FRAGMENT_LENGTH = 16_384;

/** A description's ICE user fragment and password. */
export interface IceCredentials {
  readonly ufrag: string;
  readonly pwd: string;
}

/** RFC 8839, 5.4. */
const UFRAG = /^a=ice-ufrag:([A-Za-z0-9+/]{4,256})$/;
const PWD = /^a=ice-pwd:([A-Za-z0-9+/]{22,256})$/;
const LINE = /^(?:a=[a-z0-9-]+(?::.*)?|m=.*|c=.*)$/;
/** What of a description's m-section stands in a fragment. */
const CARRIED = /^(?:m=|a=(?:mid|ice-ufrag|ice-pwd|candidate):|a=end-of-candidates$)/;

/**
 * What a fragment says of the sender's ICE credentials. Its candidates are not read: the relay is ICE lite, sends no checks, and
 * learns the peer's addresses from the checks that come (RFC 8445, 2.5).
 * @returns null when it names none, and so means those of before
 * @throws RelayError bad_request
 */
export function readFragment(text: string): IceCredentials | null {
  if (text.length > MAX_FRAGMENT_LENGTH) throw malformed(`it is longer than ${MAX_FRAGMENT_LENGTH} characters`);
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line !== '');
  if (lines.length === 0) throw malformed('it is empty');
  if (!lines.every((line) => LINE.test(line))) throw malformed('it has a line that is none of a=, m= and c=');
  const ufrag = one(lines, UFRAG, 'a=ice-ufrag:');
  const pwd = one(lines, PWD, 'a=ice-pwd:');
  if (ufrag === null && pwd === null) return null;
  if (ufrag === null || pwd === null) throw malformed('a=ice-ufrag and a=ice-pwd belong together');
  return { ufrag, pwd };
}

/** The credentials in a description of one m-line; null when there are none. */
export function credentialsIn(sdp: string): IceCredentials | null {
  const lines = sdp.split(/\r\n|\r|\n/);
  const ufrag = lines.map((line) => UFRAG.exec(line)?.[1]).find((found) => found !== undefined);
  const pwd = lines.map((line) => PWD.exec(line)?.[1]).find((found) => found !== undefined);
  return ufrag === undefined || pwd === undefined ? null : { ufrag, pwd };
}

/** The same description with other credentials. */
export function withCredentials(sdp: string, { ufrag, pwd }: IceCredentials): string {
  return sdp.replace(/^a=ice-ufrag:.*$/gm, `a=ice-ufrag:${ufrag}`).replace(/^a=ice-pwd:.*$/gm, `a=ice-pwd:${pwd}`);
}

/** The fragment that tells of the ICE session of this description, which has one m-line. @param mid as the peer knows it */
export function writeFragment(sdp: string, mid: string | null): string {
  const lines = sdp.split('\r\n').filter((line) => CARRIED.test(line));
  const named = mid === null ? lines : lines.map((line) => (line.startsWith('a=mid:') ? `a=mid:${mid}` : line));
  return ['a=ice-lite', ...named, ''].join('\r\n');
}

function one(lines: readonly string[], pattern: RegExp, start: string): string | null {
  const stated = lines.filter((line) => line.startsWith(start));
  const values = new Set(stated.map((line) => pattern.exec(line)?.[1]));
  const [value] = values;
  if (values.size === 0) return null;
  if (values.size > 1 || value === undefined) throw malformed(`its ${start} lines cannot be used`);
  return value;
}

function malformed(what: string): RelayError {
  return new RelayError('bad_request', `The fragment cannot be used: ${what}.`);
}
