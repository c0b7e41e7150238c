/** The words of failures that few see, in all languages of the package: a part, see `lateFaultTexts`. */
import ar from '../fault-texts/ar.ts';
import en from '../fault-texts/en.ts';
import es from '../fault-texts/es.ts';
import fr from '../fault-texts/fr.ts';
import { addTexts } from './languages.ts';

/** To be called when the part has come. */
export const bringTexts = (): void => addTexts({ fr, en, es, ar });

/** Whether there is a text of this name. */
export const isFaultText = (key: string): boolean => Object.hasOwn(en, key);
