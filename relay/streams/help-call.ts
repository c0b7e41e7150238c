import type { Session } from './session.ts';

/** A commercial asks for help, from the press until it is taken back or answered. */
export interface HelpCall {
  /** The page that asks, or another of the same user that stayed when that one was over. */
  session: Session;
  /** By the monotonic clock. */
  readonly startedAt: number;
  /** Listeners who come before this moment are those from before a loss: they answer nothing. */
  readonly settledAt: number;
  /** The stream of theirs that was there last: the call ends with it. Null: they were not live. */
  stream: string | null;
  /** Ids of the admins who heard them before the call, or were heard of before `settledAt`, and have not left since. */
  earlier: ReadonlySet<string>;
}

/** Whole milliseconds since the call began. */
export const askedForMs = ({ startedAt }: HelpCall): number => Math.round(performance.now() - startedAt);
