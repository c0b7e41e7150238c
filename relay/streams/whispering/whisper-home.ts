import type { AudioSource } from '../../media/media.ts';
import type { StreamSeal } from '../../protocol/stream-seal.ts';
import type { WhisperEnd, Whisperer } from '../../protocol/whisper-messages.ts';
import type { Commercial, CommercialListener } from '../commercial.ts';

/** Tells the page of who speaks which other admins hear it: a version, and all of that version. It answers with `Sharing.seen`. */
export type TellHearers = (version: number, hearers: readonly Whisperer[]) => void;

/** A whisper that others may hear. */
export interface Sharing {
  /** The page of who speaks shows those of this version. */
  seen(version: number): void;
}

/** A whisper that is under way, as the admin's side holds it. */
export interface HeldWhisper {
  readonly id: string;
  /**
   * Lets others hear it whom the policy allows to, each once the page of who speaks shows them; at most once. Absent: nobody else ever hears it, as
   * between two relays.
   */
  share?(tell: TellHearers): Sharing;
  /** Ends it, from the admin's side. Idempotent. */
  end(why: WhisperEnd): void;
}

/** What an admin's side asks of a commercial's home. */
export interface WhisperWish {
  readonly commercial: Commercial;
  /** The admin's selection of this commercial: who does not hear them does not speak to them. */
  readonly listener: CommercialListener;
  /** The admin's microphone. */
  readonly source: AudioSource;
  /** Told to the commercial's page: it is sealed from end to end. Null: it is not. */
  readonly seal: StreamSeal | null;
  /** It was ended by the other side. Called once, and never after `end`. */
  readonly onEnd: (why: WhisperEnd) => void;
}

/** Where the page of a commercial is connected: it knows what they allow, and what their page shows. */
export interface WhisperHome {
  /**
   * Resolves once the page shows who whispers, and the voice is passed on.
   * @throws RelayError not_listening, e2ee_required, whisper_not_allowed, whisper_busy, whisper_not_shown
   */
  begin(wish: WhisperWish): Promise<HeldWhisper>;
  /** Resolves once the page shows the text. @throws RelayError as `begin`, but never whisper_busy */
  cue(commercial: Commercial, listener: CommercialListener, text: string): Promise<void>;
}
