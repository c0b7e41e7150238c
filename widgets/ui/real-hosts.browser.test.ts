import { expect } from 'chai';
import type { ProspectListenChangeEvent, ProspectStateChangeEvent } from '../events/prospect-events.ts';
import { ProspectListenPanel } from '../listen-panel/define.ts';
import type { ListeningSessionOptions } from '../sessions/create-listening-session.ts';
import type { StreamingSessionOptions } from '../sessions/create-streaming-session.ts';
import { ProspectStreamButton } from '../stream-button/stream-button.ts';
import '../stream-button/define.ts';
import { part, turn } from './testing/browser.ts';
import {
  FakeListeningSession,
  FakeStreamingSession,
  listeningStates,
  streamingStates,
} from './testing/fake-sessions.ts';

const factories = [ProspectStreamButton.sessionFactory, ProspectListenPanel.sessionFactory] as const;
let streaming: FakeStreamingSession[] = [];
let listening: FakeListeningSession[] = [];
let options: (StreamingSessionOptions | ListeningSessionOptions)[] = [];

beforeEach(() => {
  document.documentElement.lang = 'en';
  ProspectStreamButton.sessionFactory = (given) => {
    options.push(given);
    const session = new FakeStreamingSession(streamingStates().live);
    streaming.push(session);
    return session;
  };
  ProspectListenPanel.sessionFactory = (given) => {
    options.push(given);
    const session = new FakeListeningSession({ ...listeningStates().listening, muted: given.muted });
    listening.push(session);
    return session;
  };
});

afterEach(async () => {
  document.body.replaceChildren();
  await turn();
  [ProspectStreamButton.sessionFactory, ProspectListenPanel.sessionFactory] = factories;
  streaming = [];
  listening = [];
  options = [];
});

const TAGS = ['prospect-stream-button', 'prospect-listen-panel'] as const;
type Either = ProspectStreamButton | ProspectListenPanel;

async function mount(tag: (typeof TAGS)[number], into: Element = document.body): Promise<Either> {
  const element = document.createElement(tag);
  element.token = 't';
  element.setAttribute('relay-url', 'https://relay.example');
  into.append(element);
  await element.updateComplete;
  return element;
}

const sessions = () => [...streaming, ...listening];
/** What was made and what was asked of it since. */
const history = () => [sessions().length, ...sessions().flatMap(({ calls }) => calls)];

