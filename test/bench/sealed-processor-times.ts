/** What sealing costs the phone and the listener in processor time: in the clear and sealed in turn, so that what else the machine does meets both. */
import { readdir, readFile } from 'node:fs/promises';
import type { Browser } from 'puppeteer-core';
import { launchBrowser } from '../harness/browser.ts';
import { lea, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { type TestKey, withKeys } from '../harness/sealed-pages.ts';
import { System } from '../harness/system.ts';
import { READING_FILE } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';
import { pause } from './bench-page.ts';

/** Both ways, measured in one run. */
export interface Both {
  readonly clear: readonly number[];
  readonly sealed: readonly number[];
}

/** Processor time in percent of a core, one figure of each round. */
export interface ProcessorTimes {
  /** Of the page's whole process. */
  readonly pages: { readonly commercial: Both; readonly admin: Both };
  /** Of its workers' threads alone. */
  readonly workers: { readonly commercial: Both; readonly admin: Both };
}

/** One look at the processor time. The kernel counts in steps of 10 ms. */
const ROUND_MS = 6_000;
const ROUNDS = 3;
const KEY: TestKey = { id: 1, name: 'the team’s key' };

/** Sealed and in the clear in turn. @throws Error when nothing is heard */
export async function processorTimes(): Promise<ProcessorTimes> {
  const system = await System.start({ relayEnv: { LOG_LEVEL: 'warn' } });
  const browsers: Browser[] = [];
  try {
    for (const microphone of [{ microphone: READING_FILE }, {}]) browsers.push(await launchBrowser(microphone));
    const [phone, desk] = browsers;
    if (!phone || !desk) throw new Error('There are no two browsers.');
    return await inTurn(system, phone, desk);
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    await system.close();
  }
}

async function inTurn(system: System, phone: Browser, desk: Browser): Promise<ProcessorTimes> {
  const none = () => ({ clear: [] as number[], sealed: [] as number[] });
  const pages = { commercial: none(), admin: none() };
  const workers = { commercial: none(), admin: none() };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const way of ['clear', 'sealed'] as const) {
      const prepare = way === 'sealed' ? withKeys([KEY]) : undefined;
      const commercial = await CommercialPage.open(phone, system, lea, prepare);
      const admin = await AdminPage.open(desk, system, sophie, prepare);
      await commercial.goLive();
      // Who goes live moves up in the list.
      await waitUntil('her row is live', async () => (await admin.rowState(lea)) === 'live');
      await admin.hear(lea);
      await pause(2_000);
      const [ofPhone, ofDesk] = await Promise.all([percentOf(phone), percentOf(desk)]);
      pages.commercial[way].push(ofPhone.all);
      workers.commercial[way].push(ofPhone.workers);
      pages.admin[way].push(ofDesk.all);
      workers.admin[way].push(ofDesk.workers);
      await commercial.stop();
      for (const page of [commercial, admin]) await page.close();
    }
  }
  return { pages, workers };
}

/** Percent of a core, over one look, of the browser's page that did most; others are empty or on their way out. */
async function percentOf(browser: Browser): Promise<{ all: number; workers: number }> {
  const ids = await renderersOf(browser);
  const before = await Promise.all(ids.map(timesOf));
  const from = performance.now();
  await pause(ROUND_MS);
  const after = await Promise.all(ids.map(timesOf));
  const percent = 100 / (performance.now() - from);
  const used = after.map(({ all, workers }, at) => ({
    all: (all - (before[at]?.all ?? 0)) * percent,
    workers: (workers - (before[at]?.workers ?? 0)) * percent,
  }));
  const [busiest] = used.sort((a, b) => b.all - a.all);
  if (!busiest) throw new Error('The browser has no page.');
  return busiest;
}

/** Processes of a browser's pages. */
async function renderersOf(browser: Browser): Promise<number[]> {
  const session = await browser.target().createCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** Processor time of a process so far, in milliseconds: of all threads, and of those that are workers (proc(5), fields 14 and 15). */
async function timesOf(pid: number): Promise<{ all: number; workers: number }> {
  const read = async (path: string): Promise<{ name: string; ms: number }> => {
    // One that has ended meanwhile has used nothing that counts.
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) return { name: '', ms: 0 };
    const [name, rest] = [text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')), text.slice(text.lastIndexOf(')'))];
    const fields = rest.split(' ');
    return { name, ms: (Number(fields[12]) + Number(fields[13])) * 10 };
  };
  const ids = await readdir(`/proc/${pid}/task`).catch(() => []);
  const threads = await Promise.all(ids.map((id) => read(`/proc/${pid}/task/${id}/stat`)));
  const workers = threads.filter(({ name }) => name.startsWith('DedicatedWorker'));
  return {
    all: (await read(`/proc/${pid}/stat`)).ms,
    workers: workers.reduce((sum, { ms }) => sum + ms, 0),
  };
}
