import { launchBrowser } from '../harness/browser.ts';
import { StatePages, type StateView } from '../harness/state-page.ts';

const BUTTONS = ['ready', 'denied', 'live-many', 'paused', 'live-help'];
const PANELS = ['many', 'listening', 'refused-live', 'help'];

interface Sheet {
  readonly view: Omit<StateView, 'buttons' | 'panels'>;
  readonly args?: readonly string[];
  readonly forced?: true;
}

/** Sheets of states side by side, each state in a window of its own. */
const SHEETS: Readonly<Record<string, Sheet>> = {
  'states-arabic': { view: { lang: 'ar-EG', dir: 'rtl', width: 390, height: 560 } },
  'states-large-text': {
    view: { lang: 'fr', width: 320, height: 640 },
    args: ['--blink-settings=defaultFontSize=32'],
  },
  'states-forced-colors': { view: { lang: 'en', width: 390, height: 560 }, forced: true },
};

/**
 * Takes the pictures of settings that few have: right to left, letters of twice the size in a window of 320 px, forced colours.
 * @param folder where they go, with a slash at its end
 */
export async function shootStates(folder: string): Promise<void> {
  const pages = await StatePages.start();
  try {
    for (const [name, { view, args = [], forced }] of Object.entries(SHEETS)) {
      const browser = await launchBrowser({ args });
      try {
        const page = await pages.open(browser, { ...view, buttons: BUTTONS, panels: PANELS });
        await page.setViewport({ width: 4 * (view.width + 14) + 24, height: 800 });
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
