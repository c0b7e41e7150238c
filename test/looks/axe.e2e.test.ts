/** The built elements in every state, in every look, tried with axe: as WCAG 2.2 AA and its best practices have it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { axeProblemsInFrames } from '../harness/accessibility.ts';
import { StatePages } from '../harness/state-page.ts';
import { LOOKS, openLook } from '../harness/state-views.ts';

describe('every state', { timeout: 900_000 }, () => {
  let pages: StatePages;
  before(async () => {
    pages = await StatePages.start();
  });
  after(() => pages.close());

  for (const [name, look] of Object.entries(LOOKS)) {
    it(`is accessible: ${name}`, async () => {
      const { browser, page } = await openLook(pages, look);
      try {
        const found = await axeProblemsInFrames(page);
        assert.ok(found.length > 40, `${found.length} states`);
        assert.deepEqual(
          found.filter(([, problems]) => problems.length > 0),
          [],
        );
      } finally {
        await browser.close();
      }
    });
  }
});
