import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RelayError } from '../errors.ts';
import { credentialsIn, MAX_FRAGMENT_LENGTH, readFragment, withCredentials, writeFragment } from './ice-fragment.ts';
import { deviceOffer } from './testing/device-fixtures.ts';

const ICE = { ufrag: 'EsAw', pwd: 'P2uYro0UCOQ4zxjKXaWCBui1' };
/** As in RFC 9725, 4.3.2. */
const FRAGMENT = [
  'a=group:BUNDLE 0 1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  `a=ice-ufrag:${ICE.ufrag}`,
  `a=ice-pwd:${ICE.pwd}`,
  'a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1',
  'a=end-of-candidates',
  '',
].join('\r\n');

describe('a fragment of Trickle ICE', () => {
  it('says which credentials it is for, wherever they stand', () => {
    assert.deepEqual(readFragment(FRAGMENT), ICE);
    const atSession = `a=ice-ufrag:${ICE.ufrag}\na=ice-pwd:${ICE.pwd}\nm=audio 9 UDP/TLS/RTP/SAVPF 0\na=mid:0\n`;
    assert.deepEqual(readFragment(atSession), ICE);
  });

  it('without any means those of before', () => {
    assert.equal(readFragment('m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=end-of-candidates\r\n'), null);
  });

  const broken: Readonly<Record<string, string>> = {
    'that is empty': '',
    'that is a description': deviceOffer('obs-31-offer'),
    'that is JSON': '{"candidate":"x"}',
    'with half of the credentials': FRAGMENT.replace(/a=ice-pwd.*\r\n/, ''),
    'with two passwords': `${FRAGMENT}a=ice-pwd:${'x'.repeat(22)}\r\n`,
    'with a short password': FRAGMENT.replace(ICE.pwd, 'short'),
    'that is too long': FRAGMENT + 'a=x:y\r\n'.repeat(MAX_FRAGMENT_LENGTH / 4),
  };
  for (const [what, text] of Object.entries(broken)) {
    it(`${what} is refused`, () => {
      assert.throws(() => readFragment(text), { code: 'bad_request' });
    });
  }

  it('is read or refused, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.constantFrom(...FRAGMENT.split('\r\n')))),
        (some) => {
          try {
            readFragment(typeof some === 'string' ? some : some.join('\r\n'));
          } catch (error) {
            assert.ok(error instanceof RelayError && error.code === 'bad_request', String(error));
          }
        },
      ),
    );
  });

  it('is written with what the peer needs of a description, under its own MID', () => {
    const text = withCredentials(deviceOffer('ffmpeg-8-audio-offer'), ICE);
    assert.deepEqual(credentialsIn(text), ICE);
    const written = writeFragment(text, 'audio0').split('\r\n');
    assert.deepEqual(written, [
      'a=ice-lite',
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      `a=ice-ufrag:${ICE.ufrag}`,
      `a=ice-pwd:${ICE.pwd}`,
      'a=mid:audio0',
      '',
    ]);
    assert.deepEqual(readFragment(written.join('\r\n')), ICE);
  });
});
