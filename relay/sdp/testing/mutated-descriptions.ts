/** Descriptions of browsers, broken in every way, for tests that read them. */
import fc from 'fast-check';
import { fixtureNames, readFixture } from './fixtures.ts';

const texts = [...fixtureNames('offer'), ...fixtureNames('answer')].map(readFixture);
const hostile = fc.constantFrom(
  '0',
  '-1',
  '1e999',
  'Infinity',
  'NaN',
  '99999999999999999999',
  '__proto__',
  'constructor',
  '%s%d',
  '\u0000',
  '\n',
  '\r\n',
  ' ',
  '/',
  '\ud800',
  'a'.repeat(1_000),
  '9'.repeat(300),
  'undefined',
  'null',
  ';=;=',
  '*',
  ':',
);
/** A line that may look like one of a description. */
export const anyLine = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc
    .tuple(
      fc.constantFrom(
        'm=audio 9 UDP/TLS/RTP/SAVPF ',
        'm=',
        'a=rtpmap:',
        'a=fmtp:111 ',
        'a=rtcp-fb:',
        'a=extmap:',
        'a=ssrc:',
        'a=mid:',
        'a=setup:',
        'a=fingerprint:sha-256 ',
        'a=ice-ufrag:',
        'a=ice-pwd:',
        'a=candidate:',
        'a=simulcast:',
        'a=imageattr:',
        'a=group:',
        'o=',
        'c=',
        'a=rid:',
      ),
      fc.oneof(hostile, fc.string({ maxLength: 30 })),
    )
    .map(([start, end]) => start + end),
);
const edit = fc.oneof(
  fc.record({ kind: fc.constant('delete' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(), times: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), text: anyLine }),
  fc.record({
    kind: fc.constant('splice' as const),
    at: fc.nat(),
    from: fc.nat(),
    drop: fc.nat(12),
    text: fc.oneof(hostile, fc.string({ maxLength: 8 })),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
);
type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never;

function mutate(text: string, edits: readonly Edit[]): string {
  const lines = text.split('\r\n');
  for (const change of edits) {
    const at = change.at % Math.max(lines.length, 1);
    const old = lines[at] ?? '';
    if (change.kind === 'delete') lines.splice(at, 1);
    else if (change.kind === 'repeat') lines.splice(at, 0, ...Array<string>(change.times).fill(old));
    else if (change.kind === 'insert') lines.splice(at, 0, change.text);
    else if (change.kind === 'cut') lines.length = at;
    else {
      const from = change.from % (old.length + 1);
      lines[at] = old.slice(0, from) + change.text + old.slice(from + change.drop);
    }
  }
  return lines.join('\r\n');
}

/** A browser's description with a few things wrong. */
export const mutatedDescription = fc
  .tuple(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 6 }))
  .map(([text, edits]) => mutate(text, edits));
