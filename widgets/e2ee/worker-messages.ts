/** What page and worker say to each other. Keys cross as CryptoKey objects whose bytes nobody can read any more. */
import type { Binding, RawSeal, TeamKey } from './stream-seal.ts';

/** How the opening of what comes goes. `clear`: frames that are not sealed pass, as the page allows. */
export type Opening = 'waiting' | 'open' | 'clear' | 'key_missing' | 'cannot_decrypt';

/** From the page. */
export type ToWorker =
  /** Keys that are new, by numbers of the page's own (`ref`), those that go, and the one that seals; null: nothing is sealed. */
  | {
      readonly type: 'keys';
      readonly add: readonly (TeamKey & { readonly ref: number })[];
      readonly drop: readonly number[];
      readonly seals: number | null;
    }
  /**
   * A stream or a whisper begins: answered with `sealing`. It is sealed with the key that seals, or (`heard`) with the one that opened the last frame
   * of the stream that is expected: who made that has the key.
   */
  | { readonly type: 'begin'; readonly call: number; readonly binding: Binding; readonly with: 'first' | 'heard' }
  /**
   * What may come from now on: frames of this stream, or frames that are not sealed, or neither. Answers to older ones are past. `only`: nothing of
   * what was expected before may come late.
   */
  | {
      readonly type: 'expect';
      readonly epoch: number;
      readonly stream: (RawSeal & { readonly binding: Binding }) | null;
      readonly clear: boolean;
      readonly only: boolean;
    }
  /**
   * What may come over connections that hear the whispers of others: frames of this one, or (`clear`) frames that are not sealed, or nothing. Streams
   * do not come over those, nor whispers over others.
   */
  | {
      readonly type: 'overhear';
      readonly stream: (RawSeal & { readonly binding: Binding }) | null;
      readonly clear: boolean;
    };

/** From the worker. */
export type FromWorker =
  /** It runs. */
  | { readonly type: 'ready' }
  /** Null: nothing was heard that says which key to take. */
  | { readonly type: 'sealing'; readonly call: number; readonly seal: RawSeal | null }
  | { readonly type: 'opening'; readonly epoch: number; readonly opening: Opening };

/** What a transform is made with: seals what is sent, or opens what comes, a stream or (`overhear`) the whispers of others. */
export interface TransformOptions {
  readonly side: 'seal' | 'open' | 'overhear';
}