for (const tag of TAGS) {
  describe(`<${tag}> in use`, () => {
    const changes: Readonly<Record<string, (element: Either) => void>> = {
      'debug set': (element) => element.setAttribute('debug', ''),
      'debug set and taken away': (element) => {
        element.debug = true;
        element.debug = false;
      },
      'a slash at the end of relay-url': (element) => element.setAttribute('relay-url', 'https://relay.example/'),
      'relay-url in capitals': (element) => element.setAttribute('relay-url', 'HTTPS://RELAY.example'),
      'the default port in relay-url': (element) => element.setAttribute('relay-url', 'https://relay.example:443'),
      'white space around relay-url': (element) => element.setAttribute('relay-url', ' https://relay.example\n'),
      'relay-url as a property': (element) => {
        element.relayUrl = 'https://relay.example/';
      },
      'the same token again': (element) => element.setAttribute('token', 't'),
      'no token for a moment': (element) => {
        element.token = null;
        element.token = 't';
      },
      'other looks': (element) => {
        for (const name of ['lang', 'theme', 'placement', 'dock', 'class', 'style', 'title', 'hidden', 'id'])
          element.setAttribute(name, 'dark');
      },
    };
    for (const [what, change] of Object.entries(changes)) {
      it(`goes on with ${what}`, async () => {
        const element = await mount(tag);
        const { state } = element;
        const told: string[] = [];
        element.addEventListener('prospect-state-change', ({ state: now }) => told.push(now));
        change(element);
        await element.updateComplete;
        await turn();
        expect(history()).to.deep.equal([1]);
        expect([element.state, told]).to.deep.equal([state, []]);
      });
    }

    it('switches its log on and off', async () => {
      const element = await mount(tag);
      const isDebug = options[0]?.isDebug;
      expect(isDebug?.()).to.equal(false);
      element.setAttribute('debug', '');
      expect(isDebug?.()).to.equal(true);
      element.removeAttribute('debug');
      expect(isDebug?.()).to.equal(false);
    });

    it('opens anew at another relay', async () => {
      const element = await mount(tag);
      element.relayUrl = 'https://relay.example/other';
      await element.updateComplete;
      expect(history()).to.deep.equal([2, 'close']);
    });

    it('keeps `state` right when a morph takes it off or puts back an older one', async () => {
      const element = await mount(tag);
      const { state } = element;
      for (const change of [
        () => element.removeAttribute('state'),
        () => element.setAttribute('state', 'idle'),
        () => element.setAttribute('state', ''),
      ]) {
        change();
        await turn();
        expect([element.state, element.getAttribute('state')]).to.deep.equal([state, state]);
      }
      expect(history()).to.deep.equal([1]);
      element.remove();
      await turn();
      expect(element.getAttribute('state')).to.equal('idle');
    });

    it('tells its end when it is removed: on itself, and from where it stood', async () => {
      const section = document.body.appendChild(document.createElement('section'));
      const box = section.appendChild(document.createElement('div'));
      const element = await mount(tag, box);
      const { state } = element;
      const heard: string[] = [];
      const hear = (where: string) => (event: ProspectStateChangeEvent) => {
        heard.push(`${where}: ${event.previous} > ${event.state}`);
        expect(event.source).to.equal(element);
      };
      const onDocument = hear('document');
      element.addEventListener('prospect-state-change', hear('element'));
      box.addEventListener('prospect-state-change', hear('box'));
      section.addEventListener('prospect-state-change', hear('section'));
      document.addEventListener('prospect-state-change', onDocument);
      // With all that stands around it, as a router does.
      box.remove();
      await turn();
      document.removeEventListener('prospect-state-change', onDocument);
      expect(heard).to.deep.equal(['element', 'box', 'section', 'document'].map((one) => `${one}: ${state} > idle`));
    });

    it('keeps its styles in an iframe, and back, and when it was made for one', async () => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      const inner = frame.contentDocument?.body;
      if (!inner) throw new Error('no document');
      const element = await mount(tag);
      const root = () => getComputedStyle(part(element, '.root'));
      const look = root().fontSize + root().display + getComputedStyle(part(element, 'button')).minHeight;
      const same = () =>
        root().fontSize + root().display + getComputedStyle(part(element, 'button')).minHeight === look;
      inner.append(element);
      await element.updateComplete;
      expect(same()).to.equal(true);
      document.body.append(element);
      await element.updateComplete;
      expect(same()).to.equal(true);
      expect(history()).to.deep.equal([1]);
      const other = await mount(tag, inner);
      expect(getComputedStyle(part(other, 'button')).minHeight).to.equal('44px');
    });

    it('ends in a document without a window, where nobody sees it, and begins anew in one that has one', async () => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      const inFrame = (element: Element) => frame.contentDocument?.body.append(element);
      const popup = window.open('about:blank', '', 'width=200,height=200');
      if (!popup) throw new Error('no popup');
      const places: [name: string, enter: (element: Element) => void, leave: () => void][] = [
        ['a frame that is removed', inFrame, () => frame.remove()],
        ['a popup that is closed', (element) => popup.document.body.append(element), () => popup.close()],
        ['a document never shown', (element) => new Document().appendChild(element), () => undefined],
      ];
      for (const [name, enter, leave] of places) {
        const element = await mount(tag);
        const before = sessions().length;
        const session = sessions().at(-1);
        enter(element);
        leave();
        for (let i = 0; i < 150 && session?.calls.at(-1) !== 'close'; i++) await new Promise((r) => setTimeout(r, 20));
        expect([element.isConnected, element.state, session?.calls], name).to.deep.equal([true, 'idle', ['close']]);
        element.requestUpdate();
        await turn();
        expect(sessions().length, name).to.equal(before);
        document.body.append(element);
        await element.updateComplete;
        expect(sessions().length, name).to.equal(before + 1);
        element.remove();
        await turn();
      }
    });

    it('shows a failure in words, and no blank box, when its session cannot be made', async () => {
      const factory = () => {
        throw new TypeError('MediaStream is not a constructor');
      };
      ProspectStreamButton.sessionFactory = factory;
      ProspectListenPanel.sessionFactory = factory;
      const told: string[] = [];
      const onError = ({ code, reason }: { code: string; reason: string }) => told.push(`${code} ${reason}`);
      document.addEventListener('prospect-error', onError);
      const element = await mount(tag);
      element.requestUpdate();
      await element.updateComplete;
      document.removeEventListener('prospect-error', onError);
      expect(told).to.deep.equal(['unexpected TypeError: MediaStream is not a constructor']);
      expect(element.shadowRoot?.textContent).to.include('unexpected');
      expect(element.state).to.equal('idle');
    });
  });
}

