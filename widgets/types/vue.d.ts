// Made by generate.mjs from custom-elements.json: do not edit.
/**
 * Template types of the elements, for Vue 3 with vue-tsc: `import type {} from '@prospect-live/widgets/vue';` once in the project.
 * The compiler must be told too: `isCustomElement: (tag) => tag.startsWith('prospect-')`.
 */

import type {
  E2eeKey,
  E2eeRotation,
  ExpectedPerson,
  ProspectErrorEvent,
  ProspectListenChangeEvent,
  ProspectListenPanel,
  ProspectPurposeChangeEvent,
  ProspectRosterChangeEvent,
  ProspectStateChangeEvent,
  ProspectStreamButton,
  ProspectTokenExpiringEvent,
  TokenProvider,
} from '@prospect-live/widgets';
import type { EmitFn, HTMLAttributes, PublicProps } from 'vue';

/** What `<prospect-listen-panel>` may be given. */
export interface ProspectListenPanelProps extends HTMLAttributes, Omit<PublicProps, 'class' | 'style'> {
  /** Language of the texts, such as `fr`, `en`, `es`, `ar`; by default that of `setLocale`, then of the closest ancestor with `lang`, then the browser's. */
  lang?: string | undefined;
  /** `inside` puts the dock under the list instead of fixed at the bottom right of the window. */
  dock?: 'inside' | undefined;
  /** Forces a theme, or with `auto` the system's; by default the page's `color-scheme`. */
  theme?: 'light' | 'dark' | 'auto' | undefined;
  /** The host's JSON Web Token of an admin; a new value re-authenticates without dropping the audio. */
  token?: string | null | undefined;
  /** Where the relay is, such as `https://relay.example.com:8443`; by default the page's own host name. */
  relayUrl?: string | null | undefined;
  /** Writes what happens to the console. */
  debug?: boolean | undefined;
  /** Volume from 0 to 1; by default the one chosen last in this browser. */
  volume?: number | string | undefined;
  /** Seconds for each commercial in a round, offered beside the usual choices; from 3 to 3600. */
  roundSeconds?: number | null | undefined;
  /** The worker's file of the package, on the page's own origin; without it the worker is made of a blob, which a policy must allow. */
  e2eeWorkerUrl?: string | null | undefined;
  /** Why the admin listens: the id of one of the policy's purposes, where your page knows it; else the admin is asked where the policy asks. */
  purpose?: string | null | undefined;
  /** Fetches a token from your server whenever one is wanted; a rejection is tried again, with growing pauses. */
  tokenProvider?: TokenProvider | null | undefined;
  /** Up to three short texts of yours, of 80 characters at most, which an admin who may whisper sends with one press. */
  cues?: readonly string[] | null | undefined;
  /** The teams' keys for streams that are sealed from end to end: all open. From your own server, never in an attribute. Null: none can be opened. */
  e2eeKeys?: readonly E2eeKey[] | null | undefined;
  /** For how many milliseconds a key that is in the list no more still opens (`dropAfterMs`, 60,000). */
  e2eeRotation?: E2eeRotation | null | undefined;
  /** Sound off, without stopping to listen. */
  muted?: boolean | undefined;
  /** People who stand in the list as offline also while they were never connected, beside those of the token's claim `expected`: at most 2,000. A list with something wrong is not taken; the console says what. */
  expected?: readonly ExpectedPerson[] | undefined;
}

