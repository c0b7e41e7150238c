import type { HelpReason } from '../../relay/protocol/messages.ts';

/** What the button shows of the asking for help. */
export interface HelpState {
  /** Since when the commercial asks for help, as the relay says, by this page's clock (milliseconds since the epoch). */
  readonly helpSince: number | null;
  /** For a while: why that is over. */
  readonly helpEnd: HelpReason | null;
}
