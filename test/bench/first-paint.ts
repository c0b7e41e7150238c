/**
 * `npm run bench -- --paint`: when an element is first painted, on a computer four times slower than this one. The bundles are those that
 * are published; the page is new each time, and its browser has never seen the script.
 */
import { launchBrowser } from '../harness/browser.ts';
import { StatePages } from '../harness/state-page.ts';
import { type Summary, summarise } from '../harness/statistics.ts';
import { textTable } from '../harness/text-table.ts';

const SLOWER = 4;
/** Milliseconds from the script's end until the element is painted (median). */
const EXPECTED_MS = 100;

/** Which bundle with which element. */
const CASES = [
  ['prospect-live.js', 'prospect-stream-button'],
  ['prospect-live.js', 'prospect-listen-panel'],
  ['prospect-stream-button.js', 'prospect-stream-button'],
  ['prospect-listen-panel.js', 'prospect-listen-panel'],
] as const;

/** What was measured of one element: milliseconds, on the slower computer. */
export interface FirstPaint {
  readonly bundle: string;
  readonly element: string;
  /** From the script's last byte until it has run: it is compiled, and the element, which stood in the page before, is defined. */
  readonly ran: Summary;
  /** From then until the element is painted. */
  readonly painted: Summary;
}

/** @param samples pages of each element */
export async function measureFirstPaint(samples: number): Promise<FirstPaint[]> {
  const pages = await StatePages.start();
  try {
    const found: FirstPaint[] = [];
    for (const [bundle, element] of CASES) {
      const times: { painted: number; ran: number }[] = [];
      for (let i = 0; i < samples; i += 1) times.push(await paintOnce(pages.url, bundle, element));
      found.push({
        bundle,
        element,
        painted: summarise(times.map(({ painted }) => painted)),
        ran: summarise(times.map(({ ran }) => ran)),
      });
    }
    return found;
  } finally {
    await pages.close();
  }
}

async function paintOnce(url: string, bundle: string, element: string): Promise<{ painted: number; ran: number }> {
  // A browser of its own: nothing of the script is compiled yet.
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.emulateCPUThrottling(SLOWER);
    return await page.evaluate(
      async (name, tag) => {
        const one = document.body.appendChild(document.createElement(tag));
        await import(`/${name}`);
        const ran = performance.now();
        await Reflect.get(one, 'updateComplete');
        const frame = await new Promise<number>((resolve) =>
          requestAnimationFrame(() => {
            // The first task after the frame.
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.now());
            port2.postMessage(null);
          }),
        );
        if (!one.shadowRoot?.querySelector('button, .panel')) throw new Error(`<${tag}> shows nothing`);
        const [arrived] = performance.getEntriesByName(new URL(`/${name}`, location.href).href);
        if (!(arrived instanceof PerformanceResourceTiming)) throw new Error('the script was not timed');
        return { painted: frame - ran, ran: ran - arrived.responseEnd };
      },
      bundle,
      element,
    );
  } finally {
    await browser.close();
  }
}

/** The elements that are painted too late. */
export function missedFirstPaint(found: readonly FirstPaint[]): string[] {
  return found
    .filter(({ painted }) => painted.median > EXPECTED_MS)
    .map(({ bundle, element }) => `${bundle} ${element}`);
}

/** A table for people. */
export function renderFirstPaint(found: readonly FirstPaint[]): string {
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const rows = found.map(({ bundle, element, painted, ran }) => [
    bundle,
    `<${element}>`,
    ms(ran.median),
    ms(painted.median),
    ms(painted.p95),
    painted.median <= EXPECTED_MS ? 'ok' : 'missed',
  ]);
  return textTable([
    [
      'bundle',
      'element',
      'script arrived to run',
      'run to painted (median)',
      'p95',
      `<= ${EXPECTED_MS} ms, CPU ${SLOWER} x slower`,
    ],
    ...rows,
  ]);
}
