import { expect } from 'chai';
import { part, turn } from '../ui/testing/browser.ts';
import { commercial, team } from '../ui/testing/fake-sessions.ts';
import { frame, headphones, mountPanel, namesOf, rowsOf, unmountPanels } from './testing/panel-scene.ts';

afterEach(unmountPanels);

const hundreds = () => Array.from({ length: 500 }, (_, i) => commercial(`c${i}`, { name: `c${i}` }));

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

  it('makes a screenful first, and what is beyond it when that is painted', async () => {
    const [element, session] = await mountPanel('ready', 'style="height: 500px"');
    session.set({ commercials: hundreds() });
    element.requestUpdate();
    await turn();
    expect(rowsOf(element)).to.have.length(12);
    const seen = rowsOf(element).filter(
      (row) => row.getBoundingClientRect().top < part(element, '.list').getBoundingClientRect().bottom,
    );
    expect(seen.length).to.be.below(12);
    part(element, '.list').scrollTop = 300;
    await frame(element);
    await frame(element);
    expect(rowsOf(element).length).to.be.above(12);
  });

  it('shows a letter of the search before the list, and puts other words into the rows that are there', async () => {
    const [element, session] = await mountPanel('ready', 'style="height: 500px"');
    session.set({ commercials: hundreds() });
    await element.updateComplete;
    await frame(element);
    const before = rowsOf(element);
    const first = namesOf(element);
    const observer = new MutationObserver(() => {});
    observer.observe(part(element, '.list'), { childList: true });
    const field = part<HTMLInputElement>(element, '[type=search]');
    field.value = 'c4';
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await turn();
    expect([field.value, namesOf(element)]).to.deep.equal(['c4', first]);
    await frame(element);
    // Of the 111 that match, those that can be seen; no row was made, moved or thrown away.
    expect([part(element, '.row').getAttribute('aria-setsize'), namesOf(element)[1]]).to.deep.equal(['111', 'c40']);
    expect(rowsOf(element)).to.deep.equal(before.slice(0, rowsOf(element).length));
    const made = observer.takeRecords().flatMap(({ addedNodes }) => [...addedNodes]);
    expect(made.filter((node) => node instanceof Element && node.matches('.row'))).to.have.length(0);
    observer.disconnect();
  });

  it('makes no more rows than can be seen of fifty that a search leaves of hundreds', async () => {
    const [element, session] = await mountPanel('ready', 'style="height: 500px"');
    session.set({ commercials: hundreds().map((one, i) => ({ ...one, equipe: i % 10 ? 'Nord' : 'Sud' })) });
    await element.updateComplete;
    const field = part<HTMLInputElement>(element, '[type=search]');
    field.value = 'sud';
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await frame(element);
    await frame(element);
    expect(part(element, '.row').getAttribute('aria-setsize')).to.equal('50');
    expect(rowsOf(element).length).to.be.below(30);
  });

  it('reads no name at a key: that was done while the browser had nothing to do', async () => {
    const [element, session] = await mountPanel('ready', 'style="height: 500px"');
    session.set({ commercials: hundreds().map((one) => ({ ...one, name: `Zoé Ç ${one.id}` })) });
    await element.updateComplete;
    const { normalize } = String.prototype;
    let read = 0;
    let before = -1;
    String.prototype.normalize = function (form) {
      read += 1;
      return normalize.call(this, form);
    };
    try {
      while (before !== read || read === 0) {
        before = read;
        await new Promise((resolve) => requestIdleCallback(resolve));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      read = 0;
      const field = part<HTMLInputElement>(element, '[type=search]');
      field.value = 'c4';
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await frame(element);
      expect([part(element, '.row').getAttribute('aria-setsize'), read < 20]).to.deep.equal(['111', true]);
    } finally {
      String.prototype.normalize = normalize;
    }
  });

  it('renders one row for the level of one commercial', async () => {
    const [element, session] = await mountPanel('ready', 'style="height: 500px"');
    const many = hundreds().map((one) => ({ ...one, status: 'live' as const }));
    session.set({ commercials: many });
    await element.updateComplete;
    await frame(element);
    const changes: MutationRecord[] = [];
    const observer = new MutationObserver((records) => changes.push(...records));
    observer.observe(part(element, '.list'), { subtree: true, childList: true, attributes: true, characterData: true });
    session.set({ commercials: many.map((one) => (one.id === 'c3' ? { ...one, level: 4 as const } : one)) });
    await element.updateComplete;
    await turn();
    observer.disconnect();
    expect(changes.map(({ target }) => (target as Element).className)).to.deep.equal(['bars']);
    expect(changes.map(({ target }) => target.parentElement?.closest('.row'))).to.deep.equal([rowsOf(element)[3]]);
  });

  it('shows changes of the roster in the frame of another level of the sound, not in one of their own', async () => {
    const [element, session] = await mountPanel('listening');
    await element.updateComplete;
    await new Promise((resolve) => setTimeout(resolve, 500));
    session.set({ commercials: team().map((one) => ({ ...one, listenerCount: 7 })) });
    await element.updateComplete;
    const rendered = performance.now();
    session.set({ commercials: team().map((one) => ({ ...one, listenerCount: 8 })) });
    await turn();
    expect(part(element, '.count').textContent).to.contain('7');
    while (performance.now() - rendered < 480) await new Promise((resolve) => setTimeout(resolve, 10));
    session.set({ level: 0.33 });
    await turn();
    expect(part(element, '.count').textContent).to.contain('8');
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

  it('shows changes of the roster twice a second, and at once what the admin does', async () => {
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
