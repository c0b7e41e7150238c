/** What the elements know of whispers: an admin who speaks into the ear of the commercial whom they hear, or sends a short text. */
import type { WhisperEnd, Whisperer } from '../../relay/protocol/whisper-messages.ts';

export type { WhisperEnd, Whisperer };

/** A short text, as it is shown. */
export interface ShownCue {
  readonly id: string;
  readonly by: Whisperer;
  readonly text: string;
}

/** The commercial's side. */
export interface EarState {
  /** Admins may speak: `off`; `connecting`: wanted, and not in effect yet; `on`: the relay knows it, and the path to this page is up. */
  readonly voice: 'off' | 'connecting' | 'on';
  /** Short texts are let through. */
  readonly cues: boolean;
  /** It was wanted, and did not come about. */
  readonly failed: boolean;
  /** Who speaks now, from before the first sound to the last. */
  readonly speaking: { readonly id: string; readonly by: Whisperer } | null;
  /** Why nobody speaks any more, for a while. */
  readonly ended: { readonly by: Whisperer; readonly reason: WhisperEnd } | null;
  /** The newest text, until it is closed. */
  readonly cue: ShownCue | null;
}

/** What the commercial can do about whispers. */
export interface EarControl {
  /** For this stream. Call it inside the tap: browsers let a page play sound only from there on. */
  setVoice(on: boolean): void;
  setCues(on: boolean): void;
  /** Ends what is said now. */
  stop(): void;
  /** The page shows who speaks, or the text. Idempotent. */
  shown(id: string): void;
  closeCue(): void;
}

/** Why a press came to nothing: a code of the relay's or of the microphone. */
export interface WhisperFailure {
  readonly code: string;
  /** Who speaks already, where that is why. */
  readonly by: Whisperer | null;
}

/** The admin's side, about the commercial who is selected. */
export interface WhisperState {
  /** They let this admin speak into their ear. */
  readonly voice: boolean;
  /** They let this admin send texts. */
  readonly cues: boolean;
  /** Who speaks to them now. */
  readonly by: Whisperer | null;
  /** The policy lets the other admins who hear them hear it too. */
  readonly overheard: boolean;
  /** What `by` says is heard on this page too. */
  readonly hears: boolean;
  /** Who else hears what is said from here, or is about to, once `seen` was called with the version; null: nothing was told of it. */
  readonly hearers: { readonly version: number; readonly names: readonly Whisperer[] } | null;
  /** `asking`: pressed, and nobody hears it yet. `speaking`: the commercial's page shows it, and the voice is passed on. */
  readonly phase: 'off' | 'asking' | 'speaking';
  /** When it ends by itself (`performance.now`); null: nobody speaks from here. */
  readonly endsAt: number | null;
  /** Why the last one is over, for a while. `hidden`: this page was left. */
  readonly ended: WhisperEnd | 'hidden' | null;
  readonly failure: WhisperFailure | null;
  /** What became of the last text. `sent`: their page shows it. */
  readonly cue: 'none' | 'sending' | 'sent' | 'failed';
}

/** What the admin can do. */
export interface WhisperControl {
  /** Begins to speak. Call it inside the press: the first one may ask for the microphone. Never rejects. */
  press(): Promise<void>;
  /** Ends it. Idempotent. */
  release(): void;
  /** The page shows those of this version of `hearers`: nobody else hears it before. Idempotent. */
  seen(version: number): void;
  /** Never rejects; see `cue`. */
  send(text: string): Promise<void>;
}

/** As a selection begins: nothing may be said, and nothing is. */
export const NO_WHISPER: WhisperState = Object.freeze({
  voice: false,
  cues: false,
  by: null,
  overheard: false,
  hears: false,
  hearers: null,
  phase: 'off',
  endsAt: null,
  ended: null,
  failure: null,
  cue: 'none',
});
