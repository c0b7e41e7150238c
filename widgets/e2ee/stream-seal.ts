import { joined, SframeCipher } from './sframe-cipher.ts';

/** What is told in signalling of a sealed stream or whisper: no secret, and of no use without the team's key. */
export interface RawSeal {
  /** 16 random bytes, made anew for each stream and each whisper. */
  readonly salt: Uint8Array<ArrayBuffer>;
  /** 16 random bits in each frame's key id: what it is of. */
  readonly tag: number;
}

/** A team's key, as the worker has it. */
export interface TeamKey {
  /** The host's number of it, in each frame's key id. */
  readonly id: number;
  /** An HKDF key that allows `deriveBits`. */
  readonly key: CryptoKey;
}

export const SALT_BYTES = 16;
const TAG_BITS = 16n;
const BASE_KEY_BITS = 128;
/**
 * What keys are bound to, beside the salt (the `info` of HKDF): ours alone, and no two of them are the same text. No other use of the same team
 * key derives the same, nor does a whisper's key ever open, or share counters with, a stream's.
 */
export type Binding = string;

/** Of a stream: whose it is. */
export const streamOf = (commercialId: string): Binding => `prospect-live e2ee 1|${commercialId}`;

/** Of a whisper: who speaks, and into whose ear. A relay that says another name, or passes it on to somebody else, is told by silence. */
export const whisperOf = (adminId: string, commercialId: string): Binding =>
  `prospect-live e2ee whisper 1|${JSON.stringify([adminId, commercialId])}`;

/** Random salt and tag. */
export function newSeal(): RawSeal {
  const random = crypto.getRandomValues(new Uint8Array(SALT_BYTES + 2));
  return {
    salt: random.slice(0, SALT_BYTES),
    tag: ((random[SALT_BYTES] ?? 0) << 8) | (random[SALT_BYTES + 1] ?? 0),
  };
}

/** The key id of frames: the number of the team's key, then the stream's tag. */
export const kidOf = (keyId: number, tag: number): bigint => (BigInt(keyId) << TAG_BITS) | BigInt(tag);

/** The parts of a frame's key id. */
export const partsOf = (kid: bigint): { readonly keyId: bigint; readonly tag: number } => ({
  keyId: kid >> TAG_BITS,
  tag: Number(kid & ((1n << TAG_BITS) - 1n)),
});

/** The cipher of one stream or whisper under one key of the team. */
export async function cipherFor({ id, key }: TeamKey, { salt, tag }: RawSeal, binding: Binding): Promise<SframeCipher> {
  const info = joined(new TextEncoder().encode(binding));
  const base = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, BASE_KEY_BITS);
  const baseKey = await crypto.subtle.importKey('raw', base, 'HKDF', false, ['deriveBits']);
  return SframeCipher.derive(kidOf(id, tag), baseKey);
}
