import { expect } from 'chai';
import { part } from '../ui/testing/browser.ts';
import { FakeListeningSession, listeningStates } from '../ui/testing/fake-sessions.ts';
import { ProspectListenPanel } from './define.ts';
import { rendering } from './late-rendering.ts';
import { rowsOf, unmountPanels } from './testing/panel-scene.ts';

const { sessionFactory } = ProspectListenPanel;

afterEach(async () => {
  await unmountPanels();
  ProspectListenPanel.sessionFactory = sessionFactory;
});

describe('a panel whose list is under way', () => {
  it('says that it connects, tells failures, and shows everybody when the list is there', async () => {
    expect(rendering.here).to.equal(null);
    const session = new FakeListeningSession(listeningStates().ready);
    ProspectListenPanel.sessionFactory = () => session;
    document.documentElement.lang = 'en';
    const element = document.body.appendChild(document.createElement('prospect-listen-panel'));
    element.token = 't';
    await element.updateComplete;
    expect(part(element, '.words').textContent).to.equal('Connecting…');
    expect(part(element, '.live-count').textContent).to.contain('live');
    expect(element.shadowRoot?.querySelector('.list, [part=dock], [part=help-alerts]')).to.equal(null);
    session.set(listeningStates().refused ?? {});
    await element.updateComplete;
    expect(part(element, '[part=notice]').textContent).not.to.equal('');
    session.set(listeningStates().ready ?? {});
    await element.listen('nadia');
    expect(session.calls).to.include('listen:nadia');
    await rendering.get();
    await element.updateComplete;
    expect(rowsOf(element).length).to.equal(session.getState().commercials.length);
    expect(getComputedStyle(part(element, '.row')).display).to.equal('grid');
  });
});
