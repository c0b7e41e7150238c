import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as ortc from 'mediasoup/ortc';
import { parse } from 'sdp-transform';
import { RelayError } from '../errors.ts';
import { readAnswer } from './read-answer.ts';
import { producerParameters, readOffer } from './read-offer.ts';
import { anyLine, mutatedDescription } from './testing/mutated-descriptions.ts';
import { writeAnswer } from './write-answer.ts';

/** Cases per property; the long run sets more. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 400);

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

const encoding = { audioBitrate: 32_000, audioPacketMs: 60 };

function check(text: unknown): void {
  const offer = orRefused(() => readOffer(text));
  if (offer !== null) {
    // Whatever was accepted must be good enough for mediasoup and for an answer.
    const parameters = producerParameters(offer, encoding);
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
      encoding,
    );
    assert.equal(parse(answer).media.length, 1);
    assert.equal(answer.split('\r\n').filter((written) => written.startsWith('m=')).length, 1);
  }
  orRefused(() => readAnswer(text));
}

describe('reading descriptions from anybody', () => {
  it('refuses mutated descriptions of browsers with sdp_invalid, or reads them, and nothing else', () => {
    fc.assert(fc.property(mutatedDescription, check), { numRuns: RUNS });
  });

  it('does so with any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(anyLine).map((lines) => ['v=0', ...lines].join('\r\n')),
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
