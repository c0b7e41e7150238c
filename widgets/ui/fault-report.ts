import { ProspectErrorEvent } from '../events/prospect-events.ts';
import { faultWords, isRecoverable } from '../i18n/fault-words.ts';
import { wordsOf } from '../i18n/translator.ts';
import type { ProspectFault } from '../sessions/state.ts';

/** Tells a host about a new failure, with the words that the element shows. Sessions keep one fault object per failure. */
export function reportNewFault(element: Element, fault: ProspectFault | null, previous: ProspectFault | null): void {
  if (!fault || fault === previous) return;
  element.dispatchEvent(
    new ProspectErrorEvent({
      code: fault.code,
      message: faultWords(fault.code, wordsOf(element), navigator.userAgent),
      reason: fault.message,
      recoverable: isRecoverable(fault.code),
    }),
  );
}
