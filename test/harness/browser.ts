import { existsSync } from 'node:fs';
import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer-core';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Where Chromium or Chrome is. @throws Error that says what to set */
export function chromiumPath(): string {
  const path = [process.env.CHROMIUM_BIN, process.env.CHROME_PATH, ...USUAL_PLACES].find(
    (place) => place && existsSync(place),
  );
  if (!path) throw new Error('No Chromium found. Install it, or set CHROMIUM_BIN to its path.');
  return path;
}

export interface BrowserOptions {
  /** WAV file that is the microphone, over and over. None: Chromium's beeps. */
  readonly microphone?: string;
  /** What its user reads, as `Accept-Language` has it. */
  readonly languages?: string;
  readonly args?: readonly string[];
}

/** Starts a Chromium of its own. Its microphone asks nobody; autoplay follows the browser's real rules. */
export function launchBrowser({
  microphone,
  // The demo speaks the browser's language; most tests read French.
  languages = 'fr-FR,fr',
  args = [],
}: BrowserOptions = {}): Promise<Browser> {
  return puppeteer.launch({
    executablePath: chromiumPath(),
    headless: true,
    args: [
      '--no-sandbox',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--disable-background-networking',
      `--accept-lang=${languages}`,
      // Several pages of one test share a browser: none of them is the one in front.
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
      ...(microphone ? [`--use-file-for-fake-audio-capture=${microphone}`] : []),
      ...args,
    ],
  });
}

/** Leaves a page as a person does who goes elsewhere: the elements say goodbye, and the relay keeps no session for them. */
export async function leavePage(page: Page): Promise<void> {
  await page.goto('about:blank');
  await page.close();
}

/** Leaves every page that is open in a browser, but not the browser. */
export async function leaveAllPages(browser: Browser): Promise<void> {
  for (const page of await browser.pages()) if (page.url().startsWith('http')) await leavePage(page);
}

/** A page, and everything it complained about. */
export interface WatchedPage {
  readonly page: Page;
  /** Console errors, uncaught errors and policy violations. Empty when all is well. */
  readonly problems: string[];
}

/** Opens an empty page that is watched from its first moment. */
export async function newWatchedPage(browser: Browser | BrowserContext): Promise<WatchedPage> {
  // A window of its own: a page behind another one is hidden, draws nothing, and may be paused.
  const page = await browser.newPage({ type: 'window' });
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} ${message.location().url ?? ''}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error instanceof Error ? error.message : String(error)}`));
  await page.evaluateOnNewDocument(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`content security policy: ${event.violatedDirective} blocked ${event.blockedURI}`);
    });
  });
  return { page, problems };
}
