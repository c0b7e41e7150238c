/** The texts of the list, the toolbar, the dock and the keys, in all languages of the package. */
import { addTexts } from '../i18n/languages.ts';
import ar from '../panel-texts/ar.ts';
import en from '../panel-texts/en.ts';
import es from '../panel-texts/es.ts';
import fr from '../panel-texts/fr.ts';

/** To be called by the part, when it has come. */
export const bringTexts = (): void => addTexts({ fr, en, es, ar });
