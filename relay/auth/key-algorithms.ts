import type { KeyObject } from 'node:crypto';

/** RFC 7518, 3.4: each ES algorithm goes with one curve. */
const CURVE_OF: Readonly<Record<string, string>> = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1' };

/** RFC 7518, 3.3: RSA keys of 2048 bits or more. */
export const RSA_BITS = 2048;

/** What a public key can verify, the usual one first; null when it cannot be used. */
export function algorithmsOf(key: KeyObject): readonly string[] | null {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= RSA_BITS)
    return ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
  if (key.asymmetricKeyType === 'rsa-pss' && modulusLength >= RSA_BITS) return ['PS256', 'PS384', 'PS512'];
  if (key.asymmetricKeyType === 'ec') {
    const found = Object.entries(CURVE_OF).find(([, curve]) => curve === namedCurve);
    return found ? [found[0]] : null;
  }
  return null;
}

/** Can this public key verify this algorithm? */
export function goesWith(key: KeyObject, algorithm: string): boolean {
  return algorithmsOf(key)?.includes(algorithm) ?? false;
}
