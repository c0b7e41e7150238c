import { expect } from 'chai';
import { accessibilityProblems, part, turn } from '../ui/testing/browser.ts';
import { FakeListeningSession, listeningStates } from '../ui/testing/fake-sessions.ts';
import { ProspectListenPanel } from './define.ts';
import { rendering } from './late-rendering.ts';

const { sessionFactory } = ProspectListenPanel;

async function mount(state: string): Promise<[ProspectListenPanel, FakeListeningSession]> {
  await rendering.get();
  const session = new FakeListeningSession(listeningStates()[state]);
  ProspectListenPanel.sessionFactory = () => session;
  const element = document.body.appendChild(document.createElement('prospect-listen-panel'));
  element.token = 't';
  await element.updateComplete;
  return [element, session];
}

describe('hearing in the panel', () => {
  beforeEach(() => {
    document.documentElement.lang = 'en';
  });

  afterEach(async () => {
    document.body.replaceChildren();
    await turn();
    ProspectListenPanel.sessionFactory = sessionFactory;
  });

  it('tells the quality in words and colour, and how old the sound is', async () => {
    const [element, session] = await mount('listening');
    session.set({ delay: 0.4 });
    session.set({ quality: 'poor' });
    await element.updateComplete;
    const quality = part(element, '[part=quality]');
    expect([quality.textContent?.trim(), quality.dataset.quality]).to.deep.equal(['Connection: poor', 'poor']);
    expect(quality.title).to.contain('0.4 s ago');
    const poor = getComputedStyle(quality).color;
    session.set({ quality: 'good' });
    await element.updateComplete;
    expect(getComputedStyle(quality).color).not.to.equal(poor);
    expect(await accessibilityProblems(element)).to.deep.equal([]);
  });

  it('has steps of 5 %, levelling that can be turned off, and the outputs that there are', async () => {
    const [element, session] = await mount('listening');
    const volume = part<HTMLInputElement>(element, '.volume');
    volume.stepUp();
    volume.dispatchEvent(new Event('input'));
    expect(session.calls).to.deep.equal(['setVolume:0.85']);
    const settings = part<HTMLDetailsElement>(element, '[part=sound-settings]');
    expect(settings.open).to.equal(false);
    part(element, 'summary').click();
    await turn();
    expect(session.calls).to.contain('lookOutputs');
    part<HTMLInputElement>(element, '[type=checkbox]').click();
    expect(session.getState().levelling).to.equal(false);
    expect(settings.querySelector('select')).to.equal(null);
    session.set({
      outputs: [
        { id: '', label: 'Default' },
        { id: 'h1', label: 'Headset' },
      ],
    });
    await element.updateComplete;
    const select = part<HTMLSelectElement>(element, '.settings select');
    select.value = 'h1';
    select.dispatchEvent(new Event('change'));
    expect(session.calls).to.contain('setOutput:h1');
    expect(await accessibilityProblems(element)).to.deep.equal([]);
  });

  it('says that another tab listens until that is closed, and listens here again by a press', async () => {
    const [element, session] = await mount('replaced');
    const [here, close] = [...part(element, '[part=replaced]').querySelectorAll('button')];
    here?.click();
    expect(session.calls).to.deep.equal(['listen:nadia']);
    expect(part(element, '[role=status]').textContent).to.contain('Continues in another tab');
    close?.click();
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('[part=replaced]')).to.equal(null);
  });
});
