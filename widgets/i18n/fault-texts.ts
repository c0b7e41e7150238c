/** The words of failures that few see, in all languages of the package: a part, see `lateFaultTexts`. */

import type { ListenerInfo } from '../../relay/protocol/messages.ts';
import ar from '../fault-texts/ar.ts';
import en from '../fault-texts/en.ts';
import es from '../fault-texts/es.ts';
import fr from '../fault-texts/fr.ts';
import { isolate } from '../shared/isolate.ts';
import { addTexts } from './languages.ts';
import type { Words } from './words.ts';

/** To be called when the part has come. */
export const bringTexts = (): void => addTexts({ fr, en, es, ar });

/** Who listens and hears nothing, each in a line. */
export function cannotOpenLines(listeners: readonly ListenerInfo[], words: Words): string[] {
  return listeners.flatMap(({ id, name, cannotOpen }) =>
    cannotOpen ? [words(`listener_${cannotOpen}`, { name: isolate(name || id, words.dir) })] : [],
  );
}

/** Whether there is a text of this name. */
export const isFaultText = (key: string): boolean => Object.hasOwn(en, key);
