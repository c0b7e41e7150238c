import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The key with which one chain's heads are signed (Ed25519, RFC 8032). */
export interface SigningKey {
  /** The public half: SPKI, DER, base64. */
  readonly publicKey: string;
  /** @returns the signature of this text, base64 */
  sign(text: string): string;
}

/** A key that is there and cannot be used. The message is complete. */
export class SigningKeyError extends Error {
  override readonly name = 'SigningKeyError';
}

/** Reads the chain's key, or makes one at the first start. It is readable for its owner alone. @throws SigningKeyError, or what the file system says */
export function signingKeyIn(folder: string): SigningKey {
  const path = join(folder, 'key.pem');
  const key = readKey(path) ?? makeKey(path);
  const publicKey = publicText(createPublicKey(key));
  return { publicKey, sign: (text) => sign(null, Buffer.from(text), key).toString('base64') };
}

/** Whether this key signed this text. A key or signature that cannot be read has signed nothing. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return (
      key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
    );
  } catch {
    return false;
  }
}

/** What people compare: the SHA-256 of a public key, as `SHA256:…` in base64 without padding. */
export function fingerprint(publicKey: string): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('base64').replace(/=+$/, '')}`;
}

function readKey(path: string): KeyObject | null {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below.
  }
  throw new SigningKeyError(
    `${path} is no Ed25519 private key (PEM). Bring it back from a copy; or move it away, and the trail goes on with a new one and says so.`,
  );
}

function makeKey(path: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519');
  // `wx`: of two that start at once, none writes over the other's.
  writeFileSync(path, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx' });
  return privateKey;
}

function publicText(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).toString('base64');
}
