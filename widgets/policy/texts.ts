/** The texts of both parts, brought along in all languages of the package. */
import { addTexts } from '../i18n/languages.ts';
import ar from '../policy-texts/ar.ts';
import en from '../policy-texts/en.ts';
import es from '../policy-texts/es.ts';
import fr from '../policy-texts/fr.ts';

/** To be called once by each part, when it has come. */
export const bringTexts = (): void => addTexts({ fr, en, es, ar });
