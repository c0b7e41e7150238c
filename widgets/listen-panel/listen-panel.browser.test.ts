import { expect } from 'chai';
import type { ProspectListenChangeEvent, ProspectRosterChangeEvent } from '../events/prospect-events.ts';
import { setLocale } from '../i18n/languages.ts';
import type { ListeningSessionOptions } from '../sessions/create-listening-session.ts';
import { accessibilityProblems, HOSTILE_CSS, overflowing, part, setTheme, turn } from '../ui/testing/browser.ts';
import { commercial, FakeListeningSession, listeningStates, team } from '../ui/testing/fake-sessions.ts';
import { ProspectListenPanel } from './define.ts';

const { sessionFactory } = ProspectListenPanel;
let sessions: FakeListeningSession[] = [];
let opened: ListeningSessionOptions[] = [];

async function mount(state = 'ready', attributes = ''): Promise<[ProspectListenPanel, FakeListeningSession]> {
  ProspectListenPanel.sessionFactory = (options) => {
    opened.push(options);
    const session = new FakeListeningSession(listeningStates()[state]);
    sessions.push(session);
    return session;
  };
  document.body.insertAdjacentHTML(
    'beforeend',
    `<prospect-listen-panel token="t" ${attributes}></prospect-listen-panel>`,
  );
  const element = document.body.lastElementChild;
  if (!(element instanceof ProspectListenPanel)) throw new Error('not upgraded');
  await element.updateComplete;
  const [session] = sessions;
  if (!session) throw new Error('no session');
  return [element, session];
}

const headphones = (element: ProspectListenPanel, id: string) => part(element, `.listen[data-id="${id}"]`);
const names = (element: ProspectListenPanel) =>
  [...(element.shadowRoot?.querySelectorAll('.row .name') ?? [])].map(({ textContent }) => textContent);

beforeEach(() => {
  document.documentElement.lang = 'fr';
});

afterEach(async () => {
  document.body.replaceChildren();
  document.head.querySelector('style[data-test]')?.remove();
  document.documentElement.removeAttribute('style');
  await turn();
  sessions = [];
  opened = [];
  ProspectListenPanel.sessionFactory = sessionFactory;
});

