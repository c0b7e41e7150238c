/** Button and dock over what covers the page, pressed with a real pointer, in Chromium and in Firefox. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { NOT_LISTENING } from '../../widgets/sessions/listening-parts.ts';
import { NOT_STREAMING } from '../../widgets/sessions/streaming-parts.ts';
import { listeningStates, streamingStates } from '../../widgets/ui/testing/fake-sessions.ts';
import { launchBrowser } from '../harness/browser.ts';
import { StatePages } from '../harness/state-page.ts';
import { waitUntil } from '../harness/wait.ts';

const FAB = '.fab';
const DOCK_STOP = '.dock [part=stop]';
const BROWSERS: Readonly<Record<string, () => Promise<Browser>>> = {
  Chromium: () => launchBrowser(),
  Firefox: () =>
    puppeteer.launch({
      browser: 'firefox',
      executablePath: process.env.FIREFOX_BIN ?? '/usr/bin/firefox-esr',
      headless: true,
      // Firefox does not know all that puppeteer's own viewport asks for.
      defaultViewport: null,
    }),
};

/** Runs in the page: a live button and a panel that listens; what they ask of their sessions is kept. */
async function mount(streaming: object, listening: object, inside: string): Promise<void> {
  document.body.innerHTML = `<button id="modal">1</button><button id="full">2</button><div id="screen" style="background: white">map</div>
    <dialog id="d"><p>A dialog</p><button id="close">3</button></dialog><div style="${inside}"><div id="here"></div></div>`;
  const calls: string[] = [];
  Object.assign(window, { calls });
  const session = (state: object) =>
    new Proxy(
      {},
      {
        get: (_, name) => {
          if (name === 'getState') return () => state;
          return () => {
            calls.push(String(name));
            return () => undefined;
          };
        },
      },
    );
  const address = '/prospect-live.js';
  const { ProspectStreamButton, ProspectListenPanel } = await import(address);
  ProspectStreamButton.sessionFactory = () => session(streaming);
  ProspectListenPanel.sessionFactory = () => session(listening);
  const here = document.querySelector('#here');
  here?.append(document.createElement('prospect-stream-button'));
  const panel = document.createElement('prospect-listen-panel');
  panel.style.setProperty('--prospect-dock-inset-block-end', '200px');
  here?.append(panel);
  const dialog = document.querySelector('dialog');
  document.querySelector('#modal')?.addEventListener('click', () => dialog?.showModal());
  document.querySelector('#close')?.addEventListener('click', () => dialog?.close());
  document
    .querySelector('#full')
    ?.addEventListener('click', () => document.querySelector('#screen')?.requestFullscreen());
}

/** Runs in the page: where a part is, if a pointer there hits it; null: nowhere, or it is covered or inert. */
function place(selector: string): { x: number; y: number } | null {
  const find = (root: Document | ShadowRoot): Element | null => {
    const own = root.querySelector(selector);
    if (own) return own;
    for (const { shadowRoot } of root.querySelectorAll('*')) {
      const inner = shadowRoot && find(shadowRoot);
      if (inner) return inner;
    }
    return null;
  };
  const one = find(document);
  if (!one) return null;
  const box = one.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  let hit = document.elementFromPoint(x, y);
  for (let inner = hit; inner; ) {
    hit = inner;
    const next: Element | null = hit.shadowRoot?.elementFromPoint(x, y) ?? null;
    inner = next === hit ? null : next;
  }
  return hit && one.contains(hit) ? { x, y } : null;
}

for (const [name, launch] of Object.entries(BROWSERS)) {
  describe(`over what covers the page, in ${name}`, { timeout: 120_000 }, () => {
    let pages: StatePages;
    let browser: Browser;
    before(async () => {
      pages = await StatePages.start();
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
      await pages?.close();
    });

    async function open(inside = ''): Promise<Page> {
      const page = await pages.empty(browser);
      const live = { ...NOT_STREAMING, ...streamingStates().live };
      await page.evaluate(mount, live, { ...NOT_LISTENING, ...listeningStates().listening }, inside);
      await page.bringToFront();
      return page;
    }

    /** Presses stop on the button, and on the dock, wherever they are. */
    async function pressBoth(page: Page, when: string): Promise<void> {
      for (const selector of [FAB, DOCK_STOP]) {
        // What keeps it within reach is loaded when it is first needed, and moves it then.
        let at = await page.evaluate(place, selector);
        const stays = async (): Promise<boolean> => {
          const before = at;
          at = await page.evaluate(place, selector);
          return at !== null && at.x === before?.x && at.y === before.y;
        };
        await waitUntil(`${selector} ${when}`, stays, 5_000);
        assert.ok(at);
        const calls = () =>
          page.evaluate(() => Reflect.get(window, 'calls').filter((call: string) => call === 'stop').length);
        const before = await calls();
        await page.mouse.click(at.x, at.y);
        assert.equal(await calls(), before + 1, `${selector} ${when}`);
      }
    }

    test('a modal dialog of the host', async () => {
      const page = await open();
      await page.click('#modal');
      await pressBoth(page, 'over the dialog');
      await page.click('#close');
      await pressBoth(page, 'after it');
      assert.equal(await page.evaluate(() => document.querySelectorAll('[popover]').length), 0);
    });

    test('something in full screen, and a dialog over that', async () => {
      const page = await open();
      await page.click('#full');
      await waitUntil('full screen', () => page.evaluate(() => document.fullscreenElement !== null), 5_000);
      await pressBoth(page, 'over full screen');
      await page.evaluate(() => document.querySelector('dialog')?.showModal());
      await pressBoth(page, 'over a dialog over full screen');
      await page.evaluate(() => document.exitFullscreen());
      await page.evaluate(() => document.querySelector('dialog')?.close());
      await pressBoth(page, 'after full screen');
    });

    test('ancestors that hold and clip what is fixed in them', async () => {
      for (const style of [
        'transform: rotate(2deg)',
        'filter: blur(0px)',
        'contain: strict',
        'will-change: transform',
      ]) {
        const page = await open(`width: 200px; height: 90px; overflow: hidden; ${style}`);
        const layers = () => page.evaluate(() => document.querySelectorAll('[popover]').length === 2);
        await waitUntil('both in layers of their own', layers, 10_000);
        await pressBoth(page, style);
        await page.close();
      }
    });
  });
}
