/** What stands in front of each sealed frame (RFC 9605 4.3): which key, and the how-manieth frame under it. */
export interface SframeHeader {
  /** Key id. */
  readonly kid: bigint;
  readonly counter: bigint;
  /** Bytes of the header. */
  readonly length: number;
}

/** Key id and counter take 8 bytes at the most (RFC 9605 4.3). */
const MAX_BYTES = 8;
/** Smaller values stand in the first byte itself. */
const SHORT = 8n;

const bytesOf = (value: bigint): number => {
  let bytes = 1;
  for (let rest = value >> 8n; rest > 0n; rest >>= 8n) bytes += 1;
  return bytes;
};

/** Three bits: the value itself, or with the bit above them how many bytes follow, less one. */
const fieldOf = (value: bigint): number => (value < SHORT ? Number(value) : 0b1000 | (bytesOf(value) - 1));

/** @throws RangeError when one of them is negative or needs more than 64 bits */
export function writeHeader(kid: bigint, counter: bigint): Uint8Array<ArrayBuffer> {
  for (const value of [kid, counter]) {
    if (value < 0n || value >> 64n > 0n) throw new RangeError('An SFrame header takes unsigned values of 64 bits.');
  }
  const bytes = [(fieldOf(kid) << 4) | fieldOf(counter)];
  for (const value of [kid, counter]) {
    if (value < SHORT) continue;
    for (let at = bytesOf(value) - 1; at >= 0; at -= 1) bytes.push(Number((value >> BigInt(8 * at)) & 0xffn));
  }
  return new Uint8Array(bytes);
}

/** @returns null when the bytes end before the header does */
export function readHeader(bytes: Uint8Array): SframeHeader | null {
  const config = bytes[0];
  if (config === undefined) return null;
  let at = 1;
  const values: bigint[] = [];
  for (const field of [config >> 4, config & 0xf]) {
    if (field < 0b1000) {
      values.push(BigInt(field));
      continue;
    }
    const end = at + (field & 0b111) + 1;
    if (end > bytes.length) return null;
    let value = 0n;
    for (; at < end; at += 1) value = (value << 8n) | BigInt(bytes[at] ?? 0);
    values.push(value);
  }
  const [kid = 0n, counter = 0n] = values;
  return { kid, counter, length: at };
}

/** The longest header, in bytes. */
export const LONGEST_HEADER = 1 + 2 * MAX_BYTES;
