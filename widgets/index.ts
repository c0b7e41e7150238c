/** The elements' classes, events and types, without side effects: nothing is registered, and importing it in Node is harmless. */
export type { E2eeKey, E2eeRotation } from './e2ee/team-keys.ts';
export * from './events/prospect-events.ts';
export { registerTexts, setLocale, type TextsLoader } from './i18n/languages.ts';
export { ProspectListenPanel } from './listen-panel/listen-panel.ts';
export type { Catalogue, Plural, Text, TextKey, Texts } from './locales/catalogue.ts';
export type {
  Commercial,
  ConnectionQuality,
  ExpectedPerson,
  ListeningStatus,
  StreamingStatus,
} from './sessions/state.ts';
export type { Mender } from './shared/fault.ts';
export { WIDGET_VERSION } from './shared/version.ts';
export { ProspectStreamButton } from './stream-button/stream-button.ts';
export type { TokenProvider, TokenReason, TokenRequest } from './ui/token-supply.ts';
