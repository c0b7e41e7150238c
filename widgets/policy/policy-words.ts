import { timeOfDay } from '../i18n/durations.ts';
import type { Words } from '../i18n/words.ts';
import type { Barred, ComingEnd } from '../sessions/policy-state.ts';

const WEEK_MS = 6 * 86_400_000;

/** "14:05", with the day where that is not today. @param now milliseconds since the epoch */
export function momentWords(moment: number, now: number, words: Words): string {
  const time = timeOfDay(moment, words);
  if (new Date(moment).toDateString() === new Date(now).toDateString()) return time;
  const day = moment - now > WEEK_MS ? ({ day: 'numeric', month: 'short' } as const) : ({ weekday: 'short' } as const);
  return `${new Intl.DateTimeFormat(words.locale, day).format(moment)} ${time}`;
}

/** "Cannot be heard until 14:05 (outside working hours)." */
export function barredWords({ reason, until }: Barred, now: number, words: Words): string {
  const why = words(`why_${reason}`);
  return until === null
    ? words('barred', { why })
    : words('barred_until', { why, time: momentWords(until, now, words) });
}

/** What a warning says of an end. */
export function endValues({ reason, at }: ComingEnd, words: Words): { readonly time: string; readonly why: string } {
  return { time: timeOfDay(at, words), why: words(`why_${reason}`) };
}
