/**
 * `npm run bench -- --panel`: the panel with 500 rows, of which ten change in a second, on a computer four times slower than this one.
 * The widgets are those of the sources, built as they are published, with their real session and model; the relay is in memory.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'puppeteer-core';
import { launchBrowser } from '../../harness/browser.ts';
import { type Summary, summarise } from '../../harness/statistics.ts';
import { textTable } from '../../harness/text-table.ts';
import type { PanelBench } from './panel-page.ts';

declare global {
  var panelBench: PanelBench;
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ROWS = 500;
const CHANGES_PER_SECOND = 10;
const SLOWER = 4;
const LISTEN_MS = 10_000;
const OPENINGS = 5;
/** Typed and taken back again: many rows stay with the first letters, few with the last, and then all come back. */
const TYPED = ['martin', 'zoe', 'equipe 7'];
const BETWEEN_KEYS_MS = 120;
/** How often the level of what is heard is shown. */
const LEVEL_MS = 250;

/** What was measured of one version of the widgets. */
export interface PanelCosts {
  /** Milliseconds from the element's making until the rows that can be seen are painted. */
  readonly opening: Summary;
  /** Milliseconds from a key in the search field to the paint that follows. */
  readonly keys: Summary;
  /** Milliseconds from a key to the paint in which the list has followed. */
  readonly lists: Summary;
  /** While somebody is heard: the share of the slower computer's core that the page's thread works. */
  readonly listening: number;
  /** The same without slowing down: processor time of all of the browser's processes, of a core of this computer. */
  readonly processes: number;
  /** The floor of that: what a page costs that has one word, which changes as often as the level is shown. */
  readonly floor: number;
}

/** @param widgets the folder of the checkout whose widgets are measured */
export async function measurePanel(widgets: string = ROOT): Promise<PanelCosts> {
  const script = await bundlePage(widgets);
  const browser = await launchBrowser();
  try {
    const openings: number[] = [];
    for (let i = 0; i < OPENINGS; i += 1) {
      const page = await openPage(browser, script);
      openings.push(await page.evaluate((rows) => panelBench.open(rows), ROWS));
      await page.close();
    }
    const page = await openPage(browser, script);
    await page.evaluate((rows) => panelBench.open(rows), ROWS);
    await sleep(3000);
    await page.evaluate((rows, changes) => panelBench.change(rows, changes), ROWS, CHANGES_PER_SECOND);
    const { keys, lists } = await typeAll(page);
    // As an admin does: the focus goes to the headphones. In the search field the browser's caret would blink on, twice a second.
    await page.click('prospect-listen-panel >>> .row .listen');
    await page.mouse.move(5, 5);
    await page.evaluate(() => panelBench.speak());
    await sleep(2000);
    const listening = await threadShare(page);
    await page.emulateCPUThrottling(1);
    await sleep(1000);
    const processes = await processShare(browser);
    await page.close();
    const floor = await floorShare(browser);
    const times = { opening: summarise(openings), keys: summarise(keys), lists: summarise(lists) };
    return { ...times, listening, processes, floor };
  } finally {
    await browser.close();
  }
}

/** The widgets as they are published, with the page's own part. */
async function bundlePage(widgets: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${ROOT}test/bench/panel/panel-page.ts`],
    bundle: true,
    write: false,
    format: 'iife',
    minify: true,
    conditions: ['production'],
    tsconfig: `${ROOT}tsconfig.json`,
    define: { __WIDGET_VERSION__: '"0"' },
    plugins: [
      {
        name: 'widgets-of',
        setup({ onResolve }) {
          onResolve({ filter: /^\.\.\/\.\.\/\.\.\/widgets\// }, ({ path }) => ({
            path: `${widgets}/${path.replace(/^(?:\.\.\/)+/, '')}`,
          }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}

async function openPage(browser: Browser, script: string): Promise<Page> {
  const page = await browser.newPage({ type: 'window' });
  await page.setViewport({ width: 1280, height: 800 });
  await page.setContent(
    '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Panel</title><style>prospect-listen-panel { width: 420px; height: 760px }</style>',
  );
  await page.addScriptTag({ content: script });
  await page.emulateCPUThrottling(SLOWER);
  return page;
}

async function typeAll(page: Page): Promise<{ keys: number[]; lists: number[] }> {
  await page.click('prospect-listen-panel >>> [type=search]');
  for (const word of TYPED) {
    for (const letter of word) await press(page, letter);
    for (const _ of word) await press(page, 'Backspace');
  }
  await sleep(2000);
  return page.evaluate(() => ({ keys: panelBench.keys, lists: panelBench.lists }));
}

async function press(page: Page, key: string): Promise<void> {
  await page.keyboard.press(key as 'a');
  await sleep(BETWEEN_KEYS_MS);
}

async function threadShare(page: Page): Promise<number> {
  const work = async () => (await page.metrics()).TaskDuration ?? 0;
  const before = await work();
  await sleep(LISTEN_MS);
  return ((await work()) - before) / (LISTEN_MS / 1000);
}

async function processShare(browser: Browser): Promise<number> {
  const session = await browser.target().createCDPSession();
  const work = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };
  const before = await work();
  await sleep(LISTEN_MS);
  return ((await work()) - before) / (LISTEN_MS / 1000);
}

async function floorShare(browser: Browser): Promise<number> {
  const page = await browser.newPage({ type: 'window' });
  await page.setViewport({ width: 1280, height: 800 });
  await page.setContent('<!doctype html><title>Floor</title><p>0</p>');
  await page.evaluate((every) => {
    let count = 0;
    setInterval(() => {
      count += 1;
      document.querySelector('p')?.replaceChildren(String(count));
    }, every);
  }, LEVEL_MS);
  await sleep(1000);
  return processShare(browser);
}

/** What is expected, and whether it is so. */
function judged({
  opening,
  keys,
  lists,
  listening,
  processes,
  floor,
}: PanelCosts): readonly (readonly [string, string, string, boolean])[] {
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const share = (value: number) => `${(value * 100).toFixed(1)} %`;
  return [
    ['opening, median', ms(opening.median), '<= 500 ms', opening.median <= 500],
    ['key to paint, median', ms(keys.median), '<= 50 ms', keys.median <= 50],
    ['key to paint, p95', ms(keys.p95), '<= 100 ms', keys.p95 <= 100],
    ['key to the list painted, median (p95)', `${ms(lists.median)} (${ms(lists.p95)})`, '', true],
    ['listening, all processes, of a core as it is', share(processes), '<= 5 %', processes <= 0.05],
    ['floor: one word that changes as often as the level', share(floor), '', true],
    ['listening, the page alone, of the slower core', share(listening), '', true],
  ];
}

/** The names of the figures that are not as expected. */
export function missedPanel(costs: PanelCosts): readonly string[] {
  return judged(costs).flatMap(([name, , , ok]) => (ok ? [] : [name]));
}

/** The table for people: a column for each version. */
export function renderPanel(versions: readonly (readonly [string, PanelCosts])[]): string {
  const columns = versions.map(([, costs]) => judged(costs));
  const rows = (columns[0] ?? []).map(([name, , expected], index) => [
    name,
    ...columns.map((column) => `${column[index]?.[1]}${column[index]?.[3] ? '' : ' (missed)'}`),
    expected,
  ]);
  return textTable([['', ...versions.map(([name]) => name), 'expected'], ...rows]);
}
