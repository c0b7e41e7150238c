/** In Firefox: states of both elements that only a fake session has at will, with real keys, and with forced colours. Over dialogs and within transformed ancestors: top-layer.e2e.test.ts. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { NOT_LISTENING } from '../../widgets/sessions/listening-parts.ts';
import { NOT_STREAMING } from '../../widgets/sessions/streaming-parts.ts';
import { listeningStates, streamingStates } from '../../widgets/ui/testing/fake-sessions.ts';
import { StatePages } from '../harness/state-page.ts';
import { waitUntil } from '../harness/wait.ts';
import { launchFirefox } from './firefox/launch-firefox.ts';

const firefox = process.env.FIREFOX_BIN ?? '/usr/bin/firefox-esr';
const BUTTON = 'prospect-stream-button';
const PANEL = 'prospect-listen-panel';

/** Runs in the page: one of the elements in this state; what it asks of its session is kept in `calls`. */
async function mount(tag: string, state: object): Promise<void> {
  document.documentElement.lang = 'en';
  const calls: string[] = [];
  Object.assign(window, { calls });
  const answer = (name: string, [value]: readonly unknown[]) => {
    calls.push(typeof value === 'string' || typeof value === 'boolean' ? `${name} ${value}` : name);
    return () => undefined;
  };
  const session = new Proxy(
    {},
    {
      get: (_, name) =>
        name === 'getState' ? () => state : (...args: readonly unknown[]) => answer(String(name), args),
    },
  );
  const address = '/prospect-live.js';
  const { ProspectStreamButton, ProspectListenPanel } = await import(address);
  for (const type of [ProspectStreamButton, ProspectListenPanel]) type.sessionFactory = () => session;
  const element = document.createElement(tag);
  element.style.height = '560px';
  document.body.append(element);
  await Reflect.get(element, 'updateComplete');
}

/** Runs in the page: the text of a part, where it can be seen. */
function seen(tag: string, selector: string): string | null {
  const one = document.querySelector(tag)?.shadowRoot?.querySelector(selector);
  const { width = 0, height = 0 } = one?.getBoundingClientRect() ?? {};
  return one?.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && width > 1 && height > 1
    ? (one.textContent ?? '').replace(/\s+/g, ' ').trim()
    : null;
}

/** Runs in the page: where the focus is, inside the element. */
function focused(tag: string): string {
  const active = document.querySelector(tag)?.shadowRoot?.activeElement;
  return active instanceof HTMLElement ? (active.dataset.id ?? active.getAttribute('part') ?? active.localName) : '';
}

const skip = existsSync(firefox) ? false : `${firefox} is not there`;

