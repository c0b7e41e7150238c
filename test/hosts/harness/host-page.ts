import type { Browser, BrowserContext } from 'puppeteer-core';
import type { Person } from '../../../demo/server/people.ts';
import { AdminPage, CommercialPage, type Prepare } from '../../harness/person-page.ts';
import type { System } from '../../harness/system.ts';

/** The address of a person's page in a host, such as `react` or `react/journee`. */
export function hostUrl(system: System, person: Person, host: string): string {
  return `${system.url}/as/${person.id}/${host}`;
}

/** A commercial's page in a host application. */
export class HostCommercial extends CommercialPage {
  static async openAt(browser: Browser | BrowserContext, url: string, prepare?: Prepare): Promise<HostCommercial> {
    const { page, probe, problems } = await CommercialPage.openPage(browser, url, prepare);
    return new HostCommercial(page, probe, problems, 'prospect-stream-button');
  }

  /** Clicks a link or another control of the host by its text. */
  async click(text: string): Promise<void> {
    await this.page.locator(`::-p-text(${text})`).click();
  }
}

/** An admin's page in a host application. */
export class HostAdmin extends AdminPage {
  static async openAt(browser: Browser | BrowserContext, url: string, prepare?: Prepare): Promise<HostAdmin> {
    const { page, probe, problems } = await AdminPage.openPage(browser, url, prepare);
    return new HostAdmin(page, probe, problems, 'prospect-listen-panel');
  }

  /** Clicks a link or another control of the host by its text. */
  async click(text: string): Promise<void> {
    await this.page.locator(`::-p-text(${text})`).click();
  }
}
