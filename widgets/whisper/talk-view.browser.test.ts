import { expect } from 'chai';
import { ProspectListenPanel } from '../listen-panel/define.ts';
import { accessibilityProblems, part, turn, until } from '../ui/testing/browser.ts';
import { FakeListeningSession, listeningStates } from '../ui/testing/fake-sessions.ts';

const { sessionFactory } = ProspectListenPanel;

async function mount(state: string): Promise<[ProspectListenPanel, FakeListeningSession]> {
  const session = new FakeListeningSession({ status: 'ready', online: true });
  ProspectListenPanel.sessionFactory = () => session;
  const element = document.body.appendChild(document.createElement('prospect-listen-panel'));
  element.token = 't';
  await element.updateComplete;
  session.set(listeningStates()[state] ?? {});
  await until(() => element.shadowRoot?.querySelector('[part=whisper]'));
  return [element, session];
}

const said = (element: HTMLElement) => part(element, '[part=whisper-state]').textContent ?? '';
const hold = (element: HTMLElement) => part(element, '[part=whisper-hold]');
const last = (session: FakeListeningSession) => session.calls.filter((call) => /press|release/.test(call));

/** The session does as asked. */
async function speaks(element: ProspectListenPanel, session: FakeListeningSession, on: boolean): Promise<void> {
  const { whisper } = session.getState();
  session.set({
    whisper: whisper && { ...whisper, phase: on ? 'speaking' : 'off', endsAt: on ? performance.now() + 30_000 : null },
  });
  await element.updateComplete;
}

