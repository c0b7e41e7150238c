import { setTimeout } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'puppeteer-core';
import type { AdminPerson, CommercialPerson, Person } from '../../demo/server/people.ts';
import { leavePage, newWatchedPage } from './browser.ts';
import { Probe } from './probe.ts';
import { waitUntil } from './wait.ts';

/** Where people's pages are. */
export interface Site {
  pageOf(person: Person): string;
}

/** Done to a page before it is opened. */
export type Prepare = (page: Page) => Promise<void>;

/** Someone's page of the demo, open in a browser, used by its visible controls. */
class PersonPage {
  readonly page: Page;
  readonly probe: Probe;
  /** What the page complained about; must stay empty. */
  readonly problems: string[];
  readonly #tag: string;

  protected constructor(page: Page, probe: Probe, problems: string[], tag: string) {
    this.page = page;
    this.probe = probe;
    this.problems = problems;
    this.#tag = tag;
  }

  protected static async openPage(browser: Browser | BrowserContext, url: string, prepare?: Prepare) {
    const { page, problems } = await newWatchedPage(browser);
    const probe = await Probe.attach(page);
    await prepare?.(page);
    await page.goto(url);
    return { page, probe, problems };
  }

  /** The element's `state` attribute, or null while it has none. */
  state(): Promise<string | null> {
    return this.page.evaluate((tag) => document.querySelector(tag)?.getAttribute('state') ?? null, this.#tag);
  }

  /** Waits until the element says so. */
  async waitForState(wanted: string, timeoutMs = 15_000): Promise<void> {
    try {
      await waitUntil(`state ${wanted} of ${this.#tag}`, async () => (await this.state()) === wanted, timeoutMs);
    } catch (error) {
      throw new Error(`${String(error)}; it is ${await this.state()}. ${this.problems.join('; ')}`, { cause: error });
    }
  }

  /** All text that the element shows, closed shadow trees not being used. */
  text(): Promise<string> {
    return this.page.evaluate((tag) => {
      const root = document.querySelector(tag)?.shadowRoot;
      const textOf = (node: Node): string => {
        if (node instanceof HTMLStyleElement) return '';
        if (node instanceof Text) return node.data;
        const shadow = node instanceof Element ? node.shadowRoot : null;
        return [...(shadow ?? node).childNodes].map(textOf).join(' ');
      };
      return root ? textOf(root).replace(/\s+/g, ' ').trim() : '';
    }, this.#tag);
  }

  async waitForText(wanted: string | RegExp): Promise<void> {
    const fits = (text: string) => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text));
    try {
      await waitUntil(`text ${wanted}`, async () => fits(await this.text()));
    } catch (error) {
      throw new Error(`${String(error)}; shown is: ${await this.text()}`, { cause: error });
    }
  }

  /** Presses a control by its accessible name, with a real mouse click. */
  protected async press(name: string): Promise<void> {
    const handle = await this.page.waitForSelector(`aria/${name}[role="button"]`, { timeout: 15_000 });
    await handle?.click();
    await handle?.dispose();
  }

  /** Leaves the page with its goodbye. */
  async close(): Promise<void> {
    await leavePage(this.page);
  }
}

/** The button takes a second press within 300 ms of a start, and any within 800 ms of a stop, for a part of the first. */
const BETWEEN_PRESSES_MS = 900;

/** A commercial's page. */
export class CommercialPage extends PersonPage {
  static async open(
    browser: Browser | BrowserContext,
    site: Site,
    person: CommercialPerson,
    prepare?: Prepare,
  ): Promise<CommercialPage> {
    const { page, probe, problems } = await PersonPage.openPage(browser, site.pageOf(person), prepare);
    return new CommercialPage(page, probe, problems, 'prospect-stream-button');
  }

  #pressedAt = 0;

  /** Clicks the blue button and waits until it is red. */
  async goLive(): Promise<void> {
    await this.waitForState('ready');
    await this.pressButton();
    // Not taken where the host ended a stream just before: a person taps again.
    if ((await this.state()) === 'ready') await this.pressButton();
    await this.waitForState('live');
  }

  /** Clicks the red button and waits until it is blue. */
  async stop(): Promise<void> {
    await this.pressButton();
    await this.waitForState('ready');
  }

  /** Clicks the round button, once a click counts that is meant. */
  async pressButton(): Promise<void> {
    await setTimeout(Math.max(0, this.#pressedAt + BETWEEN_PRESSES_MS - performance.now()));
    await this.press('Diffuser mon audio en direct');
    this.#pressedAt = performance.now();
  }
}

/** An admin's page. */
export class AdminPage extends PersonPage {
  static async open(
    browser: Browser | BrowserContext,
    site: Site,
    person: AdminPerson,
    prepare?: Prepare,
  ): Promise<AdminPage> {
    const { page, probe, problems } = await PersonPage.openPage(browser, site.pageOf(person), prepare);
    return new AdminPage(page, probe, problems, 'prospect-listen-panel');
  }

  /** How this commercial is shown in the list: `live`, `paused` and so on; null when they are not in it. */
  rowState(person: CommercialPerson): Promise<string | null> {
    return this.page.evaluate((id) => {
      const list = document.querySelector('prospect-listen-panel')?.shadowRoot;
      const row = list?.querySelector(`[data-id="${id}"]`)?.closest('[data-status]');
      return row?.getAttribute('data-status') ?? null;
    }, person.id);
  }

  /** Clicks the headphones of this commercial, and takes the pointer away: while it is in the list, nobody comes into it. */
  async toggleHeadphones(person: CommercialPerson): Promise<void> {
    await this.press(`Écouter ${person.name}`);
    await this.page.mouse.move(1, 1);
  }

  /** Clicks the headphones and waits until the voice is there. */
  async hear(person: CommercialPerson): Promise<void> {
    await this.toggleHeadphones(person);
    await this.waitForState('listening');
    await this.probe.waitForSound();
  }
}
