import { createHash } from 'node:crypto';
import type { Page } from 'puppeteer-core';
import type { Prepare } from './person-page.ts';

/** The demo's policy allows no blob. */
const WORKER_URL = '/prospect-e2ee-worker.js';

/** A team's key for tests, by a name: the same name is the same key. */
export interface TestKey {
  readonly id: number;
  readonly name: string;
}

/** The bytes of a key. */
export const keyBytes = ({ name }: TestKey): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(createHash('sha256').update(name).digest());

/** A key as a page sets it. */
const forPage = (key: TestKey) => ({ id: key.id, bytes: [...keyBytes(key)] });

/** What a host's page does: sets the team's keys on the element, as soon as it is there. @param rotation of the element @param workerUrl null: a blob */
export async function setKeys(
  page: Page,
  keys: readonly TestKey[] | null,
  rotation: { useAfterMs?: number; dropAfterMs?: number } | null = null,
  workerUrl: string | null = WORKER_URL,
): Promise<void> {
  await page.evaluate(giveKeys, keys?.map(forPage) ?? null, rotation, workerUrl);
}

/** The same before the page is opened: the keys are there before anything can be sent. */
export function withKeys(keys: readonly TestKey[]): Prepare {
  return async (page) => {
    await page.evaluateOnNewDocument(
      `(${String(giveKeysEarly)})(${String(giveKeys)}, ${JSON.stringify(keys.map(forPage))}, ${JSON.stringify(WORKER_URL)})`,
    );
  };
}

type PageKeys = readonly { readonly id: number; readonly bytes: readonly number[] }[] | null;

/** Runs in the page. */
function giveKeys(keys: PageKeys, rotation: object | null, workerUrl: string | null): void {
  const element = document.querySelector('prospect-stream-button, prospect-listen-panel');
  if (!element) throw new Error('there is no element');
  const e2eeKeys = keys?.map(({ id, bytes }) => ({ id, key: Uint8Array.from(bytes) })) ?? null;
  Object.assign(element, { e2eeWorkerUrl: workerUrl, e2eeRotation: rotation, e2eeKeys });
}

/** Runs in the page, before anything of it is there. */
function giveKeysEarly(give: typeof giveKeys, keys: PageKeys, workerUrl: string): void {
  const observer = new MutationObserver(() => {
    if (!document.querySelector('prospect-stream-button, prospect-listen-panel')) return;
    observer.disconnect();
    give(keys, null, workerUrl);
  });
  observer.observe(document, { childList: true, subtree: true });
}
