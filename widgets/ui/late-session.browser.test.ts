import { expect } from 'chai';
import { ProspectListenPanel } from '../listen-panel/define.ts';
import type { ListeningSessionOptions } from '../sessions/create-listening-session.ts';
import type { StreamingSessionOptions } from '../sessions/create-streaming-session.ts';
import type { ListeningControl, StreamingControl } from '../sessions/state.ts';
import { ProspectStreamButton } from '../stream-button/define.ts';
import { part, turn } from './testing/browser.ts';
import { FakeListeningSession, FakeStreamingSession } from './testing/fake-sessions.ts';

const factories = [ProspectStreamButton.sessionFactory, ProspectListenPanel.sessionFactory] as const;

afterEach(async () => {
  document.body.replaceChildren();
  await turn();
  [ProspectStreamButton.sessionFactory, ProspectListenPanel.sessionFactory] = factories;
});

/** A button whose session's code is under way. */
async function waitingButton() {
  const session = new FakeStreamingSession();
  const coming = Promise.withResolvers<StreamingControl>();
  const opened: StreamingSessionOptions[] = [];
  ProspectStreamButton.sessionFactory = (options) => {
    opened.push(options);
    return coming.promise;
  };
  const element = new ProspectStreamButton();
  element.token = 't1';
  document.body.append(element);
  await element.updateComplete;
  const arrive = async () => {
    session.set({ status: 'ready' });
    coming.resolve(session);
    await turn();
    await element.updateComplete;
  };
  return { element, session, coming, opened, arrive };
}

describe('a session whose code is under way', () => {
  it('is being connected to, and made once', async () => {
    const { element, session, opened, arrive } = await waitingButton();
    expect(element.state).to.equal('connecting');
    element.token = 't2';
    await element.updateComplete;
    await arrive();
    expect([opened.length, element.state]).to.deep.equal([1, 'ready']);
    expect(session.calls).to.deep.equal(['setToken:t2']);
  });

  it('takes a press when it is there; until then the button is starting', async () => {
    const { element, session, arrive } = await waitingButton();
    part(element, '[part=button]').click();
    await element.updateComplete;
    expect(element.state).to.equal('starting');
    expect(session.calls).to.deep.equal([]);
    await arrive();
    expect(session.calls).to.deep.equal(['start']);
  });

  it('takes no press that was taken back', async () => {
    const { element, session, arrive } = await waitingButton();
    const started = element.start();
    await element.updateComplete;
    await element.stop();
    await started;
    expect(element.state).to.equal('connecting');
    await arrive();
    expect(session.calls).to.deep.equal([]);
  });

  it('is closed when the element has gone, and its connection is told at once', async () => {
    const { element, session, opened, arrive } = await waitingButton();
    const started = element.start();
    element.remove();
    await turn();
    await started;
    expect(opened[0]?.signal.aborted).to.equal(true);
    await arrive();
    expect(session.calls).to.deep.equal(['close']);
    expect(element.state).to.equal('idle');
  });

  it('that cannot be made is told in words', async () => {
    const { element, coming } = await waitingButton();
    coming.reject(new Error('no such thing here'));
    await turn();
    await element.updateComplete;
    expect(part(element, '[part=fault]').textContent).to.not.equal('');
  });

  it('gets what the host has set of the panel meanwhile', async () => {
    const session = new FakeListeningSession();
    const coming = Promise.withResolvers<ListeningControl>();
    let options: ListeningSessionOptions | undefined;
    ProspectListenPanel.sessionFactory = (given) => {
      options = given;
      return coming.promise;
    };
    const element = new ProspectListenPanel();
    element.token = 't1';
    element.volume = 0.5;
    document.body.append(element);
    await element.updateComplete;
    element.volume = 0.25;
    element.muted = true;
    element.expected = [{ id: 'a', name: 'A' }];
    void element.listen('a');
    expect([options?.volume, options?.muted, element.volume, element.muted]).to.deep.equal([0.5, false, 0.25, true]);
    coming.resolve(session);
    await turn();
    expect(session.calls).to.include.members(['setVolume:0.25', 'setMuted:true', 'listen:a']);
    expect([element.volume, element.muted]).to.deep.equal([0.25, true]);
  });
});
