import { expect } from 'chai';
import { accessibilityProblems, part, setTheme, until } from '../ui/testing/browser.ts';
import { commercial, team } from '../ui/testing/fake-sessions.ts';
import type { ProspectListenPanel } from './define.ts';
import { frame, headphones, mountPanel, namesOf, unmountPanels } from './testing/panel-scene.ts';

const NAMES = ['Nadia Benali', 'Jules Lefèvre', 'Marie-Charlotte de La Rochefoucauld', 'Omar Haddad', 'Léa Dubois'];

const active = (element: ProspectListenPanel) => element.shadowRoot?.activeElement;
const activeId = (element: ProspectListenPanel) => active(element)?.getAttribute('data-id');
const chip = (element: ProspectListenPanel, name: string) => part(element, `[data-filter="${name}"]`);
const paulFirst = () => team().toSorted((a, b) => Number(b.id === 'paul') - Number(a.id === 'paul'));

/** Presses a key where the focus is. */
async function press(element: ProspectListenPanel, key: string): Promise<boolean> {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true });
  (active(element) ?? element).dispatchEvent(event);
  await element.updateComplete;
  await element.updateComplete;
  return event.defaultPrevented;
}

async function choose(element: ProspectListenPanel, selector: string, value: string): Promise<void> {
  const select = part<HTMLSelectElement>(element, selector);
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
  await element.updateComplete;
}

beforeEach(() => localStorage.clear());
afterEach(unmountPanels);

describe('the order of the list', () => {
  const pointer = (type: string, pointerType = 'mouse') => new PointerEvent(type, { pointerType, bubbles: true });

  it('holds while the pointer is in it, and tells quietly how much waits', async () => {
    const [element, session] = await mountPanel('ready');
    const body = part(element, '.body');
    headphones(element, 'paul').dispatchEvent(pointer('pointerover'));
    session.set({ commercials: paulFirst() });
    await element.updateComplete;
    expect(namesOf(element).slice(0, 5)).to.deep.equal(NAMES);
    expect(part(element, '[part=changes]').textContent).to.equal('Afficher 1 changement');
    body.dispatchEvent(pointer('pointerleave'));
    await element.updateComplete;
    expect(namesOf(element)[0]).to.equal('Paul Martin');
    expect(element.shadowRoot?.querySelector('[part=changes]')).to.equal(null);
  });

  it('holds while the focus is in it, but what the rows say changes', async () => {
    const [element, session] = await mountPanel('ready');
    headphones(element, 'paul').focus();
    const [first, ...others] = paulFirst();
    session.set({
      commercials: [{ ...first, ...commercial('paul', { name: 'Paul Martin', status: 'live' }) }, ...others],
    });
    await element.updateComplete;
    expect(namesOf(element)[5]).to.equal('Paul Martin');
    expect(headphones(element, 'paul').closest('li')?.dataset.status).to.equal('live');
    part(element, '[part=keys-button]').focus();
    await element.updateComplete;
    expect(namesOf(element)[0]).to.equal('Paul Martin');
  });

  it('holds for a while after a touch', async () => {
    const [element, session] = await mountPanel('ready');
    headphones(element, 'paul').dispatchEvent(pointer('pointerdown', 'touch'));
    session.set({ commercials: paulFirst() });
    await element.updateComplete;
    expect(namesOf(element)[0]).to.equal('Nadia Benali');
    await new Promise((resolve) => setTimeout(resolve, 2100));
    await element.updateComplete;
    expect(namesOf(element)[0]).to.equal('Paul Martin');
  });

  it('lets no row slide when a strip comes above it', async () => {
    const [element, session] = await mountPanel('many', 'style="height: 400px"');
    const row = headphones(element, 'marie');
    row.dispatchEvent(pointer('pointerover'));
    const { top } = row.getBoundingClientRect();
    session.set({ partial: true });
    await element.updateComplete;
    expect(part(element, '[part=notice]').getBoundingClientRect().height).to.be.above(20);
    expect(row.getBoundingClientRect().top).to.be.closeTo(top, 1);
  });

  it('is not moved by tools that become of use meanwhile: they come when the pointer has left', async () => {
    const [element, session] = await mountPanel('ready');
    const alone = [commercial('lea', { status: 'live' }), commercial('omar', { status: 'paused' })];
    session.set({ commercials: alone });
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('[part=next]')).to.equal(null);
    const row = headphones(element, 'omar');
    row.dispatchEvent(pointer('pointerover'));
    const { top } = row.getBoundingClientRect();
    session.set({ commercials: alone.map((one) => ({ ...one, status: 'live' as const })) });
    await element.updateComplete;
    expect(row.getBoundingClientRect().top).to.equal(top);
    part(element, '.body').dispatchEvent(pointer('pointerleave'));
    await element.updateComplete;
    expect(part(element, '[part=next]').getBoundingClientRect().height).to.be.above(20);
  });
});

