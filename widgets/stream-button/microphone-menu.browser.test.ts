import { expect } from 'chai';
import { openMicrophone } from '../audio/microphone.ts';
import { chooseMicrophone, isBetterThere, listMicrophones } from '../audio/microphone-choice.ts';
import { accessibilityProblems, part, turn } from '../ui/testing/browser.ts';
import { FakeStreamingSession, streamingStates } from '../ui/testing/fake-sessions.ts';
import { ProspectStreamButton } from './define.ts';

const { sessionFactory } = ProspectStreamButton;

async function mount(): Promise<[ProspectStreamButton, FakeStreamingSession]> {
  const session = new FakeStreamingSession(streamingStates().live);
  ProspectStreamButton.sessionFactory = () => session;
  const element = document.body.appendChild(document.createElement('prospect-stream-button'));
  element.token = 't';
  await element.updateComplete;
  for (let tries = 0; tries < 50 && !element.shadowRoot?.querySelector('[part=microphone]'); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return [element, session];
}

describe('the choice of a microphone, among Chromium’s fake ones', () => {
  beforeEach(() => {
    document.documentElement.lang = 'en';
    localStorage.clear();
  });

  afterEach(async () => {
    document.body.replaceChildren();
    await turn();
    localStorage.clear();
    ProspectStreamButton.sessionFactory = sessionFactory;
  });

  it('is what is opened, and another one is better while the chosen one is there', async () => {
    const [first, second] = await listMicrophones();
    if (!first || !second) throw new Error('Chromium has two fake microphones at least');
    for (const { id, label } of [second, first]) {
      chooseMicrophone(id);
      const microphone = await openMicrophone(() => {});
      expect(microphone.track.label).to.equal(label);
      expect(await microphone.better?.()).to.equal(false);
      chooseMicrophone(id === first.id ? second.id : first.id);
      expect(await isBetterThere(microphone.track)).to.equal(true);
      microphone.close();
    }
  });

  it('that is away is no failure: the browser’s own serves, and nothing is better', async () => {
    chooseMicrophone('a headset that is switched off');
    const microphone = await openMicrophone(() => {});
    expect(microphone.working).to.equal(true);
    expect(await microphone.better?.()).to.equal(false);
    microphone.close();
  });

  it('is offered in the open bubble, takes effect at once, and is said to be away', async () => {
    const [element, session] = await mount();
    const select = part<HTMLSelectElement>(element, '[part=microphone] select');
    expect(select.options.length).to.be.at.least(3);
    const wanted = select.options[2]?.value ?? '';
    select.value = wanted;
    select.dispatchEvent(new Event('change'));
    await element.updateComplete;
    expect(session.calls).to.deep.equal(['recover']);
    expect(localStorage.getItem('prospect-live:microphone')).to.equal(wanted);
    expect(await accessibilityProblems(element)).to.deep.equal([]);
    chooseMicrophone('gone');
    element.requestUpdate();
    await element.updateComplete;
    expect(part(element, '[part=microphone] [role=status]').textContent).to.contain('is not there');
    expect(await accessibilityProblems(element)).to.deep.equal([]);
  });
});
