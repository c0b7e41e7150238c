import type { Page } from 'puppeteer-core';
import { waitUntil } from '../harness/wait.ts';

/** What `page/bench.js` puts into the page. */
interface BenchApi {
  ready: Promise<void>;
  connectFloor(): Promise<void>;
  setSounding(voice: number, on: boolean): void;
  mouthToEar(count: number, voice?: number, floor?: boolean): Promise<{ relay: number[]; floor: number[] }>;
  clickToHeard(button: HTMLElement, voice: number): Promise<number>;
  coldDirect(voice: number, announced: boolean): Promise<number>;
  coldJoin(id: string, voice: number): Promise<number>;
}

declare global {
  var bench: BenchApi;
}

/** Waits until the page's element of this kind and number says so. */
export async function waitForState(page: Page, tag: string, index: number, wanted: string): Promise<void> {
  const read = (selector: string, at: number) => document.querySelectorAll(selector)[at]?.getAttribute('state') ?? null;
  await waitUntil(`state ${wanted} of ${tag}`, async () => (await page.evaluate(read, tag, index)) === wanted, 30_000);
}

/** Clicks the button of the page's commercial of this number. */
export function startStream(page: Page, index: number): Promise<void> {
  return page.evaluate((at: number) => {
    const button = document.querySelectorAll('prospect-stream-button')[at]?.shadowRoot?.querySelector('button');
    if (!button) throw new Error('no button');
    button.click();
  }, index);
}

/** Clicks the headphones of a commercial. @returns milliseconds until that voice is heard */
export async function clickHeadphones(page: Page, commercialId: string, voice: number): Promise<number> {
  await page.waitForSelector(`prospect-listen-panel >>> .listen[data-id="${commercialId}"]`);
  return page.evaluate(
    (id: string, index: number) => {
      const root = document.querySelector('prospect-listen-panel')?.shadowRoot;
      const button = root?.querySelector<HTMLElement>(`.listen[data-id="${id}"]`);
      if (!button) throw new Error(`no headphones for ${id}`);
      return bench.clickToHeard(button, index);
    },
    commercialId,
    voice,
  );
}

/** Nobody is heard any more. */
export function stopListening(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const panel = document.querySelector('prospect-listen-panel');
    if (panel && 'stop' in panel && typeof panel.stop === 'function') await panel.stop();
  });
}

/** Resolves after so many milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