describe('the tools of the list', () => {
  it('filter by what the commercials do, with counts', async () => {
    const [element] = await mountPanel('many');
    expect(chip(element, 'live').textContent?.trim()).to.equal('En direct 2');
    chip(element, 'speaking').click();
    await element.updateComplete;
    expect([namesOf(element), chip(element, 'speaking').getAttribute('aria-pressed')]).to.deep.equal([
      ['Nadia Benali'],
      'true',
    ]);
    chip(element, 'speaking').click();
    await element.updateComplete;
    expect(namesOf(element).length).to.equal(31);
    expect(part(element, '.total').textContent).to.equal('31 au total');
  });

  it('show who asks for help when somebody does', async () => {
    const [element, session] = await mountPanel('many');
    expect(element.shadowRoot?.querySelector('[data-filter=help]')).to.equal(null);
    const { commercials } = session.getState();
    session.set({ commercials: commercials.map((one) => (one.id === 'lea' ? { ...one, helpSince: 1 } : one)) });
    await element.updateComplete;
    chip(element, 'help').click();
    await element.updateComplete;
    expect(namesOf(element)).to.deep.equal(['Léa Dubois']);
  });

  it('group by team, fold, sort, and remember it for the user', async () => {
    const [element, session] = await mountPanel('many');
    session.set({ userId: 'a1' });
    await element.updateComplete;
    chip(element, 'teams').click();
    await element.updateComplete;
    const fold = part(element, '.fold[data-id$="Sud"]');
    expect(fold.textContent?.replace(/\s+/g, ' ').trim()).to.equal('Sud 1 en direct sur 2');
    fold.click();
    await element.updateComplete;
    expect([fold.getAttribute('aria-expanded'), namesOf(element).includes('Jules Lefèvre')]).to.deep.equal([
      'false',
      false,
    ]);
    await choose(element, '[part=sort]', 'name');
    expect(namesOf(element).slice(0, 2)).to.deep.equal(['Léa Dubois', 'Camille Personne 1']);
    element.remove();
    const [again, other] = await mountPanel('many');
    other.set({ userId: 'a1' });
    await again.updateComplete;
    expect(namesOf(again).slice(0, 2)).to.deep.equal(['Léa Dubois', 'Camille Personne 1']);
    other.set({ userId: 'a2' });
    await again.updateComplete;
    expect(namesOf(again)[0]).to.equal('Nadia Benali');
    expect(JSON.stringify({ ...localStorage })).not.to.contain('Jules');
  });

  it('pin somebody above all others', async () => {
    const [element] = await mountPanel('ready');
    part(element, '.more[data-id=zoe]').click();
    await element.updateComplete;
    part(element, '[data-do=pin]').click();
    await element.updateComplete;
    expect(namesOf(element)[0]).to.equal('Zoé Renard');
    expect(part(element, '.row .sign').getAttribute('aria-label')).to.equal('Garder en haut');
  });

  it('tell when somebody goes live, who is then one press away', async () => {
    const [element, session] = await mountPanel('ready');
    part(element, '.more[data-id=lea]').click();
    await element.updateComplete;
    part(element, '[data-do=watch]').click();
    await element.updateComplete;
    expect(part(element, '[data-do=sound]').getAttribute('aria-pressed')).to.equal('false');
    const live = team().map((one) => (one.id === 'lea' ? { ...one, status: 'live' as const } : one));
    session.set({ commercials: live });
    await element.updateComplete;
    expect(part(element, '[part=news] span').textContent).to.equal('Léa Dubois est en direct.');
    expect(part(element, '[role=status]').textContent).to.contain('est en direct.');
    part(element, '[part=news] .chip').click();
    const selected = live.find(({ id }) => id === 'lea') ?? null;
    session.set({ selectedId: 'lea', selected, status: 'joining' });
    await element.updateComplete;
    expect(session.calls).to.deep.equal(['listen:lea']);
    expect(element.shadowRoot?.querySelector('[part=news]')).to.equal(null);
  });

  it('go to the next one who is live, and on by themselves until a key ends it', async () => {
    const [element, session] = await mountPanel('listening', 'round-seconds="3"');
    part(element, '[part=next]').click();
    expect(session.calls).to.deep.equal(['listen:jules']);
    const select = (id: string) =>
      session.set({ selectedId: id, selected: team().find((one) => one.id === id) ?? null });
    select('jules');
    await choose(element, '[part=round]', '3');
    expect(session.calls.at(-1)).to.equal('listen:nadia');
    select('nadia');
    await new Promise((resolve) => setTimeout(resolve, 3200));
    expect(session.calls.at(-1)).to.equal('listen:jules');
    select('jules');
    await element.updateComplete;
    expect(part<HTMLSelectElement>(element, '[part=round]').value).to.equal('3');
    headphones(element, 'nadia').focus();
    await press(element, 'Escape');
    expect(part<HTMLSelectElement>(element, '[part=round]').value).to.equal('0');
    expect(session.calls.at(-1)).to.equal('warm');
    await press(element, 'Escape');
    expect(session.calls.at(-1)).to.equal('stop');
  });

  it('end the round when the admin chooses somebody, and when the relay says that another is heard', async () => {
    const [element, session] = await mountPanel('listening');
    const value = () => part<HTMLSelectElement>(element, '[part=round]').value;
    await choose(element, '[part=round]', '20');
    headphones(element, 'omar').click();
    await element.updateComplete;
    expect(value()).to.equal('0');
    await choose(element, '[part=round]', '20');
    session.set({ selectedId: null, selected: null, status: 'ready' });
    await element.updateComplete;
    expect(value()).to.equal('0');
  });
});

