import { launchBrowser } from '../harness/browser.ts';
import { StatePages, type StateView } from '../harness/state-page.ts';

const BUTTONS = ['ready', 'denied', 'live-many', 'paused', 'live-help'];
/** What the button tells besides: of other pages, of a reload, of the connection, of newcomers, of the day. */
const TELLING = ['elsewhere', 'reloaded', 'stopped', 'asking', 'live-newcomer', 'live-uncertain', 'live-today'];
const PANELS = ['many', 'listening', 'refused-live', 'help'];

interface Sheet {
  readonly view: Omit<StateView, 'buttons' | 'panels'>;
  readonly args?: readonly string[];
  readonly forced?: true;
  readonly buttons?: readonly string[];
  readonly panels?: readonly string[];
  readonly scheme?: 'light' | 'dark';
}

/** Sheets of states side by side, each state in a window of its own. */
const SHEETS: Readonly<Record<string, Sheet>> = {
  'states-arabic': { view: { lang: 'ar-EG', dir: 'rtl', width: 390, height: 560 } },
  'states-large-text': {
    view: { lang: 'fr', width: 320, height: 640 },
    args: ['--blink-settings=defaultFontSize=32'],
  },
  'states-forced-colors': { view: { lang: 'en', width: 390, height: 560 }, forced: true },
  'states-telling': { view: { lang: 'fr', width: 390, height: 560 }, buttons: TELLING, panels: [] },
  'states-telling-dark': {
    view: { lang: 'fr', width: 390, height: 560 },
    buttons: TELLING,
    panels: [],
    scheme: 'dark',
  },
};

/**
 * Takes the pictures of settings that few have: right to left, letters of twice the size in a window of 320 px, forced colours.
 * @param folder where they go, with a slash at its end
 */
export async function shootStates(folder: string): Promise<void> {
  const pages = await StatePages.start();
  try {
    for (const [
      name,
      { view, args = [], forced, buttons = BUTTONS, panels = PANELS, scheme = 'light' },
    ] of Object.entries(SHEETS)) {
      const browser = await launchBrowser({ args });
      try {
        const page = await pages.open(browser, { ...view, buttons, panels });
        await page.setViewport({ width: 4 * (view.width + 14) + 24, height: 800 });
        if (scheme === 'dark') await page.evaluate(darken);
        if (forced) await page.emulateMediaFeatures([{ name: 'forced-colors', value: 'active' }]);
        await new Promise((done) => setTimeout(done, 400));
        await page.screenshot({ path: `${folder}${name}.png`, fullPage: true });
        console.log(`docs/images/${name}.png`);
      } finally {
        await browser.close();
      }
    }
  } finally {
    await pages.close();
  }
}

/** Runs in the page: every state in the dark. */
function darken(): void {
  for (const { contentDocument: inner } of document.querySelectorAll('iframe')) {
    if (inner) inner.documentElement.style.cssText = 'color-scheme: dark; background: #111';
  }
}
