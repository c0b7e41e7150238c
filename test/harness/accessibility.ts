import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'puppeteer-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Axe {
  run(
    context?: Element,
  ): Promise<{ violations: { id: string; help: string; nodes: { target: unknown; failureSummary?: string }[] }[] }>;
}

/** Proves that axe finds nothing wrong in the page as it stands, and that it is not wider than the window. */
export async function assertAccessible(page: Page): Promise<void> {
  await page.evaluate(AXE);
  const problems = await page.evaluate(async () => {
    const { axe } = globalThis as typeof globalThis & { axe: Axe };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help} at ${JSON.stringify(node.target)} ${node.failureSummary ?? ''}`),
    );
  });
  assert.deepEqual(problems, []);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
}

/**
 * What axe finds wrong with the element in each frame of the page.
 * @returns by the frame's title
 */
export async function axeProblemsInFrames(page: Page): Promise<[state: string, problems: string[]][]> {
  return page.evaluate(async (source) => {
    const found: [string, string[]][] = [];
    for (const frame of document.querySelectorAll('iframe')) {
      const view = frame.contentWindow as (Window & { axe?: Axe }) | null;
      const element = frame.contentDocument?.querySelector('prospect-stream-button, prospect-listen-panel');
      if (!view || !element) throw new Error(`${frame.title} is empty`);
      (Reflect.get(view, 'eval') as (code: string) => void)(source);
      if (!view.axe) throw new Error('axe did not load');
      const { violations } = await view.axe.run(element);
      found.push([
        frame.title,
        violations.flatMap(({ id, help, nodes }) =>
          nodes.map(
            ({ target, failureSummary }) => `${id}: ${help} at ${JSON.stringify(target)} ${failureSummary ?? ''}`,
          ),
        ),
      ]);
    }
    return found;
  }, AXE);
}
