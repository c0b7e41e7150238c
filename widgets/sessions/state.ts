/**
 * What the two elements render: one frozen state object each, with one status value (a union, not booleans). The sessions
 * commit it; the elements read it; hosts see `status` as the element's read-only `state`.
 */
import type {
  CommercialStatus,
  Interruption,
  ListenerInfo,
  RosterEntry,
  StreamStatus,
  VoiceLevel,
} from '../../relay/protocol/messages.ts';
import type { HelpState } from './help-state.ts';
import type { Barred, ListeningPolicy, StreamingPolicy } from './policy-state.ts';
import type { SealingControl } from './sealing.ts';
import type { SoundControl, SoundState } from './sound.ts';
import type { EarControl, EarState, WhisperControl, WhisperState } from './whisper-state.ts';

/** An error a host or a user can act on: a stable code, and a text in English for logs. Words for people come from i18n. */
export interface ProspectFault {
  readonly code: string;
  readonly message: string;
}

/** Something with state to render. */
export interface Store<S> {
  getState(): S;
  /** Called after each commit. @returns the function that ends the subscription */
  subscribe(listener: () => void): () => void;
}

/**
 * The commercial's button. `idle`: no token yet, or refused (see `fault`). `connecting`: no relay yet. `ready`: one click from
 * live. `starting`: microphone and media being set up. `live`. `paused`: by the commercial. `interrupted`: live, but the microphone
 * is lost (see `interruption`); it comes back by itself or by a tap. `reconnecting`: live, the network is lost; resumes by itself.
 * `stopping`.
 */
export type StreamingStatus =
  | 'idle'
  | 'connecting'
  | 'ready'
  | 'starting'
  | 'live'
  | 'paused'
  | 'interrupted'
  | 'reconnecting'
  | 'stopping';

/** The same user's stream on another of their pages. */
export interface ElsewhereStream {
  readonly status: StreamStatus;
  /** By this page's clock (milliseconds since the epoch). */
  readonly startedAt: number;
}

/** Somebody who listened to the user, as this page knows. */
export interface Listened extends ListenerInfo {
  /** By this page's clock (milliseconds since the epoch). */
  readonly from: number;
  /** How long; null: still, or until this page was closed. */
  readonly ms: number | null;
}

export interface StreamingState extends HelpState {
  readonly status: StreamingStatus;
  /** The relay is reachable. Never shown as lost while audio flows. */
  readonly online: boolean;
  /** When the stream started, by this page's clock (milliseconds since the epoch). */
  readonly startedAt: number | null;
  readonly listeners: readonly ListenerInfo[];
  /** Who has stopped listening in the last seconds, also when the stream is over. */
  readonly recentListeners: readonly ListenerInfo[];
  /** Those of the listeners who began in the last seconds. */
  readonly newListeners: readonly ListenerInfo[];
  /** Who listened today, the oldest first: only those whom the page has acknowledged to the relay as shown. Kept over reloads. */
  readonly listenedToday: readonly Listened[];
  /** Nothing comes from the relay: who listens is not known for the moment. What is sent goes on. */
  readonly uncertain: boolean;
  /** The user's stream on another page; null: none, or this one is newer. */
  readonly elsewhere: ElsewhereStream | null;
  /**
   * Why this page is not live any more, until the next start: `stopped` from another of the user's pages; `reload`: the page was
   * reloaded, or crashed, while it was live.
   */
  readonly ended: 'stopped' | 'reload' | null;
  /** The browser may be asking for the microphone just now. */
  readonly asking: boolean;
  /** RTP is being sent (somebody listens, or left within the linger). */
  readonly sending: boolean;
  readonly level: VoiceLevel;
  /** The team's admins see the level also while nobody listens: the host wants it so. */
  readonly voiceShown: boolean;
  /** What goes out is sealed from end to end. */
  readonly sealed: boolean;
  readonly interruption: Interruption | null;
  /** True while `interrupted` cannot be mended without a tap. */
  readonly needsTap: boolean;
  /** The browser does not keep the screen on: a phone that locks then stops recording. */
  readonly screenMayLock: boolean;
  /** The last failure, until the next successful start or dismissal. */
  readonly fault: ProspectFault | null;
  /** True for a while after another page of the same user took the stream over. */
  readonly replaced: boolean;
  /** Paused because a person at the door minds. */
  readonly objection: boolean;
  /** Null: the relay has no policy. */
  readonly policy: StreamingPolicy | null;
  /** What admins may whisper; null: nobody may. */
  readonly ear: EarState | null;
}

