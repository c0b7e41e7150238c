/** What a check found: all is well; something that a person should know; something that will not work; nothing could be looked at. */
export type FindingStatus = 'ok' | 'warning' | 'failed' | 'skipped';

/** The result of one check. */
export interface Finding {
  /** Which check, for programs: stable, in kebab-case; several findings of one check have the same. */
  readonly id: string;
  readonly status: FindingStatus;
  /** What was looked at and found, with the figure, in one sentence. No secret stands in it. */
  readonly text: string;
  /** What to do about it; null where nothing is to be done, or where the text says it. */
  readonly fix: string | null;
}

/** All is well. */
export const ok = (id: string, text: string): Finding => ({ id, status: 'ok', text, fix: null });

/** It was not looked at, and the text says why. */
export const skipped = (id: string, text: string): Finding => ({ id, status: 'skipped', text, fix: null });

/** It works, perhaps not for everybody, or not for long. @param fix null where the text says it already */
export const warning = (id: string, text: string, fix: string | null): Finding => ({
  id,
  status: 'warning',
  text,
  fix,
});

/** It does not work. */
export const failed = (id: string, text: string, fix: string): Finding => ({ id, status: 'failed', text, fix });

/** An error's own words. */
export function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(wordsOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
