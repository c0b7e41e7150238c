/** Bundle `prospect-listen-panel.js`: registers the admin's panel alone, and exports its class. */
import '../listen-panel/define.ts';

export { registerTexts, setLocale } from '../i18n/languages.ts';
export { ProspectListenPanel } from '../listen-panel/listen-panel.ts';