describe('the keyboard', () => {
  it('has one tab stop for the list, and goes through it by arrows, Home, End and letters', async () => {
    const [element] = await mountPanel('ready');
    const stops = () => element.shadowRoot?.querySelectorAll('.list [tabindex="0"]').length;
    expect(stops()).to.equal(1);
    headphones(element, 'nadia').focus();
    const steps: unknown[] = [];
    for (const key of ['ArrowDown', 'End', 'ArrowDown', 'Home', 'ArrowUp', 'p', 'o']) {
      await press(element, key);
      steps.push(activeId(element));
    }
    // "po" is nobody's: the focus stays.
    expect(steps).to.deep.equal(['jules', 'zoe', 'zoe', 'nadia', 'nadia', 'paul', 'paul']);
    expect(stops()).to.equal(1);
    await press(element, 'ArrowRight');
    expect(active(element)?.className).to.contain('more');
  });

  it('goes to rows that are not there yet', async () => {
    const [element, session] = await mountPanel('ready', 'style="height: 400px"');
    session.set({ commercials: Array.from({ length: 500 }, (_, i) => commercial(`c${i}`)) });
    await element.updateComplete;
    headphones(element, 'c0').focus();
    await press(element, 'End');
    await frame(element);
    expect(activeId(element)).to.equal('c499');
    const { top, bottom } = active(element)?.getBoundingClientRect() ?? {};
    const list = part(element, '.list').getBoundingClientRect();
    expect([top, bottom].every((edge) => edge !== undefined && edge >= list.top && edge <= list.bottom + 1)).to.equal(
      true,
    );
    await press(element, 'ArrowUp');
    expect(activeId(element)).to.equal('c498');
  });

  it('mutes by M while somebody is heard, else goes to a name with M', async () => {
    const [element, session] = await mountPanel('ready');
    headphones(element, 'nadia').focus();
    await press(element, 'm');
    expect([activeId(element), element.muted]).to.deep.equal(['marie', false]);
    session.set({ selectedId: 'nadia', selected: team()[0] ?? null, status: 'listening' });
    await new Promise((resolve) => setTimeout(resolve, 900));
    await press(element, 'm');
    expect([activeId(element), element.muted]).to.deep.equal(['marie', true]);
  });

  it('searches by /, where letters are letters; Escape empties the field, then stops', async () => {
    const [element, session] = await mountPanel('many');
    headphones(element, 'nadia').focus();
    await press(element, '/');
    const search = part<HTMLInputElement>(element, '[part=search]');
    expect(active(element)).to.equal(search);
    expect(await press(element, 'm')).to.equal(false);
    expect(await press(element, '?')).to.equal(false);
    search.value = 'omar';
    search.dispatchEvent(new Event('input'));
    await element.updateComplete;
    await press(element, 'Escape');
    expect([search.value, session.calls.includes('stop')]).to.deep.equal(['', false]);
    await press(element, 'ArrowDown');
    expect(activeId(element)).to.equal('nadia');
    await press(element, 'Escape');
    expect(session.calls.at(-1)).to.equal('stop');
  });

  it('leaves keys alone that are pressed with others, or outside of the panel', async () => {
    const [element, session] = await mountPanel('listening');
    headphones(element, 'nadia').focus();
    const event = new KeyboardEvent('keydown', { key: 'm', ctrlKey: true, bubbles: true, composed: true });
    headphones(element, 'nadia').dispatchEvent(event);
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    expect(session.calls.filter((call) => call !== 'warm')).to.deep.equal([]);
  });

  it('shows the keys by ?, in a dialog whose Escape stops nobody', async () => {
    const [element, session] = await mountPanel('listening');
    headphones(element, 'nadia').focus();
    await press(element, '?');
    await until(() => element.shadowRoot?.querySelector('dialog')?.open);
    const dialog = part<HTMLDialogElement>(element, 'dialog');
    expect(dialog.open).to.equal(true);
    await press(element, 'Escape');
    expect(session.calls.includes('stop')).to.equal(false);
    part(element, '[part=keys-close]').click();
    expect(dialog.open).to.equal(false);
  });

  it('comes to the dock right after the list', async () => {
    const [element] = await mountPanel('listening');
    const stops = [...(element.shadowRoot?.querySelectorAll<HTMLElement>('button, input, select') ?? [])].filter(
      ({ tabIndex }) => tabIndex === 0,
    );
    const list = stops.findIndex((one) => one.closest('.list'));
    expect(stops[list + 1]?.getAttribute('part')).to.equal('stop');
  });
});