/** What `<prospect-stream-button>` may be given. */
export interface ProspectStreamButtonProps extends HTMLAttributes, Omit<PublicProps, 'class' | 'style'> {
  /** Language of the texts, such as `fr`, `en`, `es`, `ar`; by default that of `setLocale`, then of the closest ancestor with `lang`, then the browser's. */
  lang?: string | undefined;
  /** `inline` puts the button where it stands in the page instead of fixed at the bottom right. */
  placement?: 'inline' | undefined;
  /** Forces a theme, or with `auto` the system's; by default the page's `color-scheme`. */
  theme?: 'light' | 'dark' | 'auto' | undefined;
  /** `off`: the phone never vibrates when somebody begins to listen. Else it does where it can, until the user turns it off. */
  vibration?: 'off' | undefined;
  /** The host's JSON Web Token of a commercial; a new value re-authenticates without dropping the audio. */
  token?: string | null | undefined;
  /** Where the relay is, such as `https://relay.example.com:8443`; by default the page's own host name. */
  relayUrl?: string | null | undefined;
  /** Writes what happens to the console. */
  debug?: boolean | undefined;
  /** Blocks going live by a press; ends nothing: a stream that runs goes on, and can be paused and stopped. */
  disabled?: boolean | undefined;
  /** Invites the commercial to go live, as a link with that purpose does: the bubble opens and says that one tap is enough. It needs that tap: a browser
gives no microphone, and nobody should be heard, without one. */
  invite?: boolean | undefined;
  /** The worker's file of the package, on the page's own origin; without it the worker is made of a blob, which a policy must allow. */
  e2eeWorkerUrl?: string | null | undefined;
  /** Fetches a token from your server whenever one is wanted; a rejection is tried again, with growing pauses. */
  tokenProvider?: TokenProvider | null | undefined;
  /** The team's keys for streams that are sealed from end to end: the first seals. From your own server, never in an attribute. Null: streams are not sealed. */
  e2eeKeys?: readonly E2eeKey[] | null | undefined;
  /** How a key takes another one's place: after how many milliseconds it seals (`useAfterMs`, 5,000), and the older one opens no more (`dropAfterMs`, 60,000). */
  e2eeRotation?: E2eeRotation | null | undefined;
}

/** What `<prospect-listen-panel>` tells. */
export type ProspectListenPanelEmits = {
  /** The `state` changed; `detail` has `state` and `previous`. */
  'prospect-state-change': (event: ProspectStateChangeEvent<ProspectListenPanel['state']>) => void;
  /** Something failed; `detail` has `code`, `message` for people, `reason` for logs, `recoverable`, `mender` (who can mend it: `'user'`, `'administrator'` or `'network'`) and `traceId`. */
  'prospect-error': (event: ProspectErrorEvent) => void;
  /** The token ends in `detail.expiresInMs`: set a fresh one; the audio goes on. */
  'prospect-token-expiring': (event: ProspectTokenExpiringEvent) => void;
  /** Who is listened to, or how, changed; `detail` has `commercialId`, `name` and `status`. */
  'prospect-listen-change': (event: ProspectListenChangeEvent) => void;
  /** A row of the list changed; `detail.commercials` has them all, unless `detail.complete` is false (part of the service cannot be reached). While the page is hidden every 2 s at most, and not for levels. */
  'prospect-roster-change': (event: ProspectRosterChangeEvent) => void;
  /** The admin chose why they listen; `detail.purpose` is the id of the policy's purpose. */
  'prospect-purpose-change': (event: ProspectPurposeChangeEvent) => void;
};

/** What `<prospect-stream-button>` tells. */
export type ProspectStreamButtonEmits = {
  /** The `state` changed; `detail` has `state` and `previous`. */
  'prospect-state-change': (event: ProspectStateChangeEvent<ProspectStreamButton['state']>) => void;
  /** Something failed; `detail` has `code`, `message` for people, `reason` for logs, `recoverable`, `mender` (who can mend it: `'user'`, `'administrator'` or `'network'`) and `traceId`. */
  'prospect-error': (event: ProspectErrorEvent) => void;
  /** The token ends in `detail.expiresInMs`: set a fresh one; the audio goes on. */
  'prospect-token-expiring': (event: ProspectTokenExpiringEvent) => void;
};

declare module 'vue' {
  interface GlobalComponents {
    'prospect-listen-panel': new () => ProspectListenPanel & {
      $props: ProspectListenPanelProps;
      $emit: EmitFn<ProspectListenPanelEmits>;
    };
    'prospect-stream-button': new () => ProspectStreamButton & {
      $props: ProspectStreamButtonProps;
      $emit: EmitFn<ProspectStreamButtonEmits>;
    };
  }
}
