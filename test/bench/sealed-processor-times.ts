/** What sealing costs the phone and the listener in processor time: in the clear and sealed in turn, so that what else the machine does meets both. */
import { readdir, readFile } from 'node:fs/promises';
import type { Browser } from 'puppeteer-core';
import { lea, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { setKeys, type TestKey } from '../harness/sealed-pages.ts';
import type { System } from '../harness/system.ts';
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

/** Sealed and in the clear in turn: what else the machine does meets both. */
export async function processorTimes(system: System, phone: Browser, desk: Browser): Promise<ProcessorTimes> {
  const [commercial, admin] = await Promise.all([
    CommercialPage.open(phone, system, lea),
    AdminPage.open(desk, system, sophie),
  ]);
  const none = () => ({ clear: [] as number[], sealed: [] as number[] });
  const pages = { commercial: none(), admin: none() };
  const workers = { commercial: none(), admin: none() };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const way of ['clear', 'sealed'] as const) {
      const keys = way === 'sealed' ? [KEY] : null;
      await Promise.all([setKeys(commercial.page, keys), setKeys(admin.page, keys)]);
      await commercial.goLive();
      // Whoever was heard before is heard again by itself.
      if (round === 0 && way === 'clear') await admin.toggleHeadphones(lea);
      await admin.waitForState('listening');
      await admin.probe.waitForSound();
      await pause(2_000);
      const ids = { commercial: await rendererOf(phone), admin: await rendererOf(desk) };
      const before = { commercial: await timesOf(ids.commercial), admin: await timesOf(ids.admin) };
      const from = performance.now();
      await pause(ROUND_MS);
      const after = { commercial: await timesOf(ids.commercial), admin: await timesOf(ids.admin) };
      const percent = (ms: number): number => (ms / (performance.now() - from)) * 100;
      for (const who of ['commercial', 'admin'] as const) {
        pages[who][way].push(percent(after[who].all - before[who].all));
        workers[who][way].push(percent(after[who].workers - before[who].workers));
      }
      await commercial.stop();
      await admin.probe.waitForSilence();
    }
  }
  return { pages, workers };
}

/** The busiest process of a browser's pages: the others are empty tabs. */
async function rendererOf(browser: Browser): Promise<number> {
  const session = await browser.target().createCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const [busiest] = processInfo.filter(({ type }) => type === 'renderer').sort((a, b) => b.cpuTime - a.cpuTime);
  if (!busiest) throw new Error('The browser has no page.');
  return busiest.id;
}

/** Processor time of a process so far, in milliseconds: of all threads, and of those that are workers (proc(5), fields 14 and 15). */
async function timesOf(pid: number): Promise<{ all: number; workers: number }> {
  const read = async (path: string): Promise<{ name: string; ms: number }> => {
    const text = await readFile(path, 'utf8');
    const [name = '', rest = ''] = [
      text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')),
      text.slice(text.lastIndexOf(')')),
    ];
    const fields = rest.split(' ');
    return { name, ms: (Number(fields[12]) + Number(fields[13])) * 10 };
  };
  const ended = { name: '', ms: 0 };
  const threads = await Promise.all(
    (await readdir(`/proc/${pid}/task`)).map((id) => read(`/proc/${pid}/task/${id}/stat`).catch(() => ended)),
  );
  const workers = threads.filter(({ name }) => name.startsWith('DedicatedWorker'));
  return {
    all: (await read(`/proc/${pid}/stat`)).ms,
    workers: workers.reduce((sum, { ms }) => sum + ms, 0),
  };
}
