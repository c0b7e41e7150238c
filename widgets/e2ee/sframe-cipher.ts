import { readHeader, writeHeader } from './sframe-header.ts';

/** AES_128_GCM_SHA256_128 (RFC 9605 4.5, table 1; the registry "SFrame Cipher Suites" of IANA). */
export const CIPHER_SUITE = 0x0004;
/** Bytes of the key (Nk), the nonce (Nn) and the authentication tag (Nt) in this suite. */
const KEY_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LABEL = 'SFrame 1.0 Secret';

type Bytes = Uint8Array<ArrayBuffer>;

const ascii = (text: string): Bytes => new TextEncoder().encode(text);
const NOTHING = new Uint8Array(0);

/** One after the other. */
export function joined(...parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** What a key or a salt is derived for: which of the two, the key id and the cipher suite (RFC 9605 4.4.2). */
export function deriveLabel(what: 'key' | 'salt', kid: bigint): Bytes {
  const ids = new DataView(new ArrayBuffer(10));
  ids.setBigUint64(0, kid);
  ids.setUint16(8, CIPHER_SUITE);
  return joined(ascii(`${LABEL} ${what} `), new Uint8Array(ids.buffer));
}

/** One key of SFrame: seals frames under counters that its owner gives out, and opens those that it sealed. */
export class SframeCipher {
  readonly kid: bigint;
  readonly #key: CryptoKey;
  readonly #salt: Bytes;

  private constructor(kid: bigint, key: CryptoKey, salt: Bytes) {
    this.kid = kid;
    this.#key = key;
    this.#salt = salt;
  }

  /**
   * Derives key and salt (RFC 9605 4.4.2).
   * @param baseKey an HKDF key that allows `deriveBits`
   */
  static async derive(kid: bigint, baseKey: CryptoKey): Promise<SframeCipher> {
    const expand = (what: 'key' | 'salt', bytes: number): Promise<ArrayBuffer> =>
      crypto.subtle.deriveBits(
        { name: 'HKDF', hash: 'SHA-256', salt: NOTHING, info: deriveLabel(what, kid) },
        baseKey,
        8 * bytes,
      );
    const [key, salt] = await Promise.all([expand('key', KEY_BYTES), expand('salt', NONCE_BYTES)]);
    const usable = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
    return new SframeCipher(kid, usable, new Uint8Array(salt));
  }

  /**
   * A counter must never be used twice with one key.
   * @param metadata what is known to both sides, and is to be unchanged too
   * @returns header, sealed frame and tag
   */
  async seal(counter: bigint, frame: Uint8Array, metadata: Uint8Array = NOTHING): Promise<Bytes> {
    const header = writeHeader(this.kid, counter);
    const sealed = await crypto.subtle.encrypt(this.#algorithm(counter, header, metadata), this.#key, joined(frame));
    return joined(header, new Uint8Array(sealed));
  }

  /** @returns the frame, or null when it was not sealed with this key, or was changed since */
  async open(sealed: Uint8Array, metadata: Uint8Array = NOTHING): Promise<Bytes | null> {
    const header = readHeader(sealed);
    if (!header || header.kid !== this.kid || sealed.length < header.length + TAG_BYTES) return null;
    const algorithm = this.#algorithm(header.counter, sealed.subarray(0, header.length), metadata);
    try {
      const frame = await crypto.subtle.decrypt(algorithm, this.#key, joined(sealed.subarray(header.length)));
      return new Uint8Array(frame);
    } catch {
      // Web Crypto says OperationError and no more, whatever does not fit.
      return null;
    }
  }

  #algorithm(counter: bigint, header: Uint8Array, metadata: Uint8Array): AesGcmParams {
    return {
      name: 'AES-GCM',
      iv: this.#nonce(counter),
      additionalData: joined(header, metadata),
      tagLength: 8 * TAG_BYTES,
    };
  }

  /** The salt with the counter in its last bytes, one XOR the other (RFC 9605 4.4.3). */
  #nonce(counter: bigint): Bytes {
    const nonce = this.#salt.slice();
    for (let at = NONCE_BYTES - 1, rest = counter; rest > 0n; at -= 1, rest >>= 8n) {
      nonce[at] = (nonce[at] ?? 0) ^ Number(rest & 0xffn);
    }
    return nonce;
  }
}
