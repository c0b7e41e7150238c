import { expect } from 'chai';
import { accessibilityProblems, part, turn, until } from '../ui/testing/browser.ts';
import { FakeStreamingSession, streamingPolicy, streamingStates } from '../ui/testing/fake-sessions.ts';
import { ProspectStreamButton } from './define.ts';

const { sessionFactory } = ProspectStreamButton;
const { vibrate } = navigator;
const { AudioContext: realAudioContext } = globalThis;
const ANNA = { id: 'a1', name: 'Anne Moreau', purpose: 'training' };
let session: FakeStreamingSession;
let vibrations: number;
let sounds: number;

async function mount(state: string, attributes = ''): Promise<ProspectStreamButton> {
  session = new FakeStreamingSession(streamingStates()[state]);
  ProspectStreamButton.sessionFactory = () => session;
  document.body.insertAdjacentHTML(
    'beforeend',
    `<prospect-stream-button token="t" lang="en" ${attributes}></prospect-stream-button>`,
  );
  const element = document.body.lastElementChild as ProspectStreamButton;
  await until(() => element.shadowRoot?.querySelector('[part=card]'));
  await element.updateComplete;
  return element;
}

const dialog = (element: ProspectStreamButton) => element.shadowRoot?.querySelector<HTMLDialogElement>('dialog[open]');
const text = (element: ProspectStreamButton) => element.shadowRoot?.querySelector('.root')?.textContent ?? '';

describe('<prospect-stream-button> under a policy', () => {
  beforeEach(() => {
    vibrations = sounds = 0;
    Object.defineProperty(navigator, 'vibrate', {
      configurable: true,
      value: () => {
        vibrations += 1;
        return true;
      },
    });
    globalThis.AudioContext = class extends realAudioContext {
      constructor() {
        super();
        sounds += 1;
      }
    };
    localStorage.clear();
  });

  afterEach(async () => {
    document.body.replaceChildren();
    await turn();
    Object.assign(ProspectStreamButton, { sessionFactory });
    Object.defineProperty(navigator, 'vibrate', { configurable: true, value: vibrate });
    globalThis.AudioContext = realAudioContext;
  });

  it('shows the text before the first start, and goes live within the press that acknowledges it', async () => {
    const element = await mount('consent-wanted');
    expect(part(element, '[part=title]').textContent).to.equal('A text to read first');
    part(element, '[part=button]').focus();
    part(element, '[part=button]').click();
    await until(() => dialog(element));
    expect(dialog(element)?.textContent).to.contain('an admin of your team may listen').and.contain('2026-02');
    expect(await accessibilityProblems(element)).to.deep.equal([]);
    expect(session.calls).to.deep.equal([]);
    part(element, '[part=consent-accept]').click();
    expect(session.calls).to.deep.equal(['acknowledge:2026-02', 'start']);
    await until(() => !dialog(element));
    expect(element.shadowRoot?.activeElement).to.equal(part(element, '[part=button]'));
  });

  it('who declines is not live, nor who is asked by the host', async () => {
    const element = await mount('consent-wanted');
    const started = element.start();
    await until(() => dialog(element));
    part(element, '[part=consent-later]').click();
    await started;
    expect(dialog(element)).to.equal(null);
    expect(session.calls).to.deep.equal([]);
  });

  it('Escape declines', async () => {
    const element = await mount('consent-wanted');
    const started = element.start();
    await until(() => dialog(element));
    dialog(element)?.close();
    await started;
    expect(session.calls).to.deep.equal([]);
  });

  it('a text that was not known at the press is shown when the relay refuses the start', async () => {
    const element = await mount('policy-over');
    const asked = { version: 'b', text: { en: 'Another text.' }, given: false };
    session.start = async () => {
      session.calls.push('start');
      session.set({
        policy: streamingPolicy({ consent: asked, consentChanged: true }),
        fault: { code: 'consent_required', message: 'no' },
      });
    };
    void element.start();
    await until(() => dialog(element));
    expect(dialog(element)?.textContent).to.contain('Another text.').and.contain('has changed');
    expect(session.calls).to.deep.equal(['start']);
  });

  it('says why somebody listens, and how long they may yet', async () => {
    const element = await mount('policy-live');
    expect(text(element)).to.contain('Anne Moreau (Training) is listening.').and.contain('Left today: 35\u00a0min');
    expect(part(element, '#words').textContent).not.to.contain('Left today');
    session.set({ policy: streamingPolicy({ ended: { name: 'Anne Moreau', reason: 'policy_time' } }), listeners: [] });
    await element.updateComplete;
    expect(part(element, '#words').textContent).to.contain('Anne Moreau no longer listens');
  });

  it('warns before an end, and says why it came, with the title', async () => {
    const element = await mount('policy-ending');
    expect(part(element, '#words').textContent).to.contain('Your live ends at').and.contain('outside working hours');
    expect(text(element)).to.contain('Anne Moreau can listen until');
    session.set({ status: 'ready', fault: { code: 'policy_hours', message: 'over' }, policy: streamingPolicy() });
    await element.updateComplete;
    expect(part(element, '[part=title]').textContent).to.equal('Outside working hours');
  });

  it('gives the signs that the policy wants when somebody begins to listen, and no vibration to who turned it off', async () => {
    const element = await mount('policy-live');
    const come = async (patch = {}) => {
      session.set({ newListeners: [], policy: streamingPolicy(patch) });
      session.set({ newListeners: [{ ...ANNA }] });
      await element.updateComplete;
      await turn();
    };
    await come();
    expect([vibrations, sounds]).to.deep.equal([1, 1]);
    await come({ notice: { tone: false, vibration: false, card: true } });
    await come({ notice: null });
    expect([vibrations, sounds]).to.deep.equal([1, 1]);
    part(element, '.choice input').click();
    await come();
    expect([vibrations, sounds]).to.deep.equal([1, 2]);
  });

  it('has a card for the door, one press from the bubble, open or closed, live or not', async () => {
    const element = await mount('policy-live');
    const head = part(element, '.head');
    if (head.getAttribute('aria-expanded') === 'true') head.click();
    await element.updateComplete;
    part(element, '[part=card]').click();
    await until(() => dialog(element));
    const sections = [...(dialog(element)?.querySelectorAll('section') ?? [])];
    expect(sections.map(({ lang, dir }) => `${lang} ${dir}`)).to.deep.equal(['fr ltr', 'en ltr', 'es ltr', 'ar rtl']);
    expect(sections[1]?.textContent).to.contain('Nothing is recorded');
    const { width, height } = dialog(element)?.getBoundingClientRect() ?? { width: 0, height: 0 };
    expect([width, height]).to.deep.equal([innerWidth, innerHeight]);
    expect(await accessibilityProblems(element)).to.deep.equal([]);
    part(element, '[part=door-mind]').click();
    expect(session.calls).to.deep.equal(['setPaused:true:objection']);
    session.set({ status: 'paused', objection: true });
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('[part=door-mind]')).to.equal(null);
    expect(dialog(element)?.textContent).to.contain('Nobody is listening');
    // A host cannot go on in the commercial's place.
    await element.resume();
    expect(session.calls).to.have.length(1);
    part(element, '[part=door-go-on]').click();
    expect(session.calls.at(-1)).to.equal('setPaused:false');
    await until(() => !dialog(element));
    session.set({ status: 'ready', objection: false, startedAt: null, listeners: [] });
    await element.updateComplete;
    part(element, '[part=card]').click();
    await until(() => dialog(element));
    expect(element.shadowRoot?.querySelector('[part=door-mind]')).to.equal(null);
    expect(dialog(element)?.textContent).to.contain('You are not live');
  });
});
