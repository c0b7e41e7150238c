/** What the dock says of whispers, as pure functions of its state. */
import type { Words } from '../i18n/words.ts';
import type { ListeningState } from '../sessions/state.ts';
import type { WhisperFailure } from '../sessions/whisper-state.ts';
import { isolate } from '../shared/isolate.ts';

type Facts = Pick<ListeningState, 'whisper' | 'selected' | 'selectedId' | 'userId'>;

/** The name of whom is heard. */
export function nameOf({ selected, selectedId }: Facts, words: Words): string {
  return isolate(selected?.name || selectedId || '', words.dir);
}

/** The longest whisper, in seconds. */
export const LONGEST_S = 30;

/** Whole seconds that are left of a whisper. @param now `performance.now` */
export function secondsLeft(endsAt: number | null, now: number): number {
  return endsAt === null ? 0 : Math.min(LONGEST_S, Math.max(0, Math.ceil((endsAt - now) / 1000)));
}

/** Whether a press would do anything, and what is going on. */
export function talkWords(facts: Facts, words: Words): string {
  const { whisper, userId } = facts;
  if (!whisper) return '';
  const name = nameOf(facts, words);
  const { phase, failure, ended, by, voice } = whisper;
  if (phase === 'asking') return words('whisper_moment', { name });
  if (phase === 'speaking') return heardWords(whisper, name, words);
  const other = by && by.id !== userId ? isolate(by.name || by.id, words.dir) : null;
  if (failure && whisper.cue !== 'failed') return failureWords(failure, name, words);
  if (ended) {
    switch (ended) {
      case 'refused':
      case 'echo':
      case 'not_heard':
      case 'not_shown':
      case 'e2ee_required':
      case 'e2ee_key_missing':
      case 'e2ee_cannot_decrypt':
        return words(`whisper_end_${ended}`, { name });
      default:
        return words(`whisper_end_${ended}`);
    }
  }
  if (other) return words(whisper.hears ? 'whisper_to_other_heard' : 'whisper_to_other', { by: other, name });
  const ready = whisper.overheard ? 'whisper_ready_open' : 'whisper_ready';
  return words(voice ? ready : 'whisper_not_yet', { name });
}

function heardWords({ hearers }: NonNullable<Facts['whisper']>, name: string, words: Words): string {
  const heard = words('whisper_heard', { name });
  if (!hearers?.names.length) return heard;
  const names = hearers.names.map((one) => isolate(one.name || one.id, words.dir)).join(', ');
  return `${heard} ${words('whisper_heard_too', { names })}`;
}

function failureWords({ code, by }: WhisperFailure, name: string, words: Words): string {
  if (by) return words('whisper_busy', { by: isolate(by.name || by.id, words.dir), name });
  if (/^(microphone|insecure)/.test(code)) return words('whisper_failed_microphone');
  if (code === 'rate_limited') return words('whisper_failed_rate');
  if (code === 'forbidden') return words('whisper_failed_forbidden');
  if (code === 'whisper_not_shown') return words('whisper_end_not_shown', { name });
  if (code === 'e2ee_required' || code === 'e2ee_cannot_decrypt') return words(`whisper_failed_${code}`, { name });
  // Without a key, or nothing that seals with it: the panel’s own words say which.
  if (code.startsWith('e2ee_')) return words('whisper_failed_e2ee_key_missing', { name });
  return words(code === 'whisper_not_allowed' ? 'whisper_failed_not_allowed' : 'whisper_failed', { name });
}

/** What became of the last text; empty: there was none. */
export function cueWords(facts: Facts, words: Words): string {
  const { whisper } = facts;
  if (!whisper || whisper.cue === 'none') return '';
  if (whisper.cue === 'sending') return words('whisper_sending');
  const name = nameOf(facts, words);
  if (whisper.cue === 'sent') return words('whisper_sent', { name });
  return words(whisper.failure?.code === 'rate_limited' ? 'whisper_failed_rate' : 'whisper_unsent', { name });
}
