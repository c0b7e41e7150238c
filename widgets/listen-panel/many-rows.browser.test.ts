import { expect } from 'chai';
import { part, turn } from '../ui/testing/browser.ts';
import { commercial, team } from '../ui/testing/fake-sessions.ts';
import { frame, headphones, mountPanel, rowsOf, unmountPanels } from './testing/panel-scene.ts';

afterEach(unmountPanels);

describe('a list of hundreds', () => {
  it('makes of hundreds the rows that can be seen, tells their places, and follows the scrolling', async () => {
    const [element, session] = await mountPanel('ready', 'style="height: 500px"');
    const many = Array.from({ length: 500 }, (_, i) => commercial(`c${i}`));
    session.set({ commercials: many });
    await element.updateComplete;
    const rows = () => rowsOf(element);
    const place = (row?: Element) => [row?.getAttribute('aria-posinset'), row?.getAttribute('aria-setsize')];
    expect(rows().length).to.be.within(8, 60);
    expect(place(rows()[0])).to.deep.equal(['1', '500']);
    headphones(element, 'c3').focus();
    const list = part(element, '.list');
    for (let i = 0; i < 3; i += 1) {
      list.scrollTop = list.scrollHeight;
      await frame(element);
    }
    expect(place(rows().at(-1))).to.deep.equal(['500', '500']);
    const { bottom } = rows().at(-1)?.getBoundingClientRect() ?? {};
    expect(bottom).to.be.closeTo(list.getBoundingClientRect().bottom, 20);
    expect(rows().length).to.be.below(60);
    // The focus stays where it was.
    expect(element.shadowRoot?.activeElement).to.equal(headphones(element, 'c3'));
  });

  it('makes the rows that can be seen where the page scrolls, not the list', async () => {
    const [element, session] = await mountPanel('ready');
    session.set({ commercials: Array.from({ length: 300 }, (_, i) => commercial(`c${i}`)) });
    await element.updateComplete;
    document.scrollingElement?.scrollTo(0, 6000);
    await frame(element);
    const seen = rowsOf(element).filter(
      (row) => row.getBoundingClientRect().top < innerHeight && row.getBoundingClientRect().bottom > 0,
    );
    expect(seen.length).to.be.at.least(Math.floor(innerHeight / 70));
    document.scrollingElement?.scrollTo(0, 0);
  });

  it('shows changes of the roster four times a second, and at once what the admin does', async () => {
    const [element, session] = await mountPanel('ready');
    await element.updateComplete;
    let renderings = 0;
    const observer = new MutationObserver(() => {
      renderings += 1;
    });
    observer.observe(part(element, '.panel'), {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    for (let i = 0; i < 10; i += 1) {
      const [first, ...others] = team();
      session.set({ commercials: [commercial('nadia', { ...first, listenerCount: i + 3 }), ...others] });
      await turn();
    }
    expect(renderings).to.be.at.most(1);
    session.set({ muted: true });
    await turn();
    expect(part(element, '.count').textContent).to.contain('12');
    observer.disconnect();
  });
});