describe('whispers at the panel', () => {
  beforeEach(() => {
    document.documentElement.lang = 'en';
    localStorage.clear();
  });
  afterEach(async () => {
    document.body.replaceChildren();
    await turn();
    ProspectListenPanel.sessionFactory = sessionFactory;
  });

  for (const end of ['pointerup', 'pointerleave', 'pointercancel', 'blur']) {
    it(`speaks from the press to ${end}`, async () => {
      const [element, session] = await mount('may-whisper');
      hold(element).dispatchEvent(new PointerEvent('pointerdown', { button: 0, bubbles: true }));
      expect(last(session)).to.deep.equal(['press']);
      await speaks(element, session, true);
      expect([hold(element).getAttribute('aria-pressed'), said(element)]).to.deep.equal([
        'true',
        'Nadia Benali hears you. (30 s left)',
      ]);
      hold(element).dispatchEvent(new Event(end));
      expect(last(session)).to.deep.equal(['press', 'release']);
    });
  }

  it('by Space and Enter too: a key that is held down repeats nothing, and letting go ends it', async () => {
    const [element, session] = await mount('may-whisper');
    for (const key of [' ', 'Enter']) {
      session.calls.length = 0;
      const down = (repeat: boolean) =>
        hold(element).dispatchEvent(new KeyboardEvent('keydown', { key, repeat, cancelable: true, bubbles: true }));
      expect(down(false)).to.equal(false);
      down(true);
      expect(last(session)).to.deep.equal(['press']);
      hold(element).dispatchEvent(new KeyboardEvent('keyup', { key, cancelable: true, bubbles: true }));
      expect(last(session)).to.deep.equal(['press', 'release']);
    }
  });

  it('who cannot hold it presses once to begin and once to end, which this browser keeps', async () => {
    const [element, session] = await mount('may-whisper');
    part(element, '[part=whisper-lock]').click();
    await element.updateComplete;
    session.calls.length = 0;
    expect(hold(element).textContent).to.contain('Speak');
    hold(element).dispatchEvent(new PointerEvent('pointerdown', { button: 0 }));
    expect(last(session)).to.deep.equal([]);
    hold(element).click();
    await speaks(element, session, true);
    hold(element).dispatchEvent(new Event('pointerleave'));
    hold(element).dispatchEvent(new Event('blur'));
    expect(last(session)).to.deep.equal(['press']);
    expect(hold(element).textContent).to.contain('Stop speaking');
    hold(element).click();
    expect(last(session)).to.deep.equal(['press', 'release']);
    element.remove();
    const [again] = await mount('may-whisper');
    expect(part<HTMLInputElement>(again, '[part=whisper-lock]').checked).to.equal(true);
  });

  it('a click without a pointer, as screen readers make it, is a toggle', async () => {
    const [element, session] = await mount('may-whisper');
    hold(element).click();
    expect(last(session)).to.deep.equal(['press']);
    await speaks(element, session, true);
    hold(element).click();
    expect(last(session)).to.deep.equal(['press', 'release']);
  });

  it('names who else hears it, and says so to the relay only then; whom this page hears is said too', async () => {
    const [element, session] = await mount('whispering');
    const { whisper } = session.getState();
    const names = [
      { id: 'b1', name: 'Bruno' },
      { id: 'c1', name: 'Carla' },
    ];
    expect(session.calls.filter((call) => call.startsWith('seen'))).to.deep.equal([]);
    session.set({ whisper: whisper && { ...whisper, overheard: true, hearers: { version: 3, names } } });
    expect(session.calls.filter((call) => call.startsWith('seen'))).to.deep.equal([]);
    await element.updateComplete;
    expect(said(element)).to.contain('hears you. Also heard by: Bruno, Carla.');
    expect(session.calls.at(-1)).to.equal('seen:3');
    session.set({ whisper: whisper && { ...whisper, phase: 'off', endsAt: null, by: null, overheard: true } });
    await element.updateComplete;
    expect(said(element)).to.contain('will hear you, and so may others who listen.');
    session.set({ whisper: whisper && { ...whisper, phase: 'off', endsAt: null, by: names[0] ?? null, hears: true } });
    await element.updateComplete;
    expect(said(element)).to.contain('Bruno is speaking to Nadia Benali. You hear it.');
  });

  it('is within reach and says why, where it is not allowed or somebody else speaks', async () => {
    const [element, session] = await mount('may-not-whisper');
    expect([hold(element).getAttribute('aria-disabled'), hold(element).hasAttribute('disabled')]).to.deep.equal([
      'true',
      false,
    ]);
    expect(said(element)).to.equal('Nadia Benali does not let anybody speak into their ear.');
    hold(element).click();
    expect(last(session)).to.deep.equal([]);
    session.set(listeningStates()['others-whisper'] ?? {});
    await element.updateComplete;
    expect(said(element)).to.contain('Bruno Petit is speaking to Nadia Benali. You do not hear it.');
    hold(element).click();
    expect(last(session)).to.deep.equal([]);
  });

  it('says that nobody hears it yet until the relay has said so', async () => {
    const [element, session] = await mount('may-whisper');
    const { whisper } = session.getState();
    session.set({ whisper: whisper && { ...whisper, phase: 'asking' } });
    await element.updateComplete;
    expect(said(element)).to.equal('One moment: Nadia Benali does not hear you yet.');
    expect(part(element, '[role=status]').textContent).not.to.contain('hears you.');
    for (const ended of [
      'refused',
      'echo',
      'time_limit',
      'not_heard',
      'not_shown',
      'page_away',
      'media_lost',
      'policy',
      'hidden',
    ] as const) {
      session.set({ whisper: whisper && { ...whisper, ended } });
      await element.updateComplete;
      expect(said(element)).to.match(/Stopped|stopped|Nothing/);
      expect(said(element)).not.to.match(/[{}]|undefined/);
    }
    for (const ended of ['e2ee_required', 'e2ee_key_missing', 'e2ee_cannot_decrypt'] as const) {
      session.set({ whisper: whisper && { ...whisper, ended } });
      await element.updateComplete;
      expect(said(element)).to.match(/Not passed on: Nadia|Nadia Benali could not hear you/);
      session.set({ whisper: whisper && { ...whisper, failure: { code: ended, by: null } } });
      await element.updateComplete;
      expect(said(element)).to.match(/^Nothing was sent: .*Nadia Benali/);
    }
    const by = { id: 'b1', name: 'Bruno Petit' };
    session.set({ whisper: whisper && { ...whisper, failure: { code: 'whisper_busy', by } } });
    await element.updateComplete;
    expect(said(element)).to.equal('Bruno Petit is speaking to Nadia Benali.');
  });

  it('an admin without the claim sees who speaks, and no button', async () => {
    const [element, session] = await mount('others-whisper');
    session.set({ whisper: null });
    element.remove();
    await turn();
    const other = new FakeListeningSession({ status: 'ready', online: true });
    ProspectListenPanel.sessionFactory = () => other;
    const panel = document.body.appendChild(document.createElement('prospect-listen-panel'));
    panel.token = 't';
    await panel.updateComplete;
    const state = listeningStates()['others-whisper'] ?? {};
    other.set({ ...state, whisper: state.whisper ? { ...state.whisper, voice: false, cues: false } : null });
    await until(() => panel.shadowRoot?.querySelector('[part=whisper-state]'));
    expect(said(panel)).to.contain('Bruno Petit is speaking to Nadia Benali');
    expect(panel.shadowRoot?.querySelector('[part=whisper-hold], [part=cue]')).to.equal(null);
  });

  it('a text is counted, sent, and said to be there once the other page shows it; the host has three of its own', async () => {
    const [element, session] = await mount('may-whisper');
    element.cues = ['Demandez la date', '', 'x'.repeat(81), 'Bien joué', 'Souriez', 'Quatrième'];
    await element.updateComplete;
    const presets = [...(element.shadowRoot?.querySelectorAll('[part=cue-preset]') ?? [])];
    expect(presets.map(({ textContent }) => textContent)).to.deep.equal(['Demandez la date', 'Bien joué', 'Souriez']);
    const field = part<HTMLInputElement>(element, '[part=cue-field]');
    expect(field.maxLength).to.equal(80);
    field.value = ' Ask for the date ';
    field.dispatchEvent(new Event('input'));
    await element.updateComplete;
    expect(part(element, '#cue-count').textContent).to.equal('18 of 80 characters');
    part(element, '[part=cue-send]').click();
    expect(session.calls.at(-1)).to.equal('send:Ask for the date');
    const { whisper } = session.getState();
    session.set({ whisper: whisper && { ...whisper, cue: 'sending' } });
    await element.updateComplete;
    part(element, '[part=cue-preset]').click();
    expect(session.calls.at(-1)).to.equal('send:Ask for the date');
    session.set({ whisper: whisper && { ...whisper, cue: 'sent' } });
    await element.updateComplete;
    expect(part(element, '[part=cue-state]').textContent).to.contain('Nadia Benali has it on the screen.');
    part(element, '[part=cue-preset]').click();
    expect(session.calls.at(-1)).to.equal('send:Demandez la date');
  });

  it('where the sound is sealed, which texts are not, says that and has no field', async () => {
    const [element, session] = await mount('may-whisper');
    const { whisper } = session.getState();
    session.set({ sealed: true, whisper: whisper && { ...whisper, cues: false } });
    await element.updateComplete;
    expect(part(element, '[part=whisper]').textContent).to.contain('sealed from end to end, and texts are not');
    expect(element.shadowRoot?.querySelector('[part=cue]')).to.equal(null);
  });

  it('is not there for a device, which has neither ear nor screen', async () => {
    const [element, session] = await mount('may-whisper');
    expect(element.shadowRoot?.querySelector('[part=whisper-hold]')).not.to.equal(null);
    const { selected } = session.getState();
    session.set({ selected: selected && { ...selected, device: true } });
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('[part=whisper], [part=cue]')).to.equal(null);
  });

  it('Escape in the field empties it, and only then ends the listening', async () => {
    const [element, session] = await mount('may-whisper');
    const field = part<HTMLInputElement>(element, '[part=cue-field]');
    field.value = 'Ask';
    field.dispatchEvent(new Event('input'));
    const pressEscape = () =>
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }));
    pressEscape();
    await element.updateComplete;
    expect([field.value, session.calls.includes('stop')]).to.deep.equal(['', false]);
    pressEscape();
    expect(session.calls).to.include('stop');
  });

  for (const state of ['may-whisper', 'may-not-whisper', 'whispering', 'others-whisper']) {
    it(`${state} is accessible`, async () => {
      const [element] = await mount(state);
      expect(await accessibilityProblems(element)).to.deep.equal([]);
    });
  }
});
