/** What the button says of a policy, as a pure function of its state. */
import { lasted } from '../i18n/durations.ts';
import type { Words } from '../i18n/words.ts';
import { heardNow } from '../sessions/policy-state.ts';
import type { StreamingState } from '../sessions/state.ts';
import { isolate } from '../shared/isolate.ts';
import { endValues } from './policy-words.ts';

/** What is said beside everything else. */
export interface PolicySaid {
  /** In place of the state; empty: that stands. */
  readonly title: string;
  readonly lines: readonly string[];
  /** Of these what is read out when it changes: no time that runs. */
  readonly announced: readonly string[];
  /** What has just happened, or will soon: the bubble opens for it. */
  readonly news: string;
}

const TITLES = ['policy_hours', 'policy_time', 'consent_required'] as const;
/** States in which a stream runs, or is about to. */
const RUNNING = /^(starting|live|paused|interrupted|reconnecting)$/;

/** A text waits to be read, and this page can show it. */
export function asksConsent({ policy }: Pick<StreamingState, 'policy'>): boolean {
  return policy?.consent?.text != null && !policy.consent.given;
}

/** @param now milliseconds since the epoch */
export function policySaid(state: StreamingState, now: number, words: Words): PolicySaid {
  const { policy, status, fault, listeners, objection, uncertain } = state;
  if (!policy) return { title: '', lines: [], announced: [], news: '' };
  const running = RUNNING.test(status);
  const asks = asksConsent(state) && status === 'ready';
  const ended = running ? undefined : TITLES.find((code) => code === fault?.code);
  const code = ended ?? (asks && !fault ? 'consent_required' : undefined);
  const nameOf = (id: string) => isolate(listeners.find((one) => one.id === id)?.name || id, words.dir);
  const warnings = policy.warnings.flatMap((end) => {
    const { adminId } = end;
    if (adminId === null) return running ? [words('stream_ends', endValues(end, words))] : [];
    if (uncertain || !listeners.some(({ id }) => id === adminId)) return [];
    return [words('listening_ends', { name: nameOf(adminId), ...endValues(end, words) })];
  });
  const { ended: over } = policy;
  const news = [
    objection && status === 'paused' ? words('objected') : '',
    ...warnings,
    over ? words('listening_over', { name: isolate(over.name, words.dir), why: words(`why_${over.reason}`) }) : '',
  ].filter(Boolean);
  const announced = asks ? [words('consent_wanted'), ...news] : news;
  const lines = [...announced, timeWords(state, now, words)].filter(Boolean);
  return { title: code ? words(`title_${code}`) : '', lines, announced, news: news.join(' ') };
}

/** "Heard today: 12 min. Left today: 18 min."; empty where there is no limit. */
function timeWords({ policy, uncertain }: StreamingState, now: number, words: Words): string {
  if (!policy?.time || uncertain) return '';
  const { heardMs, leftMs } = heardNow(policy.time, now);
  if (leftMs === null) return '';
  return `${words('heard_today', { time: lasted(heardMs, words) })} ${words('left_today', { time: lasted(leftMs, words) })}`;
}
