import type { ListenStatus, ParamsOf, PayloadOf } from '../../relay/protocol/messages.ts';
import type { Fault } from '../shared/fault.ts';
import type { RosterModel } from './roster-model.ts';
import type { Commercial } from './state.ts';

/** Who is selected, and what the relay says of them. */
export interface Selection {
  readonly id: string;
  readonly status: ListenStatus;
  readonly startedAt: number | null;
  /** Why, where the policy asks. */
  readonly purpose: string | null;
}

/**
 * The selected row; for one who is not in the roster, what is known.
 * @param shown the row shown until now: it stays the same object while nothing about it changes
 */
export function selectedRow(
  selection: Selection | null,
  roster: RosterModel,
  shown: Commercial | null,
): Commercial | null {
  if (!selection) return null;
  const { id, startedAt } = selection;
  const row = roster.get(id);
  if (row) return row;
  if (shown?.id === id && shown.startedAt === startedAt && shown.status === 'offline') return shown;
  const missing = { id, name: id, equipe: '', interruption: null, startedAt, level: 0, listenerCount: 0 } as const;
  return Object.freeze({ ...missing, status: 'offline', helpSince: null, barred: null, device: false });
}

/** What a selection that went on is refused with when it would end as well. */
export function isEnd(code: string): code is Exclude<PayloadOf<'listen:ended'>['reason'], 'replaced'> {
  return /^(forbidden|policy_|purpose_)/.test(code);
}

/** What the relay is asked for. @param purpose null: none is given */
export function paramsOf(commercialId: string, purpose: string | null): ParamsOf<'listen:select'> {
  return { commercialId, ...(purpose !== null && { purpose }) };
}

/** Why what was heard is heard no more. */
export function endOf(code: string, commercialId: string): Fault {
  const why = code === 'forbidden' ? 'The token' : 'The relay’s policy';
  return { code, message: `${why} does not permit to hear ${commercialId}.` };
}