describe('<prospect-listen-panel>', () => {
  for (const theme of ['light', 'dark'] as const) {
    for (const state of Object.keys(listeningStates())) {
      it(`is accessible: ${state}, ${theme}`, async () => {
        setTheme(theme);
        const [element] = await mount(state);
        element.style.width = '320px';
        expect(await accessibilityProblems(element)).to.deep.equal([]);
      });
    }
  }

  it('listens and stops by the headphones, a toggle with a constant label', async () => {
    const [element, session] = await mount('ready');
    const button = headphones(element, 'nadia');
    expect([button.getAttribute('aria-label'), button.getAttribute('aria-pressed')]).to.deep.equal([
      'Écouter Nadia Benali',
      'false',
    ]);
    button.focus();
    button.click();
    session.set(listeningStates().listening ?? {});
    await element.updateComplete;
    expect([button.getAttribute('aria-label'), button.getAttribute('aria-pressed')]).to.deep.equal([
      'Écouter Nadia Benali',
      'true',
    ]);
    button.click();
    headphones(element, 'jules').click();
    expect(session.calls).to.deep.equal(['warm', 'listen:nadia', 'stop', 'listen:jules']);
  });

  it('warms up when a press is likely', async () => {
    const [element, session] = await mount('ready');
    headphones(element, 'nadia').dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
    headphones(element, 'jules').focus();
    expect(session.calls).to.deep.equal(['warm', 'warm']);
  });

  it('keeps the focus on a row that moves, and gives it back when the dock leaves', async () => {
    const [element, session] = await mount('ready');
    const button = headphones(element, 'paul');
    button.focus();
    const rows = team();
    session.set({
      commercials: [...rows.filter(({ id }) => id === 'paul'), ...rows.filter(({ id }) => id !== 'paul')],
    });
    await element.updateComplete;
    // While the focus is in the list its order holds, until the admin asks for the new one.
    part(element, '[part=changes]').click();
    await element.updateComplete;
    expect(names(element)[0]).to.equal('Paul Martin');
    expect(element.shadowRoot?.activeElement).to.equal(button);
    session.set(listeningStates().listening ?? {});
    await element.updateComplete;
    part(element, '[part=stop]').focus();
    session.set({ status: 'ready', selectedId: null, selected: null });
    await element.updateComplete;
    expect(element.shadowRoot?.activeElement).to.equal(headphones(element, 'nadia'));
  });

  it('shows a dock with volume, mute and stop while listening', async () => {
    const [element, session] = await mount('listening');
    const volume = part<HTMLInputElement>(element, '[part=volume]');
    expect([volume.value, volume.getAttribute('aria-label')]).to.deep.equal(['80', 'Volume']);
    volume.value = '35';
    volume.dispatchEvent(new Event('input'));
    part(element, '[part=mute]').click();
    await element.updateComplete;
    expect([element.volume, element.muted]).to.deep.equal([0.35, true]);
    expect(part(element, '[part=mute]').getAttribute('aria-pressed')).to.equal('true');
    part(element, '[part=stop]').click();
    expect(session.calls).to.deep.equal(['setVolume:0.35', 'setMuted:true', 'stop']);
    expect(part(element, '.dock time').textContent).to.match(/^2:1\d$/);
    expect(part(element, '.quality').textContent?.trim()).to.equal('Connexion\u00a0: bonne');
  });

  it('offers to turn the sound on when the browser keeps it off', async () => {
    const [element, session] = await mount('blocked');
    part(element, '[part=sound-on]').click();
    expect(session.calls).to.deep.equal(['enableSound']);
    part(element, '[part=sound-on]').focus();
    session.set({ status: 'listening', fault: null });
    await element.updateComplete;
    expect(element.shadowRoot?.activeElement).to.equal(part(element, '[part=mute]'));
  });

  it('searches by name and team when there are more than eight', async () => {
    const [element, session] = await mount('ready');
    expect(element.shadowRoot?.querySelector('[part=search]')).to.equal(null);
    session.set({ commercials: [...team(), commercial('c8'), commercial('c9')] });
    await element.updateComplete;
    const search = part<HTMLInputElement>(element, '[part=search]');
    search.value = 'lefevre';
    search.dispatchEvent(new Event('input'));
    await element.updateComplete;
    expect(names(element)).to.deep.equal(['Jules Lefèvre']);
    search.value = 'xyz';
    search.dispatchEvent(new Event('input'));
    await element.updateComplete;
    expect(part(element, '.words').textContent).to.contain('«\u00a0xyz\u00a0»');
  });

  it('says quietly that somebody may be missing, and tells the host, but of no failure', async () => {
    const [element, session] = await mount('ready');
    const seen: unknown[] = [];
    const onRoster = ({ detail }: ProspectRosterChangeEvent) => seen.push(detail.complete);
    const onError = () => seen.push('error');
    document.body.addEventListener('prospect-roster-change', onRoster);
    document.body.addEventListener('prospect-error', onError);
    session.set({ partial: true });
    await element.updateComplete;
    const notice = part(element, '[part=notice]');
    expect(notice.textContent).to.equal('Il manque peut-être des collègues pour l’instant.');
    expect(notice.classList.contains('fault')).to.equal(false);
    expect(part(element, '[role=status]').textContent).to.contain('Il manque peut-être');
    session.set({ partial: false });
    await element.updateComplete;
    document.body.removeEventListener('prospect-roster-change', onRoster);
    document.body.removeEventListener('prospect-error', onError);
    expect(element.shadowRoot?.querySelector('[part=notice]')).to.equal(null);
    expect(seen).to.deep.equal([false, true]);
  });

  it('tells the host by events', async () => {
    const [, session] = await mount('ready');
    const seen: string[] = [];
    const onListen = ({ detail }: ProspectListenChangeEvent) =>
      seen.push(`${detail.commercialId} ${detail.name} ${detail.status}`);
    const onRoster = () => seen.push('roster');
    document.body.addEventListener('prospect-listen-change', onListen);
    document.body.addEventListener('prospect-roster-change', onRoster);
    const { commercials: _, ...waiting } = listeningStates().waiting ?? {};
    session.set(waiting);
    session.set({ status: 'joining' });
    session.set({ status: 'listening' });
    session.set({ level: 0.4 });
    session.set({ commercials: team() });
    session.set({ status: 'ready', selectedId: null, selected: null });
    document.body.removeEventListener('prospect-listen-change', onListen);
    document.body.removeEventListener('prospect-roster-change', onRoster);
    expect(seen).to.deep.equal([
      'lea Léa Dubois waiting',
      'lea Léa Dubois joining',
      'lea Léa Dubois listening',
      'roster',
      'null null ready',
    ]);
  });

  it('has methods and properties for hosts, and hands over its attributes', async () => {
    const [element, session] = await mount('ready', 'volume="0.25" relay-url="https://relay.example"');
    expect(opened[0]).to.include({ token: 't', relayUrl: 'https://relay.example', volume: 0.25, muted: false });
    expect(opened[0]?.isDebug()).to.equal(false);
    await element.listen('jules');
    await element.stop();
    element.setAttribute('volume', '0.5');
    element.volume = 7;
    element.volume = Number.NaN;
    element.token = null;
    await element.updateComplete;
    expect(session.calls).to.deep.equal(['listen:jules', 'stop', 'setVolume:0.5', 'setVolume:1', 'setToken:null']);
    expect([element.commercials.length, element.selected, element.volume]).to.deep.equal([7, null, 1]);
  });

  it('keeps its session when it is moved, closes it when removed, and leaves nothing after fifty rounds', async () => {
    const [element, session] = await mount('listening');
    document.body.appendChild(document.createElement('div')).append(element);
    await turn();
    expect([session.calls, element.state]).to.deep.equal([[], 'listening']);
    for (let round = 0; round < 50; round += 1) {
      document.body.replaceChildren();
      await turn();
      await mount('listening');
    }
    document.body.replaceChildren();
    await turn();
    expect(sessions).to.have.length(51);
    for (const one of sessions) expect([one.calls, one.subscribers]).to.deep.equal([['close'], 0]);
  });

  it('keeps its looks in a hostile page', async () => {
    const looks = (element: ProspectListenPanel) => {
      const style = getComputedStyle(part(element, '.row .name'));
      const { width, height } = part(element, '.row .listen').getBoundingClientRect();
      return [style.color, style.font, style.letterSpacing, style.textTransform, style.textAlign, width, height];
    };
    const [reference] = await mount('listening');
    const expected = looks(reference);
    reference.remove();
    const style = document.head.appendChild(document.createElement('style'));
    style.dataset.test = '';
    style.textContent = HOSTILE_CSS;
    const [element] = await mount('listening');
    expect(looks(element)).to.deep.equal(expected);
  });

  for (const [width, columns] of [
    [320, false],
    [1200, true],
  ] as const) {
    it(`fits ${width} px`, async () => {
      for (const state of ['listening', 'waiting', 'many', 'refused', 'empty', 'interrupted', 'paused', 'poor']) {
        const [element] = await mount(state, `dock="inside" style="width: ${width}px; height: 600px"`);
        const { left, right } = element.getBoundingClientRect();
        expect(overflowing(element, '*:not(.sr)', right, left), state).to.deep.equal([]);
        const row = element.shadowRoot?.querySelector('.row');
        const name = row?.querySelector('.name')?.getBoundingClientRect().top ?? 0;
        const team = row?.querySelector('.team')?.getBoundingClientRect().top ?? 0;
        if (row) expect(Math.abs(name - team) < 8, `${state}: in columns`).to.equal(columns);
        element.remove();
        await turn();
        sessions = [];
      }
    });
  }

  it('says since when somebody is heard, and counts only who is live', async () => {
    const [element] = await mount('listening');
    expect(part(element, '.dock .status span').textContent).to.match(/^À l’écoute depuis \d\d:\d\d$/);
    expect(part(element, '[role=status]').textContent).to.match(/Nadia Benali À l’écoute depuis \d\d:\d\d\./);
    expect(part(element, '.live-count').textContent).to.equal('2 en direct');
  });

  it('leaves room under the last row for the dock, where the list can reach below it', async () => {
    const room = async (rows: number) => {
      const [element, session] = await mount('listening');
      session.set({ commercials: Array.from({ length: rows }, (_, i) => commercial(`c${i}`)) });
      await element.updateComplete;
      const list = part(element, '.list');
      const last = part(element, '.row:last-child');
      const space = list.getBoundingClientRect().top + list.scrollHeight - last.getBoundingClientRect().bottom;
      element.remove();
      await turn();
      sessions = [];
      return space;
    };
    expect(window.innerWidth).to.be.above(640);
    expect(await room(1)).to.be.below(20);
    expect(await room(20)).to.be.above(150);
  });

  it('follows the color scheme of the page, unless told otherwise', async () => {
    const surface = async (scheme: string, attributes = '') => {
      document.documentElement.style.colorScheme = scheme;
      const [element] = await mount('ready', attributes);
      const { backgroundColor } = getComputedStyle(part(element, '.panel'));
      element.remove();
      return backgroundColor;
    };
    const light = 'rgb(255, 255, 255)';
    const dark = 'rgb(23, 25, 31)';
    expect(await surface('normal')).to.equal(light);
    expect(await surface('dark')).to.equal(dark);
    expect(await surface('dark', 'theme="light"')).to.equal(light);
    expect(await surface('light', 'theme="dark"')).to.equal(dark);
    expect(await surface('light', 'style="--prospect-surface: rgb(1, 2, 3)"')).to.equal('rgb(1, 2, 3)');
  });

  it('has targets of at least 44 px', async () => {
    const [element] = await mount('many');
    for (const target of element.shadowRoot?.querySelectorAll('button:not(dialog *), input') ?? []) {
      const { width, height } = target.getBoundingClientRect();
      expect(Math.min(width, height)).to.be.at.least(44);
    }
  });

  it('mirrors itself in a language from right to left, and stands where the page’s direction says', async () => {
    await setLocale('ar');
    await setLocale(null);
    const [element] = await mount('listening', 'dir="rtl" lang="ar"');
    const listen = headphones(element, 'nadia').getBoundingClientRect();
    const name = part(element, '.row .name').getBoundingClientRect();
    expect(listen.right).to.be.below(name.left);
    expect(part(element, '.dock').getBoundingClientRect().left).to.equal(16);
  });

  it('greys the list, and empties its levels, while the relay is away', async () => {
    const [element, session] = await mount('listening');
    const looks = () => [
      getComputedStyle(part(element, '.row[data-selected] .mark')).backgroundColor,
      part(element, '.row[data-selected] .bars').style.getPropertyValue('--_bars'),
    ];
    expect(looks()).to.deep.equal(['rgb(220, 38, 38)', '3']);
    session.set({ online: false });
    await element.updateComplete;
    expect(looks()).to.deep.equal(['rgb(100, 116, 139)', '0']);
    session.set({ online: true });
    await element.updateComplete;
    expect(looks()).to.deep.equal(['rgb(220, 38, 38)', '3']);
  });

  it('renders no row for the level of the sound alone', async () => {
    const [element, session] = await mount('listening');
    await element.updateComplete;
    const list = part(element, '.list');
    const changes: MutationRecord[] = [];
    const observer = new MutationObserver((records) => changes.push(...records));
    observer.observe(list, { subtree: true, childList: true, attributes: true, characterData: true });
    session.set({ level: 0.11 });
    await element.updateComplete;
    await turn();
    observer.disconnect();
    expect(changes).to.have.length(0);
    expect(part(element, '.meter i').style.transform).to.equal('scaleX(0.1)');
  });
});
