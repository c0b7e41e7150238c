import { expect } from 'chai';
import { ProspectListenPanel } from '../listen-panel/define.ts';
import { ProspectStreamButton } from '../stream-button/define.ts';
import {
  commercial,
  FakeListeningSession,
  FakeStreamingSession,
  listeningStates,
  streamingStates,
} from './testing/fake-sessions.ts';

/** A name that would run a script, were it taken for HTML. */
const HOSTILE = '<img src=x onerror="window.hostileRan = true"><b id="hostile">Eve</b>';

const button = ProspectStreamButton.sessionFactory;
const panel = ProspectListenPanel.sessionFactory;

afterEach(() => {
  document.body.replaceChildren();
  ProspectStreamButton.sessionFactory = button;
  ProspectListenPanel.sessionFactory = panel;
});

async function shadowOf(tag: string): Promise<ShadowRoot> {
  const element = document.createElement(tag);
  element.setAttribute('token', 't');
  document.body.append(element);
  if (!(element instanceof ProspectListenPanel || element instanceof ProspectStreamButton))
    throw new Error('not upgraded');
  await element.updateComplete;
  if (!element.shadowRoot) throw new Error('no shadow root');
  return element.shadowRoot;
}

async function isText(root: ShadowRoot): Promise<void> {
  // Long enough for an image that cannot be loaded to say so.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(root.textContent).to.include(HOSTILE);
  expect(root.querySelector('img, #hostile')).to.equal(null);
  expect('hostileRan' in window).to.equal(false);
}

describe('names from tokens', () => {
  it('are text in the panel: name, team, dock', async () => {
    const hostile = commercial('eve', { name: HOSTILE, equipe: HOSTILE, status: 'live', startedAt: Date.now() });
    ProspectListenPanel.sessionFactory = () =>
      new FakeListeningSession({
        ...listeningStates().listening,
        commercials: [hostile],
        selected: hostile,
        selectedId: 'eve',
      });
    await isText(await shadowOf('prospect-listen-panel'));
  });

  it('are text in the button’s bubble', async () => {
    ProspectStreamButton.sessionFactory = () =>
      new FakeStreamingSession({ ...streamingStates().live, listeners: [{ id: 'eve', name: HOSTILE }] });
    await isText(await shadowOf('prospect-stream-button'));
  });
});
