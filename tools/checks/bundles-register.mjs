import { readFileSync } from 'node:fs';
import puppeteer from 'puppeteer-core';
import { inRoot } from '../setup/paths.mjs';

const BUTTON = 'prospect-stream-button';
const PANEL = 'prospect-listen-panel';

/** The elements that each bundle must register: a bundle whose side effects were shaken off is small, and empty. */
export const REGISTERED = {
  'prospect-live.js': [BUTTON, PANEL],
  'prospect-stream-button.js': [BUTTON],
  'prospect-listen-panel.js': [PANEL],
};

/**
 * Loads each bundle, as a page does, in a page of its own in Chromium (CHROMIUM_BIN), beside both elements.
 * @param {(name: string) => string} [read] gives a bundle's text; those of widgets/dist by default
 * @returns {Promise<string[]>} what is wrong, for people
 */
export async function checkBundlesRegister(read = (name) => readFileSync(inRoot('widgets', 'dist', name), 'utf8')) {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM_BIN,
    args: ['--no-sandbox', '--headless=new', '--disable-background-networking'],
  });
  try {
    const problems = [];
    for (const [name, expected] of Object.entries(REGISTERED)) {
      const { rendered, errors } = await load(browser, read(name));
      if (errors.length > 0) problems.push(`${name}: ${errors.join('; ')}`);
      if (rendered.join() !== expected.join())
        problems.push(`${name} registers ${rendered.join(' and ') || 'no element'}, not ${expected.join(' and ')}`);
    }
    return problems;
  } finally {
    await browser.close();
  }
}

/** @returns {Promise<{ rendered: string[], errors: string[] }>} the elements that are defined and have drawn themselves */
async function load(browser, text) {
  const page = await browser.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  try {
    await page.setContent(`<${BUTTON}></${BUTTON}><${PANEL}></${PANEL}>`);
    const rendered = await page.evaluate(async (source) => {
      // Awaited, which a script tag is not.
      await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
      const defined = [...document.querySelectorAll(':defined')].filter(({ localName }) => localName.includes('-'));
      await Promise.all(defined.map((element) => Reflect.get(element, 'updateComplete')));
      return defined.filter((element) => element.shadowRoot?.querySelector('.root')).map(({ localName }) => localName);
    }, text);
    return { rendered, errors };
  } catch (error) {
    return { rendered: [], errors: [...errors, error.message] };
  } finally {
    await page.close();
  }
}
