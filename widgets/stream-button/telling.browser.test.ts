import { expect } from 'chai';
import { accessibilityProblems, part, turn } from '../ui/testing/browser.ts';
import { FakeStreamingSession, streamingStates } from '../ui/testing/fake-sessions.ts';
import { ProspectStreamButton } from './define.ts';

const { sessionFactory, foldMs } = ProspectStreamButton;
const { vibrate } = navigator;
let session: FakeStreamingSession;
let vibrations: number;

async function mount(state: string, attributes = ''): Promise<ProspectStreamButton> {
  session = new FakeStreamingSession(streamingStates()[state]);
  ProspectStreamButton.sessionFactory = () => session;
  document.body.insertAdjacentHTML(
    'beforeend',
    `<prospect-stream-button token="t" lang="en" ${attributes}></prospect-stream-button>`,
  );
  const element = document.body.lastElementChild as ProspectStreamButton;
  await element.updateComplete;
  return element;
}

const title = (element: ProspectStreamButton) => part(element, '[part=title]').textContent;
const isOpen = (element: ProspectStreamButton) => part(element, '.head').getAttribute('aria-expanded') === 'true';
const until = async (isSo: () => boolean) => {
  for (let i = 0; i < 100 && !isSo(); i += 1) await new Promise((done) => setTimeout(done, 20));
};

describe('what <prospect-stream-button> tells', () => {
  beforeEach(() => {
    vibrations = 0;
    Object.defineProperty(navigator, 'vibrate', {
      configurable: true,
      value: () => {
        vibrations += 1;
        return true;
      },
    });
    localStorage.clear();
  });

  afterEach(async () => {
    document.body.replaceChildren();
    await turn();
    Object.assign(ProspectStreamButton, { sessionFactory, foldMs });
    Object.defineProperty(navigator, 'vibrate', { configurable: true, value: vibrate });
  });

  it('is that the user is live elsewhere, with a way to go on here and one to stop it', async () => {
    const element = await mount('elsewhere');
    expect(title(element)).to.equal('Live elsewhere');
    expect(element.shadowRoot?.textContent).not.to.contain('Nobody hears you');
    part(element, '[part=stop-elsewhere]').click();
    part(element, '[part=continue]').click();
    expect(session.calls).to.deep.equal(['stopElsewhere', 'start']);
    expect(await accessibilityProblems(element)).to.deep.equal([]);
    session.set({ elsewhere: null });
    await element.updateComplete;
    expect(title(element)).to.equal('Not live');
    expect(element.shadowRoot?.querySelector('[part=continue]')).to.equal(null);
  });

  it('is that a reload ended the live: the bubble is open, and one tap is enough', async () => {
    const element = await mount('reloaded');
    expect(isOpen(element)).to.equal(true);
    expect(part(element, '#words').textContent).to.contain('Your live ended when the page reloaded. Tap to go on.');
    part(element, '.fab').click();
    expect(session.calls).to.deep.equal(['start']);
  });

  it('is an invitation when the host wants it, which starts nothing by itself', async () => {
    const element = await mount('ready', 'invite');
    expect([isOpen(element), session.calls.length]).to.deep.equal([true, 0]);
    expect(part(element, '.body').textContent).to.contain('Tap to go live.');
    element.invite = false;
    await element.updateComplete;
    expect(isOpen(element)).to.equal(false);
  });

  it('is a newcomer’s name, also when the bubble is closed, with a touch of vibration', async () => {
    const element = await mount('live');
    part(element, '.head').click();
    await element.updateComplete;
    expect(title(element)).to.equal('Live');
    const bruno = { id: 'b', name: 'Bruno Petit' };
    session.set({ listeners: [...session.getState().listeners, bruno], newListeners: [bruno] });
    await element.updateComplete;
    expect([title(element), vibrations]).to.deep.equal(['Bruno Petit is listening.', 1]);
    session.set({ level: 2 });
    expect(vibrations).to.equal(1);
    session.set({ newListeners: [] });
    await element.updateComplete;
    expect(title(element)).to.equal('Live');
  });

  it('vibrates neither where the host, nor where the user does not want it', async () => {
    const quiet = await mount('live', 'vibration="off"');
    expect(quiet.shadowRoot?.querySelector('input')).to.equal(null);
    session.set({ newListeners: [{ id: 'b', name: 'Bruno' }] });
    expect(vibrations).to.equal(0);
    quiet.remove();
    const element = await mount('live');
    part<HTMLInputElement>(element, 'input').click();
    session.set({ newListeners: [{ id: 'b', name: 'Bruno' }] });
    expect(vibrations).to.equal(0);
    element.remove();
    const next = await mount('live');
    expect(part<HTMLInputElement>(next, 'input').checked).to.equal(false);
  });

  it('folds itself after a while, and not under a pointer or focus, nor while something waits for an answer', async () => {
    ProspectStreamButton.foldMs = 60;
    const element = await mount('live');
    expect(isOpen(element)).to.equal(true);
    const head = part(element, '.head');
    head.focus();
    await new Promise((done) => setTimeout(done, 200));
    expect(isOpen(element)).to.equal(true);
    head.blur();
    await until(() => !isOpen(element));
    expect(isOpen(element)).to.equal(false);
    for (const state of ['needs-tap', 'denied', 'elsewhere']) {
      const other = await mount(state);
      await new Promise((done) => setTimeout(done, 200));
      expect(isOpen(other), state).to.equal(true);
    }
  });

  it('is who listened today, folded away, each with the time and how long', async () => {
    const element = await mount('live-today');
    const list = part<HTMLDetailsElement>(element, '[part=today]');
    expect(part(element, 'summary').textContent).to.contain('Listened to you today: 2');
    expect(list.open).to.equal(false);
    part(element, 'summary').click();
    const rows = [...list.querySelectorAll('li')].map((row) => row.textContent?.replace(/\s+/g, ' ').trim());
    expect(rows[0]).to.match(/^Anne Moreau \d+:\d\d [AP]M$/);
    expect(rows[1]).to.match(/^Bruno Petit \d+:\d\d [AP]M · 13 min$/);
    expect(await accessibilityProblems(element)).to.deep.equal([]);
  });

  it('is nothing of who listens while the connection is uncertain', async () => {
    const element = await mount('live-uncertain');
    expect(title(element)).to.equal('Connection uncertain');
    expect(element.shadowRoot?.textContent).not.to.contain('Anne Moreau');
    expect(getComputedStyle(part(element, '.fab')).backgroundColor).to.equal('rgb(220, 38, 38)');
    part(element, '.head').click();
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('.count')).to.equal(null);
  });
});
