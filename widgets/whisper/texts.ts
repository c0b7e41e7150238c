import { addTexts } from '../i18n/languages.ts';
import ar from '../whisper-texts/ar.ts';
import en from '../whisper-texts/en.ts';
import es from '../whisper-texts/es.ts';
import fr from '../whisper-texts/fr.ts';

let brought = false;

/** The texts of both parts, brought along in all languages of the package. Idempotent. A call, and not an import: bundlers leave out imports for effect alone. */
export function bringTexts(): void {
  if (brought) return;
  brought = true;
  addTexts({ fr, en, es, ar });
}
