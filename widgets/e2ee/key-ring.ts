import { REPLAY_WINDOW } from './replay-window.ts';
import type { SframeCipher } from './sframe-cipher.ts';
import { type Binding, cipherFor, partsOf, type RawSeal, type TeamKey } from './stream-seal.ts';

/** Streams whose frames may still come: the one that is heard, those before it, and those that take its place. */
const MAX_STREAMS = 8;

/** A stream, or a whisper. */
export interface KnownStream extends RawSeal {
  readonly binding: Binding;
}

/** A cipher that a key id may mean, and of what it is. */
export interface Found {
  readonly cipher: Promise<SframeCipher>;
  readonly stream: KnownStream;
  readonly key: TeamKey;
}

/** Why no cipher is known for a frame. */
export type Unknown = 'unknown_stream' | 'unknown_key';

/** The team's keys and the streams that were told of: finds the ciphers that a frame's key id names. Bounded, whatever comes. */
export class KeyRing {
  #keys: readonly TeamKey[] = [];
  /** The newest last. */
  #streams: readonly KnownStream[] = [];
  /** By stream, then by key; the least lately used stream goes first. */
  readonly #ciphers = new Map<KnownStream, Map<TeamKey, Promise<SframeCipher>>>();
  /** What opened a stream's last frame: of many keys of one number it is tried first. */
  readonly #proven = new WeakMap<KnownStream, TeamKey>();
  /** The newest counter of each, over whichever connection it came. */
  readonly #newest = new WeakMap<Promise<SframeCipher>, number>();

  /** Replaces the team's keys. What was derived of others is forgotten. */
  setKeys(keys: readonly TeamKey[]): void {
    this.#keys = keys;
    for (const ciphers of this.#ciphers.values()) {
      for (const key of ciphers.keys()) if (!keys.includes(key)) ciphers.delete(key);
    }
  }

  /** A stream of which frames may come from now on. Idempotent: the same is the same object. */
  addStream(binding: Binding, { salt, tag }: RawSeal): KnownStream {
    const isSame = (other: KnownStream): boolean =>
      other.binding === binding && other.tag === tag && other.salt.every((byte, at) => byte === salt[at]);
    const known = this.#streams.find(isSame) ?? { binding, salt, tag };
    this.#streams = [...this.#streams.filter((other) => other !== known), known].slice(-MAX_STREAMS);
    for (const other of this.#ciphers.keys()) if (!this.#streams.includes(other)) this.#ciphers.delete(other);
    return known;
  }

  /** The ciphers that this key id may mean: more than one only when two streams have one tag, or two teams one number for their keys. */
  find(kid: bigint): readonly Found[] | Unknown {
    const { keyId, tag } = partsOf(kid);
    const streams = this.#streams.filter((stream) => stream.tag === tag);
    if (streams.length === 0) return 'unknown_stream';
    const keys = this.#keys.filter(({ id }) => BigInt(id) === keyId);
    if (keys.length === 0) return 'unknown_key';
    return streams.flatMap((stream) => {
      const proven = keys.filter((key) => key === this.#proven.get(stream));
      return [...proven, ...keys.filter((key) => !proven.includes(key))].map((key) => ({
        cipher: this.#cipher(stream, key),
        stream,
        key,
      }));
    });
  }

  /** This opened a frame of this counter. */
  prove({ cipher, stream, key }: Found, counter: number): void {
    this.#proven.set(stream, key);
    this.#newest.set(cipher, Math.max(counter, this.#newest.get(cipher) ?? 0));
  }

  /** Whether a frame comes too late over any connection: whoever makes the page connect anew cannot play to it what it has heard. */
  isPast({ cipher }: Found, counter: number): boolean {
    return (this.#newest.get(cipher) ?? 0) - counter >= REPLAY_WINDOW;
  }

  /** Kept as long as its stream and its key: one that was forgotten and derived anew would not know which frames have come. */
  #cipher(stream: KnownStream, key: TeamKey): Promise<SframeCipher> {
    let ciphers = this.#ciphers.get(stream);
    if (!ciphers) {
      ciphers = new Map();
      this.#ciphers.set(stream, ciphers);
    }
    let cipher = ciphers.get(key);
    if (!cipher) {
      cipher = cipherFor(key, stream, stream.binding);
      ciphers.set(key, cipher);
    }
    return cipher;
  }
}
