import assert from 'node:assert/strict';
import type { Browser } from 'puppeteer-core';
import { launchBrowser, leaveAllPages } from '../../harness/browser.ts';
import { System, type SystemOptions } from '../../harness/system.ts';
import { READING_FILE } from '../../harness/voices.ts';
import { waitUntil } from '../../harness/wait.ts';

/** The built hosts (`npm run hosts`), a relay, the demonstration's server, and one browser whose microphone is the recorded voice. */
export class Trial {
  readonly system: System;
  readonly browser: Browser;

  private constructor(system: System, browser: Browser) {
    this.system = system;
    this.browser = browser;
  }

  /** @param browserArgs more command-line arguments for the browser */
  static async start(options?: SystemOptions, browserArgs: readonly string[] = []): Promise<Trial> {
    const system = await System.start(options);
    return new Trial(system, await launchBrowser({ microphone: READING_FILE, args: browserArgs }));
  }

  /** Leaves the pages, and waits until the relay has let go of everything. */
  async clear(): Promise<void> {
    await leaveAllPages(this.browser);
    await this.waitForStreams(0);
    await waitUntil('no listener', async () => (await this.system.status()).total_listeners === 0, 60_000);
  }

  /** Waits until the relay carries so many streams. */
  async waitForStreams(count: number): Promise<void> {
    const isSo = async () => (await this.system.status()).active_commercials === count;
    await waitUntil(`${count} streams at the relay`, isSo, 60_000);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.system.close();
  }
}

/** What the pages complained about: nothing. */
export function assertNoProblems(...pages: readonly { readonly problems: readonly string[] }[]): void {
  assert.deepEqual(
    pages.flatMap(({ problems }) => problems),
    [],
  );
}
