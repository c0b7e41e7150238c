import assert from 'node:assert/strict';
import type { ElementHandle, Page } from 'puppeteer-core';
import type { AdminPage, CommercialPage } from './person-page.ts';
import { waitUntil } from './wait.ts';

/** A control inside of an element's shadow tree. */
export async function control(page: Page, part: string): Promise<ElementHandle> {
  const handle = await page.waitForSelector(`>>> [part="${part}"]`, { timeout: 15_000 });
  assert.ok(handle, part);
  return handle;
}

/** The commercial says that they wear an earpiece, or no more. */
export async function toggleEarpiece({ page }: CommercialPage): Promise<void> {
  const earpiece = await control(page, 'earpiece');
  await earpiece.evaluate((node) => (node as HTMLElement).click());
}

/** The pointer goes down on the button, and stays there. */
export async function holdToSpeak(admin: AdminPage): Promise<void> {
  const button = await control(admin.page, 'whisper-hold');
  await waitUntil('a button that may be held', async () =>
    button.evaluate((node) => node.getAttribute('aria-disabled') === 'false'),
  );
  await button.hover();
  await admin.page.mouse.down();
}
