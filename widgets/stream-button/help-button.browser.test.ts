import { expect } from 'chai';
import { part, turn } from '../ui/testing/browser.ts';
import { FakeStreamingSession, streamingStates } from '../ui/testing/fake-sessions.ts';
import { ProspectStreamButton } from './define.ts';

const { sessionFactory } = ProspectStreamButton;

async function mount(state: string): Promise<[ProspectStreamButton, FakeStreamingSession]> {
  const session = new FakeStreamingSession(streamingStates()[state]);
  ProspectStreamButton.sessionFactory = () => session;
  const element = document.body.appendChild(document.createElement('prospect-stream-button'));
  element.token = 't';
  await element.updateComplete;
  return [element, session];
}

afterEach(async () => {
  document.body.replaceChildren();
  await turn();
  ProspectStreamButton.sessionFactory = sessionFactory;
});

describe('asking for help by the button', () => {
  beforeEach(() => {
    document.documentElement.lang = 'en';
  });

  it('takes one press to ask and a second to take it back, and is pressed when the relay has confirmed', async () => {
    const [element, session] = await mount('live-alone');
    const button = part(element, '[part=help]');
    button.click();
    await element.updateComplete;
    expect(session.calls).to.deep.equal(['setHelp:true']);
    expect(button.getAttribute('aria-pressed')).to.equal('false');
    session.set({ helpSince: Date.now() });
    await element.updateComplete;
    expect(button.getAttribute('aria-pressed')).to.equal('true');
    expect(part(element, '[role=status]').textContent).to.contain('You have asked for help.');
    button.click();
    expect(session.calls).to.deep.equal(['setHelp:true', 'setHelp:false']);
    session.set({ helpSince: null, helpEnd: 'answered', listeners: [{ id: 'a1', name: 'Anne Moreau' }] });
    await element.updateComplete;
    expect(button.getAttribute('aria-pressed')).to.equal('false');
    expect(part(element, '[role=status]').textContent).to.contain('A manager is listening');
  });

  it('is there when connected and not live, and not without the relay', async () => {
    const [element, session] = await mount('ready');
    part(element, '.head').click();
    await element.updateComplete;
    part(element, '[part=help]');
    session.set({ online: false, status: 'connecting' });
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('[part=help]')).to.equal(null);
  });
});
