import type { Browser, Page } from 'puppeteer-core';
import { launchBrowser } from './browser.ts';
import type { StatePages, StateView } from './state-page.ts';

/** A way to look at the elements. */
interface Look {
  readonly view: Omit<StateView, 'buttons' | 'panels'>;
  /** Of Chromium. */
  readonly args?: readonly string[];
  readonly forced?: true;
}

/** The ways in which every state is looked at, and tried for accessibility. */
export const LOOKS: Readonly<Record<string, Look>> = {
  'phone-light': { view: { lang: 'fr', width: 390, height: 640, scheme: 'light' } },
  'phone-dark': { view: { lang: 'en', width: 390, height: 640, scheme: 'dark' } },
  'desktop-light': { view: { lang: 'en', width: 900, height: 640, scheme: 'light' } },
  'desktop-dark': { view: { lang: 'fr', width: 900, height: 640, scheme: 'dark' } },
  arabic: { view: { lang: 'ar-EG', dir: 'rtl', width: 390, height: 640 } },
  'large-text': {
    view: { lang: 'fr', width: 320, height: 900 },
    args: ['--blink-settings=defaultFontSize=32'],
  },
  'forced-colors': { view: { lang: 'en', width: 390, height: 640 }, forced: true },
};

/**
 * A browser and a page with the elements in one of these looks, at rest.
 * @param which states; all when left out
 */
export async function openLook(
  pages: StatePages,
  { view, args = [], forced }: Look,
  which: Pick<StateView, 'buttons' | 'panels'> = {},
): Promise<{ browser: Browser; page: Page }> {
  const browser = await launchBrowser({ args });
  try {
    const page = await pages.open(browser, { ...view, ...which });
    if (forced) await page.emulateMediaFeatures([{ name: 'forced-colors', value: 'active' }]);
    // What moves once is looked at as it stands: else a bubble is tried while it fades away. A document does not tell of what moves in
    // its shadow trees.
    await page.evaluate(() => {
      for (const { contentDocument } of document.querySelectorAll('iframe')) {
        const shadows = [...(contentDocument?.querySelectorAll('*') ?? [])].flatMap(
          ({ shadowRoot }) => shadowRoot ?? [],
        );
        for (const animation of shadows.flatMap((shadow) => shadow.getAnimations()))
          if (animation.effect?.getComputedTiming().iterations === 1) animation.cancel();
      }
    });
    return { browser, page };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