/** What `<prospect-stream-button>` needs of its session. */
export interface StreamingControl extends Store<StreamingState> {
  /** Sealed streams: what the host gives for them. */
  readonly sealing?: SealingControl | undefined;
  /** Null: nobody may whisper. */
  readonly ear: EarControl | null;
  /** Go live. Call it inside the user's click. Resolves when live, or failed (see `fault`). Never rejects. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** @param reason why it is paused, when a person at the door minds */
  setPaused(paused: boolean, reason?: 'objection'): Promise<void>;
  /** The user has read and acknowledged this version of the policy's text. To be called before `start`. */
  acknowledge(version: string): void;
  /** Asks the team's admins for help, or takes it back. Never rejects; see `helpSince` and `fault`. */
  setHelp(on: boolean): Promise<void>;
  /** Ends the user's stream on their other page. Never rejects (see `fault`). */
  stopElsewhere(): Promise<void>;
  /** "Tap to resume": take the microphone again. Call it inside the click. */
  recover(): Promise<void>;
  setToken(token: string | null): void;
  /** Milliseconds until the token ends, called once per token a minute before (or at a tenth of its life if shorter). */
  onTokenExpiring(listener: (expiresInMs: number) => void): () => void;
  /** Idempotent; releases microphone, connection, timers and socket. */
  close(): void;
}

/** A roster row as the panel shows it. */
export interface Commercial {
  readonly id: string;
  readonly name: string;
  readonly equipe: string;
  readonly status: CommercialStatus;
  readonly interruption: Interruption | null;
  /** By this page's clock (milliseconds since the epoch). */
  readonly startedAt: number | null;
  readonly level: RosterEntry['level'];
  readonly listenerCount: number;
  /** Since when they ask for help, by this page's clock; null: they do not. */
  readonly helpSince: number | null;
  /** Why nobody may begin to hear them now, by the relay's policy; null: somebody may. */
  readonly barred: Barred | null;
  /** The stream comes from a device, which shows nobody who listens. */
  readonly device: boolean;
}

/**
 * The admin's panel. `idle`, `connecting`, `ready` as above. `waiting`: selected, not streaming yet. `joining`: streaming, no sound
 * here yet. `listening`: sound arrives (or could: the commercial may be silent). `blocked`: the browser wants a click before sound.
 * `paused`, `interrupted`: on the commercial's side. `reconnecting`: this page's network is lost; resumes by itself.
 */
export type ListeningStatus =
  | 'idle'
  | 'connecting'
  | 'ready'
  | 'waiting'
  | 'joining'
  | 'listening'
  | 'blocked'
  | 'paused'
  | 'interrupted'
  | 'reconnecting';

/** From the received loss, jitter and round-trip time. */
export type ConnectionQuality = 'unknown' | 'good' | 'fair' | 'poor';

/** Somebody whom the host expects in the list, also while they were never connected. */
export interface ExpectedPerson {
  /** The `sub` of their token. */
  readonly id: string;
  readonly name: string;
  readonly team?: string;
}

export interface ListeningState extends SoundState {
  readonly status: ListeningStatus;
  /** Who the relay says that this admin is; null before it does. */
  readonly userId: string | null;
  readonly online: boolean;
  /** Live first, then ready, then offline; by name inside. */
  readonly commercials: readonly Commercial[];
  readonly selectedId: string | null;
  /** The selected row, also while it is not in the roster (then with the id for a name). */
  readonly selected: Commercial | null;
  /** Who else hears the selected one, and is shown to them; 50 at most. */
  readonly others: readonly ListenerInfo[];
  /** When hearing began, by this page's clock. */
  readonly listeningSince: number | null;
  /** Level of the received sound, 0 to 1, about 4 times a second. */
  readonly level: number;
  readonly quality: ConnectionQuality;
  /** How old what is heard was when it left the relay, at the least, in seconds; null while that is unknown. */
  readonly delay: number | null;
  readonly fault: ProspectFault | null;
  /** Who was heard when another tab of the same admin took the listening over, until the admin listens again or has read it. */
  readonly replaced: string | null;
  /** What is heard came sealed from end to end, and was opened here. */
  readonly sealed: boolean;
  /** True while commercials may be missing, because part of the service cannot be heard of. */
  readonly partial: boolean;
  /** The purpose for which the selected one is heard; null: none was given. */
  readonly purpose: string | null;
  /** Null: the relay has no policy. */
  readonly policy: ListeningPolicy | null;
  /** What may be whispered to the selected one, and who does; null: nothing is known of it. */
  readonly whisper: WhisperState | null;
}

/** What `<prospect-listen-panel>` needs of its session. */
export interface ListeningControl extends Store<ListeningState> {
  /** Sealed streams: what the host gives for them. */
  readonly sealing?: SealingControl | undefined;
  readonly sound: SoundControl;
  /** Null: nothing was ever known of whispers. */
  readonly whisper: WhisperControl | null;
  /**
   * Hear this commercial. Call it inside the user's click (autoplay). Resolves when the relay acknowledged, or failed (see `fault`).
   * @param purpose why, where the policy asks
   */
  listen(commercialId: string, purpose?: string | null): Promise<void>;
  stop(): Promise<void>;
  /** Connect the media ahead of a click (pointerenter, focus). Cheap to call often. */
  warm(): void;
  /** The admin has read that another tab took the listening over. */
  dismissReplaced(): void;
  /** "Turn the sound on": call it inside the click. */
  enableSound(): Promise<void>;
  setVolume(volume: number): void;
  setMuted(muted: boolean): void;
  /** Those who stand in the list as offline while the relay does not tell of them. */
  setExpected(people: readonly ExpectedPerson[]): void;
  setToken(token: string | null): void;
  onTokenExpiring(listener: (expiresInMs: number) => void): () => void;
  close(): void;
}
