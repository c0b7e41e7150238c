import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as ortc from 'mediasoup/ortc';
import { parse } from 'sdp-transform';
import { RelayError } from '../errors.ts';
import { readAnswer } from './read-answer.ts';
import { producerParameters, readOffer } from './read-offer.ts';
import { fixtureNames, readFixture } from './testing/fixtures.ts';
import { writeAnswer } from './write-answer.ts';

/** Cases per property; the long run sets more. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 400);

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
const line = fc.oneof(
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
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), text: line }),
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

const mutated = fc
  .tuple(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 6 }))
  .map(([text, edits]) => mutate(text, edits));

/** The result, or null for a refusal; every other error fails the property. */
function orRefused<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    assert.ok(error instanceof RelayError, String(error instanceof Error ? error.stack : error));
    assert.equal(error.code, 'sdp_invalid');
    assert.ok(error.message.length < 300, 'short enough to show');
    return null;
  }
}

const routerCapabilities = ortc.generateRouterRtpCapabilities([
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2, preferredPayloadType: 111 },
]);

function check(text: unknown): void {
  const offer = orRefused(() => readOffer(text));
  if (offer !== null) {
    // Whatever was accepted must be good enough for mediasoup and for an answer.
    const parameters = producerParameters(offer, 32_000);
    ortc.validateAndNormalizeRtpParameters(parameters);
    ortc.getProducerRtpParametersMapping(parameters, routerCapabilities);
    const answer = writeAnswer(
      offer,
      {
        sessionId: '1',
        sessionVersion: 1,
        iceParameters: { usernameFragment: 'abcd', password: 'x'.repeat(22) },
        iceCandidates: [],
        fingerprints: [{ algorithm: 'sha-256', value: Array(32).fill('00').join(':') }],
      },
      32_000,
    );
    assert.equal(parse(answer).media.length, 1);
    assert.equal(answer.split('\r\n').filter((written) => written.startsWith('m=')).length, 1);
  }
  orRefused(() => readAnswer(text));
}

describe('reading descriptions from anybody', () => {
  it('refuses mutated descriptions of browsers with sdp_invalid, or reads them, and nothing else', () => {
    fc.assert(fc.property(mutated, check), { numRuns: RUNS });
  });

  it('does so with any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(line).map((lines) => ['v=0', ...lines].join('\r\n')),
        ),
        check,
      ),
      { numRuns: RUNS },
    );
  });

  it('does so with any value', () => {
    fc.assert(fc.property(fc.anything(), check), { numRuns: RUNS });
  });
});
