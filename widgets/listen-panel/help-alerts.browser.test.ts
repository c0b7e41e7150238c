import { expect } from 'chai';
import { part, turn } from '../ui/testing/browser.ts';
import { commercial, FakeListeningSession, listeningStates } from '../ui/testing/fake-sessions.ts';
import { ProspectListenPanel } from './define.ts';
import { HelpAlerts } from './help-alerts.ts';
import { rendering } from './late-rendering.ts';

const { sessionFactory } = ProspectListenPanel;
const asking = (id: string) => commercial(id, { helpSince: 1 });

async function mount(): Promise<[ProspectListenPanel, FakeListeningSession]> {
  await rendering.get();
  const session = new FakeListeningSession(listeningStates().ready);
  ProspectListenPanel.sessionFactory = () => session;
  const element = document.body.appendChild(document.createElement('prospect-listen-panel'));
  element.token = 't';
  await element.updateComplete;
  return [element, session];
}

beforeEach(() => {
  localStorage.clear();
  document.documentElement.lang = 'en';
});

afterEach(async () => {
  document.body.replaceChildren();
  await turn();
  localStorage.clear();
  ProspectListenPanel.sessionFactory = sessionFactory;
});

describe('help in the panel', () => {
  it('is shown on the row, in a notice and in what is read out, and goes with the call', async () => {
    const [element, session] = await mount();
    session.set(listeningStates().help ?? {});
    await element.updateComplete;
    const flags = element.shadowRoot?.querySelectorAll('[part=help]') ?? [];
    expect(flags).to.have.length(2);
    expect(flags[0]?.getAttribute('aria-label')).to.match(/^Asks for help since /);
    const text = '\u2068Jules Lefèvre\u2069 and \u2068Léa Dubois\u2069 ask for help.';
    const plain = (given: string | null) => given?.replaceAll(/[\u2066-\u2069]/g, '') ?? '';
    expect(plain(part(element, '[part=notice]').textContent)).to.equal(plain(text));
    expect(plain(part(element, '[role=status]').textContent)).to.contain(plain(text));
    session.set(listeningStates().ready ?? {});
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('[part=notice], [part=help]')).to.equal(null);
  });

  it('is told without notice when the bell is off, which is remembered', async () => {
    const [element, session] = await mount();
    session.set(listeningStates().help ?? {});
    await element.updateComplete;
    const bell = part(element, '[part=help-alerts]');
    expect(bell.getAttribute('aria-pressed')).to.equal('true');
    bell.click();
    await element.updateComplete;
    expect(bell.getAttribute('aria-pressed')).to.equal('false');
    expect(element.shadowRoot?.querySelector('[part=notice]')).to.equal(null);
    expect(element.shadowRoot?.querySelectorAll('[part=help]')).to.have.length(2);
    expect(new HelpAlerts().on).to.equal(false);
    bell.click();
    expect(new HelpAlerts().on).to.equal(true);
  });

  it('sounds once for whoever is new, not for those who asked before the page came, nor when it is off', () => {
    let sounds = 0;
    const alerts = new HelpAlerts(() => {
      sounds += 1;
    });
    alerts.look([]);
    alerts.look([asking('lea'), commercial('karim')]);
    expect(sounds).to.equal(0);
    alerts.look([asking('lea'), asking('karim')]);
    alerts.look([asking('lea'), asking('karim')]);
    expect(sounds).to.equal(1);
    alerts.look([commercial('lea'), asking('karim')]);
    alerts.look([asking('lea'), asking('karim')]);
    expect(sounds).to.equal(2);
    alerts.toggle();
    alerts.look([asking('lea'), asking('karim'), asking('zoe')]);
    expect(sounds).to.equal(2);
  });

  it('makes its sound with the browser’s own means', async () => {
    const made: AudioContextState[] = [];
    const { AudioContext: Original } = window;
    window.AudioContext = class extends Original {
      constructor() {
        super();
        made.push(this.state);
      }
    };
    const alerts = new HelpAlerts();
    alerts.look([commercial('lea')]);
    alerts.look([asking('lea')]);
    await turn();
    alerts.close();
    window.AudioContext = Original;
    expect(made).to.have.length(1);
  });
});
