/** What the elements' tests in a browser share. */
import 'axe-core/axe.min.js';
import type { AxeResults, ElementContext, RunOptions } from 'axe-core';
import type { LitElement } from 'lit';
import { lateFaultTexts } from '../../i18n/late-fault-texts.ts';

// Tests read failures as soon as they happen; how their words come late has a test of its own.
await lateFaultTexts.get();

declare const axe: { run(context: ElementContext, options: RunOptions): Promise<AxeResults> };

/** A turn of the event loop: everything queued as microtasks has run. */
export const turn = () => new Promise((resolve) => setTimeout(resolve));

/** Resolves when this holds; a test that waits in vain runs out of time. For what is loaded when it is first wanted. */
export async function until(holds: () => unknown): Promise<void> {
  while (!holds()) await turn();
}

/** Ends all entering animations and transitions, so that colours are at rest. */
async function settle(element: LitElement): Promise<void> {
  await element.updateComplete;
  await turn();
  for (const animation of element.shadowRoot?.getAnimations() ?? []) {
    if (animation.effect?.getComputedTiming().iterations === 1) animation.finish();
  }
}

/** What axe finds wrong in this element, one line per finding; empty when it is accessible. */
export async function accessibilityProblems(element: LitElement): Promise<readonly string[]> {
  await settle(element);
  const { violations } = await axe.run(element, { resultTypes: ['violations'] });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help} (${node.target.join(' ')}) ${node.failureSummary}`),
  );
}

/** The page in a theme. */
export function setTheme(theme: 'light' | 'dark'): void {
  document.documentElement.style.colorScheme = theme;
}

/** The one element in a shadow tree that the selector finds. @throws when there is none */
export function part<T extends HTMLElement = HTMLElement>(element: HTMLElement, selector: string): T {
  const found = element.shadowRoot?.querySelector<T>(selector);
  if (!found) throw new Error(`${selector} is not in <${element.localName}>`);
  return found;
}

/** Elements of a shadow tree that stick out of the element's box, or of the window. */
export function overflowing(element: HTMLElement, selector: string, right: number, left = 0): readonly string[] {
  return [...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])]
    .filter((one) => {
      const box = one.getBoundingClientRect();
      return box.width > 1 && (box.right > right + 0.5 || box.left < left - 0.5);
    })
    .map((one) => one.className || one.localName);
}

/** Rules that ruin every element they reach, as on a page nobody dares to clean up. */
export const HOSTILE_CSS = `
  * { color: lime !important; font: italic 40px/3 fantasy !important; letter-spacing: 9px !important; text-transform: uppercase !important;
    margin: 33px !important; padding: 21px !important; border: 7px dashed red !important; background: yellow !important; box-sizing: content-box !important;
    position: relative !important; text-align: right !important; min-width: 500px !important; visibility: visible; text-indent: 30px; word-spacing: 20px; }
  button { all: unset !important; font-size: 99px !important; }
  svg { width: 300px !important; }
`;
