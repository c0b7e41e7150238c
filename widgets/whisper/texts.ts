/** The texts of both parts, brought along in all languages of the package. */
import { addTexts } from '../i18n/languages.ts';
import ar from '../whisper-texts/ar.ts';
import en from '../whisper-texts/en.ts';
import es from '../whisper-texts/es.ts';
import fr from '../whisper-texts/fr.ts';

addTexts({ fr, en, es, ar });
