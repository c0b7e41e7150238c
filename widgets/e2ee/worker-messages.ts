/** What page and worker say to each other. Keys cross as CryptoKey objects whose bytes nobody can read any more. */
import type { RawSeal, TeamKey } from './stream-seal.ts';

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
  /** A stream of this commercial begins: answered with `sealing`. */
  | { readonly type: 'begin'; readonly call: number; readonly commercialId: string }
  /** What may come from now on: frames of this stream, or frames that are not sealed, or neither. Answers to older ones are past. */
  | {
      readonly type: 'expect';
      readonly epoch: number;
      readonly stream: (RawSeal & { readonly commercialId: string }) | null;
      readonly clear: boolean;
    };

/** From the worker. */
export type FromWorker =
  /** It runs. */
  | { readonly type: 'ready' }
  | { readonly type: 'sealing'; readonly call: number; readonly seal: RawSeal }
  | { readonly type: 'opening'; readonly epoch: number; readonly opening: Opening };

/** What a transform is made with: seals what is sent, or opens what comes. */
export interface TransformOptions {
  readonly side: 'seal' | 'open';
}
