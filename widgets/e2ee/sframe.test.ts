import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { deriveLabel, SframeCipher } from './sframe-cipher.ts';
import { LONGEST_HEADER, readHeader, writeHeader } from './sframe-header.ts';
import { HEADER_VECTORS, SFRAME_VECTOR } from './testing/rfc9605-vectors.ts';

const bytes = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const value64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });

const hkdf = (hexKey: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bytes(hexKey), 'HKDF', false, ['deriveBits']);

describe('the SFrame header', () => {
  it('is written and read as in RFC 9605, C.1', () => {
    assert.equal(HEADER_VECTORS.length, 289);
    for (const [kid, counter, header] of HEADER_VECTORS) {
      const values = { kid: BigInt(`0x${kid}`), counter: BigInt(`0x${counter}`) };
      assert.equal(hex(writeHeader(values.kid, values.counter)), header);
      assert.deepEqual(readHeader(bytes(`${header}00`)), { ...values, length: header.length / 2 });
    }
  });

  it('comes back as it was written, whatever follows', () => {
    fc.assert(
      fc.property(value64, value64, fc.uint8Array({ maxLength: 40 }), (kid, counter, rest) => {
        const header = writeHeader(kid, counter);
        assert.ok(header.length <= LONGEST_HEADER);
        assert.deepEqual(readHeader(new Uint8Array([...header, ...rest])), { kid, counter, length: header.length });
        // Cut short, it is none, and none that is shorter.
        for (let length = 0; length < header.length; length += 1)
          assert.equal(readHeader(header.subarray(0, length)), null);
      }),
    );
  });

  it('refuses what needs more than 64 bits', () => {
    assert.throws(() => writeHeader(1n << 64n, 0n), RangeError);
    assert.throws(() => writeHeader(0n, -1n), RangeError);
  });
});

describe('the SFrame cipher', () => {
  it('derives, seals and opens as in RFC 9605, C.3 (suite 0x0004)', async () => {
    const { kid, counter, baseKey, keyLabel, saltLabel, metadata, plaintext, ciphertext } = SFRAME_VECTOR;
    assert.equal(hex(deriveLabel('key', kid)), keyLabel);
    assert.equal(hex(deriveLabel('salt', kid)), saltLabel);
    const cipher = await SframeCipher.derive(kid, await hkdf(baseKey));
    assert.equal(hex(await cipher.seal(counter, bytes(plaintext), bytes(metadata))), ciphertext);
    assert.equal(hex((await cipher.open(bytes(ciphertext), bytes(metadata))) ?? bytes('')), plaintext);
    assert.equal(await cipher.open(bytes(ciphertext), bytes('00')), null);
  });

  it('opens what it sealed, and nothing of which one bit was changed', async () => {
    const cipher = await SframeCipher.derive(9n, await hkdf('07'.repeat(16)));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), value64, fc.nat(), async (frame, counter, where) => {
        const sealed = await cipher.seal(counter, frame);
        assert.deepEqual(await cipher.open(sealed), Uint8Array.from(frame));
        const at = where % (8 * sealed.length);
        const changed = sealed.slice();
        changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7));
        assert.equal(await cipher.open(changed), null);
      }),
      { numRuns: 60 },
    );
  });

  it('opens no bytes that nobody sealed, and never throws', async () => {
    const cipher = await SframeCipher.derive(1n, await hkdf('01'.repeat(16)));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (noise) => {
        assert.equal(await cipher.open(noise), null);
      }),
      { numRuns: 200 },
    );
  });
});
