import { RelayError } from '../errors.ts';
import { MAX_SDP_LENGTH } from '../protocol/message-parts.ts';

/** m-lines of one offer. OBS sends two, a browser's player two or three. */
const MAX_SECTIONS = 8;
const MAX_LINES = 2_000;
const MID_LINE = /^a=mid:[A-Za-z0-9!#$%&'*+\-.^_`{|}~]{1,64}$/;
const M_LINE = /^m=([a-z]{1,20}) \d{1,5}(?:\/\d+)? ([A-Za-z0-9/]{1,40}) ([\x21-\x7e ]{1,400})$/;
/** What a bundled m-section leaves to the first one of its group (RFC 9143, 7.1.3). */
const SHARED = ['ice-ufrag', 'ice-pwd', 'fingerprint', 'setup', 'rtcp-mux'];

/** An offer of several m-lines, of which the relay takes the one of audio. */
export interface OneAudio {
  /** The same offer with the audio alone, for `readOffer` and `readListenOffer`. */
  readonly offer: string;
  /** Puts the others back into the relay's answer, rejected (RFC 3264, 6: port 0), in their order. */
  answer(audio: string): string;
}

/**
 * Takes the audio out of an offer of a client that is no page of ours: OBS and most players offer video as well. What stands in the
 * audio's m-section is judged by who reads it.
 * @throws RelayError sdp_invalid
 */
export function oneAudio(text: string): OneAudio {
  if (text.length > MAX_SDP_LENGTH * 4) throw invalid(`it is longer than ${MAX_SDP_LENGTH * 4} characters.`);
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line !== '');
  if (lines.length > MAX_LINES) throw invalid(`it has more than ${MAX_LINES} lines.`);
  const [session = [], ...sections] = split(lines);
  if (sections.length > MAX_SECTIONS) throw invalid(`it has more than ${MAX_SECTIONS} m-lines.`);
  const audio = sections.filter(([m]) => m?.startsWith('m=audio '));
  const [only] = audio;
  if (only === undefined) throw invalid('it has no m=audio line, and this relay carries audio only.');
  if (audio.length > 1) throw invalid('it has more than one m=audio line; one track of audio is carried.');
  const rejected = sections.map((section) => (section === only ? null : reject(section)));
  const first = sections[0] ?? only;
  return {
    offer: [...session.filter((line) => !line.startsWith('a=group:')), ...completed(only, session, first), ''].join(
      '\r\n',
    ),
    answer: (written) => {
      const [head = [], ...own] = split(written.split('\r\n').filter((line) => line !== ''));
      const taken = numbered(own.flat()).flatMap((line) =>
        // Each m-section of a WHIP or WHEP session says so (RFC 9725, 4.4.1).
        line === 'a=rtcp-mux' ? [line, 'a=rtcp-mux-only'] : [line],
      );
      const all = rejected.flatMap((other) => other ?? taken);
      return [...head, ...all, ''].join('\r\n');
    },
  };
}

/** The lines before the first m-line, and then each m-section. */
function split(lines: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const line of lines) {
    if (line.startsWith('m=')) parts.push([line]);
    else parts.at(-1)?.push(line);
  }
  return parts;
}

/** What the audio leaves to the first m-section stands in it by itself now. */
function completed(audio: readonly string[], session: readonly string[], first: readonly string[]): string[] {
  const has = (lines: readonly string[], name: string): boolean =>
    lines.some((line) => line === `a=${name}` || line.startsWith(`a=${name}:`));
  const missing = SHARED.filter((name) => !has(audio, name) && !has(session, name));
  return [...audio, ...first.filter((line) => missing.some((name) => has([line], name)))];
}

function reject(section: readonly string[]): string[] {
  const [, kind, protocol, formats] = M_LINE.exec(section[0] ?? '') ?? [];
  if (kind === undefined) throw invalid('it has an m-line that cannot be read.');
  const mid = section.find((line) => MID_LINE.test(line));
  return [`m=${kind} 0 ${protocol} ${formats}`, 'c=IN IP4 0.0.0.0', ...(mid ? [mid] : []), 'a=inactive'];
}

/**
 * Foundations by numbers (RFC 8839, 5.1: any short name). FFmpeg looks for the first "udp" in the line, and takes the word that begins
 * so for the protocol: mediasoup's name is `udpcandidate`.
 */
function numbered(lines: readonly string[]): string[] {
  const names: string[] = [];
  return lines.map((line) =>
    line.replace(/^a=candidate:(\S+)/, (_all, name: string) => {
      if (!names.includes(name)) names.push(name);
      return `a=candidate:${names.indexOf(name) + 1}`;
    }),
  );
}

function invalid(what: string): RelayError {
  return new RelayError('sdp_invalid', `The offer cannot be used: ${what}`);
}