describe('states in Firefox', { skip, timeout: 120_000 }, () => {
  let pages: StatePages;
  let browser: Browser;
  before(async () => {
    pages = await StatePages.start();
    browser = await launchFirefox(firefox);
  });
  after(async () => {
    await browser?.close();
    await pages?.close();
  });

  async function open(tag: string, state: object, where = browser): Promise<Page> {
    const page = await pages.empty(where);
    await page.evaluate(mount, tag, state);
    await page.bringToFront();
    return page;
  }
  const button = (name: string) => open(BUTTON, { ...NOT_STREAMING, ...streamingStates()[name] });
  const panel = (name: string) => open(PANEL, { ...NOT_LISTENING, ...listeningStates()[name] });
  const callsOf = (page: Page) =>
    page.evaluate(() =>
      (Reflect.get(window, 'calls') as string[]).filter((call) => /^(?:start|stop|listen|setMuted)/.test(call)),
    );
  async function press(page: Page, tag: string, selector: string): Promise<void> {
    const at = await page.evaluate(
      (name, inside) => {
        const box = document.querySelector(name)?.shadowRoot?.querySelector(inside)?.getBoundingClientRect();
        return box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null;
      },
      tag,
      selector,
    );
    assert.ok(at, selector);
    await page.mouse.click(at.x, at.y);
  }

  test('the own stream on another page is told, and can be continued here or stopped there', async () => {
    const page = await button('elsewhere');
    await waitUntil('the bubble', async () => (await page.evaluate(seen, BUTTON, '[part=continue]')) !== null, 5_000);
    assert.match((await page.evaluate(seen, BUTTON, '[part=title]')) ?? '', /live/i);
    assert.doesNotMatch((await page.evaluate(seen, BUTTON, '[part=bubble]')) ?? '', /nobody/i);
    await press(page, BUTTON, '[part=stop-elsewhere]');
    await press(page, BUTTON, '[part=continue]');
    assert.deepEqual(await callsOf(page), ['stopElsewhere', 'start']);
    await page.close();
  });

  test('all who listen are shown by name', async () => {
    const page = await button('live-many');
    const words = () => page.evaluate(seen, BUTTON, '[part=bubble]');
    await waitUntil('the names', async () => (await words())?.includes('Chloé Garnier') === true, 5_000);
    for (const name of ['Anne Moreau', 'Bruno Petit', 'David Roux']) assert.match((await words()) ?? '', RegExp(name));
    await page.close();
  });

  test('the list of the panel by keys alone', async () => {
    const page = await panel('many');
    // Tab goes through what stands above, and into the list once.
    const passed: string[] = [];
    for (let i = 0; i < 15 && passed.at(-1) !== 'nadia'; i += 1) {
      await page.keyboard.press('Tab');
      passed.push(await page.evaluate(focused, PANEL));
    }
    assert.equal(passed.at(-1), 'nadia', passed.join());
    const steps: string[] = [];
    for (const key of ['ArrowDown', 'End', 'Home', 'ArrowUp', 'p'] as const) {
      await page.keyboard.press(key);
      steps.push(await page.evaluate(focused, PANEL));
    }
    assert.deepEqual(steps, ['jules', 'c23', 'nadia', 'nadia', 'paul']);
    await page.keyboard.press('Enter');
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(focused, PANEL), 'search');
    await page.keyboard.type('roch');
    const names = () =>
      page.evaluate((tag) => {
        const rows = document.querySelector(tag)?.shadowRoot?.querySelectorAll('.row .name') ?? [];
        return [...rows].map(({ textContent }) => textContent);
      }, PANEL);
    await waitUntil('what was searched', async () => (await names()).length === 1, 5_000);
    assert.deepEqual(await names(), ['Marie-Charlotte de La Rochefoucauld']);
    await page.keyboard.press('Escape');
    await waitUntil('all of them', async () => (await names()).length === 31, 5_000);
    assert.deepEqual(await callsOf(page), ['listen paul']);
    await page.close();
  });

  test('M mutes and Escape stops while somebody is heard', async () => {
    const page = await panel('listening');
    await press(page, PANEL, '[type=search], header');
    for (let i = 0; i < 15 && (await page.evaluate(focused, PANEL)) !== 'nadia'; i += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('m');
    await page.keyboard.press('Escape');
    assert.deepEqual(await callsOf(page), ['setMuted true', 'stop']);
    await page.close();
  });

  test('forced colours: edges on field, notice and selected row, dots that differ by their shape', async () => {
    const other = await launchFirefox(firefox, { 'browser.display.document_color_use': 2 });
    try {
      const look = async (name: string) => {
        const page = await open(PANEL, { ...NOT_LISTENING, ...listeningStates()[name] }, other);
        // What makes the rows is loaded by itself.
        const hasRows = () =>
          page.evaluate((tag) => document.querySelector(tag)?.shadowRoot?.querySelector('.row') != null, PANEL);
        await waitUntil('rows', hasRows, 15_000);
        return page.evaluate((tag) => {
          const root = document.querySelector(tag)?.shadowRoot;
          const styleOf = (selector: string) => {
            const one = root?.querySelector(selector);
            return one ? getComputedStyle(one) : null;
          };
          const dots = [...(root?.querySelectorAll('.row') ?? [])].map((row): [string, string] => {
            const { borderRadius, clipPath, backgroundColor } = getComputedStyle(row.querySelector('.mark') ?? row);
            return [row.getAttribute('data-status') ?? '', [borderRadius, clipPath, backgroundColor].join()];
          });
          return {
            forced: matchMedia('(forced-colors: active)').matches,
            field: styleOf('[type=search]')?.borderTopStyle,
            notice: styleOf('.notice')?.borderTopStyle,
            row: styleOf('.row[data-selected]')?.outlineStyle,
            dots: [...new Map(dots).values()],
          };
        }, PANEL);
      };
      const many = await look('many');
      assert.deepEqual([many.forced, many.field, many.dots.length], [true, 'solid', 5]);
      assert.equal(new Set(many.dots).size, 5, many.dots.join(' '));
      const refused = await look('refused-live');
      assert.deepEqual([refused.notice, refused.row], ['solid', 'solid']);
    } finally {
      await other.close();
    }
  });
});
