/** What the panel says of a policy in its rows and in the dock, as pure functions of its state. */
import { lasted } from '../i18n/durations.ts';
import { policyText } from '../i18n/policy-text.ts';
import type { Words } from '../i18n/words.ts';
import { type Barred, heardNow, type Purpose } from '../sessions/policy-state.ts';
import type { Commercial, ListeningState } from '../sessions/state.ts';
import { isolate } from '../shared/isolate.ts';
import { barredWords, endValues } from './policy-words.ts';

type Facts = Pick<ListeningState, 'policy' | 'selectedId' | 'purpose' | 'selected' | 'commercials'>;

/** Why this admin cannot begin to hear this commercial; null: they can, or do. */
export function barOf({ id, barred }: Commercial, { policy, selectedId }: Facts): Barred | null {
  if (id === selectedId) return null;
  return barred ?? policy?.own.find(({ commercialId }) => commercialId === id) ?? null;
}

/** What a row says. */
export interface RowPolicy {
  /** "Cannot be heard until 14:05 (outside working hours)."; empty: they can. */
  readonly barred: string;
  /** "You, today: 12 min, 18 min left."; empty where there is no limit, or nothing was heard. */
  readonly time: string;
}

/** @param now milliseconds since the epoch */
export function rowPolicy(row: Commercial, facts: Facts, now: number, words: Words): RowPolicy {
  const bar = barOf(row, facts);
  return { barred: bar ? barredWords(bar, now, words) : '', time: timeWords(row.id, facts, now, words) };
}

function timeWords(id: string, { policy }: Facts, now: number, words: Words): string {
  const time = policy?.times.find(({ commercialId }) => commercialId === id);
  if (!time) return '';
  const say = (
    key: 'time_you' | 'time_all',
    each: { readonly heardMs: number; readonly leftMs: number | null },
  ): string => {
    const { heardMs, leftMs } = heardNow({ ...time, ...each }, now);
    if (leftMs === null) return '';
    return words(key, { used: lasted(heardMs, words), left: lasted(leftMs, words) });
  };
  return [say('time_you', time), time.byAll ? say('time_all', time.byAll) : ''].filter(Boolean).join(' ');
}

/** The purposes of which one is to be given to hear this commercial; none: it is not asked for. */
export function purposesFor(id: string, { policy, commercials, selected }: Facts): readonly Purpose[] {
  const row = commercials.find((one) => one.id === id) ?? (selected?.id === id ? selected : undefined);
  return policy?.teams.find(({ equipe }) => equipe === row?.equipe)?.purposes ?? [];
}

/** What the dock says of who is heard. */
export interface DockPolicy {
  /** "Reason: Training"; empty: none is asked for. */
  readonly purpose: string;
  readonly time: string;
  /** "Ends at 14:05 (...)."; empty: no end is near. */
  readonly warning: string;
}

/** @param now milliseconds since the epoch */
export function dockPolicy(facts: Facts, now: number, words: Words): DockPolicy {
  const { policy, selectedId, purpose: id } = facts;
  if (selectedId === null || !policy) return { purpose: '', time: '', warning: '' };
  const purpose = purposesFor(selectedId, facts).find((each) => each.id === id);
  return {
    purpose: purpose ? words('purpose', { purpose: isolate(policyText(purpose.label, words).text, words.dir) }) : '',
    time: timeWords(selectedId, facts, now, words),
    warning: policy.warning ? words('hearing_ends', endValues(policy.warning, words)) : '',
  };
}
