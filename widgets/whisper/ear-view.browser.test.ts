import { expect } from 'chai';
import { ProspectStreamButton } from '../stream-button/define.ts';
import { accessibilityProblems, part, turn, until } from '../ui/testing/browser.ts';
import { FakeStreamingSession, streamingStates } from '../ui/testing/fake-sessions.ts';

const { sessionFactory } = ProspectStreamButton;

async function mount(state: string): Promise<[ProspectStreamButton, FakeStreamingSession]> {
  const session = new FakeStreamingSession({ status: 'ready', online: true });
  ProspectStreamButton.sessionFactory = () => session;
  const element = document.body.appendChild(document.createElement('prospect-stream-button'));
  element.token = 't';
  await element.updateComplete;
  session.set(streamingStates()[state] ?? {});
  await until(() => element.shadowRoot?.querySelector('[part=ears], [part=whisper], [part=cue], [part=whisper-ended]'));
  return [element, session];
}

const { vibrate } = Navigator.prototype;

describe('whispers at the button', () => {
  beforeEach(() => {
    document.documentElement.lang = 'en';
    localStorage.clear();
  });
  afterEach(async () => {
    document.body.replaceChildren();
    await turn();
    ProspectStreamButton.sessionFactory = sessionFactory;
    Navigator.prototype.vibrate = vibrate;
  });

  it('the earpiece is a switch that is off, says what it does, and is one tap in both directions', async () => {
    const [element, session] = await mount('live-ear');
    const earpiece = part<HTMLInputElement>(element, '[part=earpiece]');
    expect([earpiece.checked, earpiece.getAttribute('role')]).to.deep.equal([false, 'switch']);
    earpiece.click();
    expect(session.calls.at(-1)).to.equal('setVoice:true');
    const ear = session.getState().ear;
    session.set({ ear: ear && { ...ear, voice: 'connecting' } });
    await element.updateComplete;
    expect(part(element, '#ear-detail').textContent).to.contain('One moment');
    session.set({ ear: ear && { ...ear, voice: 'on' } });
    await element.updateComplete;
    expect(earpiece.checked).to.equal(true);
    earpiece.click();
    expect(session.calls.at(-1)).to.equal('setVoice:false');
    part(element, '[part=cues]').click();
    expect(session.calls.at(-1)).to.equal('setCues:false');
  });

  it('a switch whose wish did not come about is off again, and says so', async () => {
    const [element, session] = await mount('live-ear');
    const earpiece = part<HTMLInputElement>(element, '[part=earpiece]');
    earpiece.click();
    const ear = session.getState().ear;
    session.set({ ear: ear && { ...ear, voice: 'connecting' } });
    await element.updateComplete;
    session.set({ ear: ear && { ...ear, failed: true } });
    await element.updateComplete;
    expect(earpiece.checked).to.equal(false);
    expect(part(element, '#ear-detail').textContent).to.contain('could not be connected');
  });

  it('who speaks is shown in a folded bubble too, read out, acknowledged when it stands there, and stopped by one tap', async () => {
    const [element, session] = await mount('live-whisper');
    expect(session.calls.filter((call) => call.startsWith('shown')).at(0)).to.equal('shown:w1');
    part(element, '.head').click();
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('.open')).to.equal(null);
    const card = part(element, '[part=whisper]');
    expect(card.checkVisibility()).to.equal(true);
    expect(card.textContent).to.contain('Anne Moreau is speaking to you');
    expect(part(element, '#words').textContent).to.contain('Anne Moreau is speaking to you');
    part(element, '[part=whisper-stop]').click();
    expect(session.calls.at(-1)).to.equal('stopVoice');
  });

  it('a text is shown, acknowledged, felt once unless vibration is off, and closed by hand alone', async () => {
    const felt: unknown[] = [];
    Navigator.prototype.vibrate = (pattern: unknown) => {
      felt.push(pattern);
      return true;
    };
    const [element, session] = await mount('live-cue');
    expect(session.calls).to.include('shown:k1');
    element.requestUpdate();
    await element.updateComplete;
    expect(felt.length).to.equal(1);
    expect(part(element, '[part=cue]').textContent).to.contain('date du devis');
    expect(part(element, '#words').textContent).to.contain('Anne Moreau writes: Demandez-lui');
    part(element, '[part=cue-close]').click();
    expect(session.calls.at(-1)).to.equal('closeCue');
    element.setAttribute('vibration', 'off');
    const ear = session.getState().ear;
    session.set({ ear: ear && { ...ear, cue: { id: 'k2', by: { id: 'a1', name: 'Anne' }, text: 'Good' } } });
    await element.updateComplete;
    expect([felt.length, session.calls.at(-1)]).to.deep.equal([1, 'shown:k2']);
  });

  it('every end is said in words', async () => {
    const [element, session] = await mount('live-echo');
    expect(part(element, '[part=whisper-ended]').textContent).to.contain('your loudspeaker is on');
    const ear = session.getState().ear;
    const seen = new Set<string>();
    for (const reason of [
      'stopped',
      'refused',
      'time_limit',
      'not_heard',
      'not_shown',
      'page_away',
      'media_lost',
      'policy',
      'e2ee_required',
      'e2ee_key_missing',
      'e2ee_cannot_decrypt',
    ] as const) {
      session.set({ ear: ear && { ...ear, ended: { by: { id: 'a1', name: 'Anne' }, reason } } });
      await element.updateComplete;
      const text = part(element, '[part=whisper-ended]').textContent ?? '';
      expect(text).not.to.match(/[{}]|undefined/);
      seen.add(text);
    }
    expect(seen.size).to.equal(11);
  });

  it('has no switch for texts where the sound is sealed, which texts are not', async () => {
    const [element, session] = await mount('live-ear');
    session.set({ sealed: true });
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('[part=cues]')).to.equal(null);
    expect(part<HTMLInputElement>(element, '[part=earpiece]').checkVisibility()).to.equal(true);
  });

  it('nothing of it is there without a relay that offers it', async () => {
    const [element, session] = await mount('live-ear');
    session.set({ ear: null });
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('[part=ears]')).to.equal(null);
  });

  for (const state of ['live-ear', 'live-whisper', 'live-echo', 'live-cue']) {
    it(`${state} is accessible`, async () => {
      const [element] = await mount(state);
      expect(await accessibilityProblems(element)).to.deep.equal([]);
    });
  }
});
