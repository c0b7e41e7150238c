/** The built elements under settings that only a whole browser has: a large default font, forced colours, reduced motion; and from right to left. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { launchBrowser } from '../harness/browser.ts';
import { StatePages } from '../harness/state-page.ts';

const BUTTONS = ['idle', 'refused', 'denied', 'live-many', 'live-uncertain', 'elsewhere', 'paused', 'needs-tap'];
const PANELS = ['many', 'listening', 'blocked', 'interrupted', 'refused-live'];

/** Asks something of the shadow tree in each frame. @returns its answers, by the frame's title */
async function inEach<T>(
  page: Page,
  ask: (root: ShadowRoot, view: Window & typeof globalThis) => T,
): Promise<[string, T][]> {
  return page.evaluate((source) => {
    const asked = Reflect.get(globalThis, 'eval')(`(${source})`) as typeof ask;
    return [...document.querySelectorAll('iframe')].map((frame): [string, T] => {
      const element = frame.contentDocument?.querySelector('prospect-stream-button, prospect-listen-panel');
      if (!element?.shadowRoot || !frame.contentWindow) throw new Error(`${frame.title} is empty`);
      return [frame.title, asked(element.shadowRoot, frame.contentWindow as Window & typeof globalThis)];
    });
  }, ask.toString()) as Promise<[string, T][]>;
}

/** What the bubble says, one thing over another. */
function overlaps(root: ShadowRoot): string[] {
  const lines = [...(root.querySelector('.body')?.children ?? [])];
  return lines.flatMap((line, index) => {
    const next = lines[index + 1];
    const over = next && line.getBoundingClientRect().bottom > next.getBoundingClientRect().top + 0.5;
    return over ? [`${line.textContent} lies under ${next.textContent}`] : [];
  });
}

/** What sticks out of the window, or is cut off in its box. */
function misfits(root: ShadowRoot, view: Window & typeof globalThis): string[] {
  return [...root.querySelectorAll<HTMLElement>('*:not(.sr, svg, svg *)')].flatMap((one) => {
    const { left, right, width } = one.getBoundingClientRect();
    const { overflowY, visibility } = view.getComputedStyle(one);
    if (width <= 1 || visibility === 'hidden' || one.localName === 'input') return [];
    const name = `${one.localName}.${one.className}`;
    const out = left < -0.5 || right > view.innerWidth + 0.5 ? [`${name} sticks out: ${left} to ${right}`] : [];
    const holdsText = [...one.childNodes].some(({ nodeType, textContent }) => nodeType === 3 && textContent?.trim());
    const cut = holdsText && overflowY === 'visible' && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0;
    return cut ? [...out, `${name} is cut off: ${one.textContent?.trim()}`] : out;
  });
}

/** Words of buttons that are cut in two by the end of a line. */
function brokenWords(root: ShadowRoot): string[] {
  return [...root.querySelectorAll('button')].flatMap((button) =>
    [...button.childNodes]
      .filter(({ nodeType }) => nodeType === 3)
      .flatMap((text) =>
        [...(text.textContent ?? '').matchAll(/\S+/g)].flatMap(({ 0: word, index }) => {
          const range = root.ownerDocument.createRange();
          range.setStart(text, index);
          range.setEnd(text, index + word.length);
          return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1 ? [word] : [];
        }),
      ),
  );
}