describe('the dock', () => {
  it('hides neither the focus nor the headphones that were pressed', async () => {
    const [element, session] = await mountPanel('many', `style="height: ${innerHeight}px; width: 100%"`);
    document.body.style.margin = '0';
    const rows = [...(element.shadowRoot?.querySelectorAll<HTMLElement>('.listen') ?? [])];
    const pressed = rows.findLast((one) => one.getBoundingClientRect().bottom < innerHeight - 8);
    const { id = '' } = pressed?.dataset ?? {};
    session.set({ selectedId: id, selected: commercial(id), status: 'joining' });
    await element.updateComplete;
    const dock = () => part(element, '.dock').getBoundingClientRect().top;
    expect(headphones(element, id).getBoundingClientRect().bottom).to.be.at.most(dock());
    headphones(element, id).focus();
    for (let i = 0; i < 3; i += 1) await press(element, 'ArrowDown');
    expect(active(element)?.getBoundingClientRect().bottom).to.be.at.most(dock());
    document.body.style.margin = '';
  });
});

describe('expected people', () => {
  it('are given to the session; a list with something wrong is not', async () => {
    const [element, session] = await mountPanel('ready');
    element.expected = [{ id: 'c7', name: 'Inès' }];
    const { warn } = console;
    const warnings: string[] = [];
    console.warn = (text: string) => warnings.push(text);
    element.expected = [{ id: 'c8' } as never];
    console.warn = warn;
    expect(session.calls).to.deep.equal(['setExpected:c7']);
    expect(element.expected).to.deep.equal([{ id: 'c7', name: 'Inès', team: '' }]);
    expect(warnings[0]).to.match(/expected\[0\]\.name/);
  });
});

describe('all of it', () => {
  for (const theme of ['light', 'dark'] as const) {
    it(`is accessible: ${theme}`, async () => {
      setTheme(theme);
      const [element, session] = await mountPanel('many');
      element.style.width = '320px';
      chip(element, 'teams').click();
      await element.updateComplete;
      part(element, '.fold').click();
      part(element, '.more[data-id=nadia]').click();
      await element.updateComplete;
      part(element, '[data-do=watch]').click();
      part(element, '[data-do=pin]').click();
      await element.updateComplete;
      headphones(element, 'jules').focus();
      const { commercials } = session.getState();
      session.set({
        commercials: commercials.map((one) => (one.id === 'nadia' ? { ...one, status: 'ready' as const } : one)),
      });
      session.set({ commercials });
      session.set({ commercials: [...commercials, commercial('new')] });
      await element.updateComplete;
      for (const name of ['news', 'changes', 'group', 'tools']) part(element, `[part=${name}]`);
      expect(await accessibilityProblems(element)).to.deep.equal([]);
      document.documentElement.removeAttribute('style');
    });

    it(`has accessible keys: ${theme}`, async () => {
      setTheme(theme);
      const [element] = await mountPanel('empty');
      part(element, '[part=keys-button]').click();
      await until(() => element.shadowRoot?.querySelector('dialog')?.open);
      expect(await accessibilityProblems(element)).to.deep.equal([]);
      document.documentElement.removeAttribute('style');
    });
  }
});
