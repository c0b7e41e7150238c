/** Bundle `prospect-stream-button.js`: registers the commercial's button alone, and exports its class. */
import '../stream-button/define.ts';

export { registerTexts, setLocale } from '../i18n/languages.ts';
export { ProspectStreamButton } from '../stream-button/stream-button.ts';