describe('the looks', { timeout: 300_000 }, () => {
  let pages: StatePages;
  before(async () => {
    pages = await StatePages.start();
  });
  after(() => pages.close());

  it('with a default font of twice the size, at 320 px: larger, complete, with targets that grow along', async () => {
    const browser = await launchBrowser({ args: ['--blink-settings=defaultFontSize=32'] });
    try {
      for (const lang of ['fr', 'ar'] as const) {
        const dir = lang === 'ar' ? 'rtl' : 'ltr';
        const page = await pages.open(browser, {
          lang,
          dir,
          width: 320,
          height: 900,
          buttons: BUTTONS,
          panels: PANELS,
        });
        for (const [state, problems] of await inEach(page, misfits)) assert.deepEqual(problems, [], `${lang} ${state}`);
        for (const [state, problems] of await inEach(page, overlaps))
          assert.deepEqual(problems, [], `${lang} ${state}`);
        for (const [state, words] of await inEach(page, brokenWords)) assert.deepEqual(words, [], `${lang} ${state}`);
        const sizes = await inEach(page, (root, view) => {
          const font = view.getComputedStyle(root.querySelector('.root') ?? root.host).fontSize;
          const buttons = [...root.querySelectorAll('button:not(dialog *)')].map((one) => one.getBoundingClientRect());
          return [font, Math.min(...buttons.flatMap(({ width, height }) => [width, height]))] as const;
        });
        for (const [state, [font, smallest]] of sizes) {
          assert.equal(font, '28px', state);
          assert.ok(smallest >= 44, `${state}: ${smallest}`);
        }
        await page.close();
      }
    } finally {
      await browser.close();
    }
  });

  it('in a narrow window: the header is as high as its buttons, the choice that has the focus has its whole frame', async () => {
    const browser = await launchBrowser();
    try {
      for (const [lang, width] of [
        ['fr', 320],
        ['es', 330],
      ] as const) {
        const page = await pages.open(browser, { lang, width, buttons: [], panels: ['many', 'purpose-picker'] });
        const seen = await inEach(page, (root, view) => {
          const header = root.querySelector('header')?.getBoundingClientRect();
          const option = root.querySelector('.option:has(:focus)');
          const dialog = root.querySelector('dialog')?.getBoundingClientRect();
          if (!header || !option || !dialog) return { height: header?.height ?? 0, frame: null };
          const { outlineStyle, outlineWidth, outlineOffset } = view.getComputedStyle(option);
          const { left, right } = option.getBoundingClientRect();
          const room = Math.min(left - dialog.left, dialog.right - right);
          const needed = Number.parseFloat(outlineWidth) + Number.parseFloat(outlineOffset);
          return { height: header.height, frame: outlineStyle === 'solid' && room >= needed };
        });
        const [[, many] = [], [, picker] = []] = seen;
        assert.ok(many && many.height > 40 && many.height < 60, `${lang} ${width}: ${many?.height}`);
        assert.equal(picker?.frame, true, lang);
        await page.close();
      }
    } finally {
      await browser.close();
    }
  });

  it('do not follow a page that sets its own size on html', async () => {
    const browser = await launchBrowser();
    try {
      const page = await pages.open(browser, { lang: 'en', width: 320, buttons: ['live'], panels: ['listening'] });
      await page.evaluate(() => {
        for (const { contentDocument } of document.querySelectorAll('iframe'))
          if (contentDocument) contentDocument.documentElement.style.fontSize = '62.5%';
      });
      const fonts = await inEach(
        page,
        (root, view) => view.getComputedStyle(root.querySelector('.root') ?? root.host).fontSize,
      );
      assert.deepEqual(
        fonts.map(([, font]) => font),
        ['14px', '14px'],
      );
      for (const [state, problems] of await inEach(page, misfits)) assert.deepEqual(problems, [], state);
    } finally {
      await browser.close();
    }
  });

  it('with forced colours: edges on field, notice, row and bubble; dots that differ by their shape', async () => {
    const browser = await launchBrowser();
    try {
      const page = await pages.open(browser, {
        lang: 'en',
        width: 390,
        buttons: ['live'],
        panels: ['many', 'refused-live'],
      });
      await page.emulateMediaFeatures([{ name: 'forced-colors', value: 'active' }]);
      const looks = await inEach(page, (root, view) => {
        const edge = (selector: string) => {
          const one = root.querySelector(selector);
          return one && view.getComputedStyle(one).borderTopStyle;
        };
        const selected = root.querySelector('.row[data-selected]');
        const dots = [...root.querySelectorAll('.row')].map((row): [string, string] => {
          const { borderRadius, clipPath, backgroundColor } = view.getComputedStyle(row.querySelector('.mark') ?? row);
          return [row.getAttribute('data-status') ?? '', [borderRadius, clipPath, backgroundColor].join()];
        });
        return {
          field: edge('[type=search]'),
          notice: edge('.notice'),
          bubble: edge('.bubble'),
          row: selected && view.getComputedStyle(selected).outlineStyle,
          dots: [...new Map(dots)],
        };
      });
      const of = Object.fromEntries(looks);
      assert.equal(of['prospect-stream-button live']?.bubble, 'solid');
      assert.equal(of['prospect-listen-panel many']?.field, 'solid');
      assert.deepEqual(
        [of['prospect-listen-panel refused-live']?.notice, of['prospect-listen-panel refused-live']?.row],
        ['solid', 'solid'],
      );
      const dots = of['prospect-listen-panel many']?.dots ?? [];
      assert.deepEqual(
        dots.map(([status]) => status),
        ['live', 'paused', 'interrupted', 'ready', 'offline'],
      );
      assert.equal(new Set(dots.map(([, shape]) => shape)).size, dots.length, JSON.stringify(dots));
    } finally {
      await browser.close();
    }
  });

  it('with reduced motion nothing moves, without it something does', async () => {
    const browser = await launchBrowser();
    try {
      const page = await pages.open(browser, {
        lang: 'en',
        width: 390,
        buttons: ['live', 'starting'],
        panels: ['joining'],
      });
      const moving = () => inEach(page, (root) => root.getAnimations().length > 0);
      assert.deepEqual(
        (await moving()).map(([, moves]) => moves),
        [true, true, true],
      );
      await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
      assert.deepEqual(
        (await moving()).map(([, moves]) => moves),
        [false, false, false],
      );
    } finally {
      await browser.close();
    }
  });

  it('in Arabic from right to left, with names in their own direction; where they stand is the page’s affair', async () => {
    const browser = await launchBrowser();
    try {
      for (const dir of ['rtl', 'ltr'] as const) {
        const page = await pages.open(browser, {
          lang: 'ar-EG',
          dir,
          width: 390,
          buttons: ['live'],
          panels: ['listening'],
        });
        for (const [state, problems] of await inEach(page, misfits)) assert.deepEqual(problems, [], state);
        const places = await inEach(page, (root, view) => {
          const box = (selector: string) => root.querySelector(selector)?.getBoundingClientRect();
          const stands = (box('.fab') ?? box('.dock'))?.left ?? 0;
          return {
            side: stands < view.innerWidth / 4 ? 'left' : 'right',
            mirrored: (box('.listen')?.left ?? 0) < (box('.row .name')?.left ?? 1),
            name: view.getComputedStyle(root.querySelector('bdi') ?? root.host).direction,
            text: view.getComputedStyle(root.querySelector('.status, .title') ?? root.host).direction,
            words: root.querySelector('time')?.textContent ?? '',
          };
        });
        const [[, button] = [], [, panel] = []] = places;
        assert.deepEqual([button?.side, button?.text], [dir === 'rtl' ? 'left' : 'right', 'rtl']);
        assert.deepEqual([panel?.mirrored, panel?.name, panel?.text], [true, 'ltr', 'rtl']);
        assert.match(button?.words ?? '', /^[٠-٩]+:[٠-٩]+$/);
        await page.close();
      }
    } finally {
      await browser.close();
    }
  });
});