describe('properties that were set before the class was there', () => {
  it('are taken over, and do not hide the panel’s own', async () => {
    const panel = document.createElement('late-panel') as ProspectListenPanel;
    Object.assign(panel, { token: 't', volume: 0.25, muted: true, state: 'listening', commercials: [] });
    document.body.append(panel);
    customElements.define('late-panel', class extends ProspectListenPanel {});
    await panel.updateComplete;
    expect(options[0]).to.include({ token: 't', volume: 0.25, muted: true });
    expect(
      ['volume', 'muted', 'state', 'commercials', 'token'].filter((name) => Object.hasOwn(panel, name)),
    ).to.deep.equal([]);
    expect([panel.muted, panel.state, panel.commercials.length > 0]).to.deep.equal([true, 'listening', true]);
    panel.muted = false;
    expect([panel.muted, listening[0]?.calls]).to.deep.equal([false, ['setMuted:false']]);
    await panel.updateComplete;
    expect(part(panel, '[part=mute]').getAttribute('aria-pressed')).to.equal('false');
  });

  it('are taken over by the button', async () => {
    const button = document.createElement('late-button') as ProspectStreamButton;
    Object.assign(button, { token: 't', disabled: true, startedAt: 1, listeners: [] });
    document.body.append(button);
    customElements.define('late-button', class extends ProspectStreamButton {});
    await button.updateComplete;
    expect(button.hasAttribute('disabled')).to.equal(true);
    expect(button.listeners).to.have.length(1);
    expect(button.startedAt).to.be.greaterThan(1);
  });

  it('count also between the definition and the document', async () => {
    const panel = document.createElement('prospect-listen-panel');
    panel.token = 't';
    panel.muted = true;
    expect(panel.muted).to.equal(true);
    document.body.append(panel);
    await panel.updateComplete;
    expect([options[0]?.token, panel.muted]).to.deep.equal(['t', true]);
  });
});

it('a button that is moved into a modal dialog goes on, and can be pressed there', async () => {
  const button = await mount('prospect-stream-button');
  const dialog = document.createElement('dialog');
  document.body.append(dialog);
  dialog.showModal();
  const underThePointer = () => {
    const { x, y, width, height } = part(button, '[part=pause]').getBoundingClientRect();
    return document.elementFromPoint(x + width / 2, y + height / 2);
  };
  dialog.append(button);
  await turn();
  await turn();
  await button.updateComplete;
  expect(underThePointer()).to.equal(button);
  document.body.append(button);
  dialog.close();
  await turn();
  await turn();
  expect(underThePointer()).to.equal(button);
  expect(history()).to.deep.equal([1]);
});

it('a panel that is removed tells that nobody is listened to any more', async () => {
  const heard: (string | null)[] = [];
  const onChange = ({ commercialId }: ProspectListenChangeEvent) => heard.push(commercialId);
  const panel = await mount('prospect-listen-panel');
  document.addEventListener('prospect-listen-change', onChange);
  panel.remove();
  await turn();
  document.removeEventListener('prospect-listen-change', onChange);
  expect(heard).to.deep.equal([null]);
});

describe('the language', () => {
  const title = (element: Either) => part(element, 'h2').textContent;
  for (const [lang, words] of [
    ['fr_FR', 'Commerciaux'],
    ['FR', 'Commerciaux'],
    ['fr-CA', 'Commerciaux'],
    ['fr_FR.UTF-8', 'Commerciaux'],
    ['en_GB', 'Reps'],
  ] as const) {
    it(`is understood as ${lang}`, async () => {
      document.documentElement.lang = lang.startsWith('fr') || lang === 'FR' ? 'en' : 'fr';
      const panel = await mount('prospect-listen-panel');
      panel.lang = lang;
      await panel.updateComplete;
      await turn();
      expect(title(panel)).to.equal(words);
    });
  }
  it('is that of what stands around where it is none in particular', async () => {
    document.documentElement.lang = 'fr';
    for (const none of ['', 'x-default', 'und']) {
      const box = document.body.appendChild(document.createElement('div'));
      box.lang = none;
      expect(title(await mount('prospect-listen-panel', box)), none).to.equal('Commerciaux');
    }
  });
});
