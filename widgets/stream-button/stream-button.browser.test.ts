import { expect } from 'chai';
import type { ProspectErrorEvent, ProspectStateChangeEvent } from '../events/prospect-events.ts';
import type { StreamingSessionOptions } from '../sessions/create-streaming-session.ts';
import { accessibilityProblems, HOSTILE_CSS, overflowing, part, setTheme, turn } from '../ui/testing/browser.ts';
import { FakeStreamingSession, streamingStates } from '../ui/testing/fake-sessions.ts';
import { ProspectStreamButton } from './define.ts';

const { sessionFactory, clock } = ProspectStreamButton;
/** Each press of a test is a person's next one, a second after the last. */
let now = 0;
let sessions: FakeStreamingSession[] = [];
let opened: StreamingSessionOptions[] = [];

async function mount(state = 'ready', attributes = ''): Promise<[ProspectStreamButton, FakeStreamingSession]> {
  ProspectStreamButton.sessionFactory = (options) => {
    opened.push(options);
    const session = new FakeStreamingSession(streamingStates()[state]);
    sessions.push(session);
    return session;
  };
  document.body.insertAdjacentHTML(
    'beforeend',
    `<prospect-stream-button token="t" ${attributes}></prospect-stream-button>`,
  );
  const element = document.body.lastElementChild;
  if (!(element instanceof ProspectStreamButton)) throw new Error('not upgraded');
  await element.updateComplete;
  const [session] = sessions;
  if (!session) throw new Error('no session');
  return [element, session];
}

beforeEach(() => {
  ProspectStreamButton.clock = () => {
    now += 1_000;
    return now;
  };
  document.documentElement.lang = 'fr';
});

afterEach(async () => {
  document.body.replaceChildren();
  document.head.querySelector('style[data-test]')?.remove();
  document.documentElement.removeAttribute('style');
  await turn();
  sessions = [];
  opened = [];
  ProspectStreamButton.sessionFactory = sessionFactory;
  ProspectStreamButton.clock = clock;
});

describe('<prospect-stream-button>', () => {
  for (const theme of ['light', 'dark'] as const) {
    for (const state of Object.keys(streamingStates())) {
      it(`is accessible: ${state}, ${theme}`, async () => {
        setTheme(theme);
        const [element] = await mount(state);
        expect(await accessibilityProblems(element)).to.deep.equal([]);
        part(element, '.head').click();
        expect(await accessibilityProblems(element)).to.deep.equal([]);
      });
    }
  }

  it('shows its state as a read-only attribute', async () => {
    const [element, session] = await mount('ready');
    expect(element.getAttribute('state')).to.equal('ready');
    session.set(streamingStates().live ?? {});
    expect([element.getAttribute('state'), element.state]).to.deep.equal(['live', 'live']);
    expect(element.listeners.map(({ name }) => name)).to.deep.equal(['Anne Moreau']);
    expect(element.startedAt).to.be.a('number');
  });

  it('starts, stops and recovers by a press, and turns red only when the session says so', async () => {
    const [element, session] = await mount('ready');
    const button = part(element, '.fab');
    button.click();
    await element.updateComplete;
    expect(session.calls).to.deep.equal(['start']);
    expect(button.getAttribute('aria-pressed')).to.equal('false');
    session.set(streamingStates().live ?? {});
    await element.updateComplete;
    expect(button.getAttribute('aria-pressed')).to.equal('true');
    expect(getComputedStyle(button).backgroundColor).to.be.oneOf(['rgb(220, 38, 38)', 'rgb(37, 99, 235)']);
    button.click();
    session.set(streamingStates()['needs-tap'] ?? {});
    await element.updateComplete;
    button.click();
    expect(session.calls).to.deep.equal(['start', 'stop', 'recover']);
  });

  it('is red with a badge only while sound can be heard', async () => {
    const red = 'rgb(220, 38, 38)';
    for (const [state, { status }] of Object.entries(streamingStates())) {
      const [element] = await mount(state);
      const { backgroundColor } = getComputedStyle(part(element, '.fab'));
      const badge = element.shadowRoot?.querySelector('[part=badge]');
      expect([backgroundColor === red, badge instanceof HTMLElement], state).to.deep.equal(
        status === 'live' ? [true, true] : [false, false],
      );
      element.remove();
      await turn();
      sessions = [];
    }
  });

  it('leaves a way to stop where the round button does something else', async () => {
    const [element, session] = await mount('needs-tap');
    const stop = [...(element.shadowRoot?.querySelectorAll('button') ?? [])].at(-1);
    expect(stop?.textContent).to.equal('Arrêter');
    stop?.click();
    expect(session.calls).to.deep.equal(['stop']);
  });

  it('explains itself where a press can do nothing', async () => {
    const [element, session] = await mount('idle');
    const button = part(element, '.fab');
    expect(button.getAttribute('aria-disabled')).to.equal('true');
    button.click();
    await element.updateComplete;
    expect(session.calls).to.deep.equal([]);
    expect(part(element, '.body').textContent).to.contain('En attente');
  });

  it('pauses with one tap, open or collapsed', async () => {
    const [element, session] = await mount('live');
    part(element, '[part=pause]').click();
    part(element, '.head').click();
    await element.updateComplete;
    expect(part(element, '[part=pause]').getAttribute('aria-label')).to.equal('Pause confidentielle');
    part(element, '[part=pause]').click();
    session.set({ status: 'paused' });
    await element.updateComplete;
    part(element, '[part=pause]').click();
    expect(session.calls).to.deep.equal(['setPaused:true', 'setPaused:true', 'setPaused:false']);
  });

  it('keeps a collapsed bubble collapsed, until there is something new to say', async () => {
    const [element, session] = await mount('live');
    const head = part(element, '.head');
    expect(head.getAttribute('aria-expanded')).to.equal('true');
    head.focus();
    head.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await element.updateComplete;
    expect(head.getAttribute('aria-expanded')).to.equal('false');
    session.set({ status: 'reconnecting' });
    await element.updateComplete;
    expect(head.getAttribute('aria-expanded')).to.equal('false');
    session.set(streamingStates()['needs-tap'] ?? {});
    await element.updateComplete;
    expect(head.getAttribute('aria-expanded')).to.equal('true');
    expect(element.shadowRoot?.activeElement).to.equal(head);
  });

  it('announces states in words with the time of the start, without the clock', async () => {
    const [element] = await mount('live');
    const text = part(element, '[role=status]').textContent ?? '';
    expect(text).to.contain('En direct').and.contain('Anne Moreau vous écoute');
    expect(text)
      .to.match(/En direct depuis \d\d:\d\d\. +Anne/)
      .and.not.contain('12:3');
    expect(part(element, '.body p').textContent).to.match(/^En direct depuis \d\d:\d\d$/);
    expect(part(element, 'time').textContent).to.match(/^12:3\d$/);
  });

  it('names every listener, however many: the list scrolls, also by keyboard', async () => {
    const many = Array.from({ length: 60 }, (_, index) => ({ id: `a${index}`, name: `Camille Personne ${index + 1}` }));
    for (const status of ['live', 'paused', 'reconnecting'] as const) {
      const [element] = await mount('live');
      sessions.at(-1)?.set({ status, listeners: many });
      await element.updateComplete;
      const body = part(element, '.body');
      for (const { name } of many) expect(body.textContent).to.contain(name);
      expect(body.scrollHeight).to.be.greaterThan(body.clientHeight);
      body.focus();
      expect(element.shadowRoot?.activeElement).to.equal(body);
      expect(await accessibilityProblems(element)).to.deep.equal([]);
      element.remove();
      await turn();
    }
  });

  it('names who has just left, also while the bubble is closed', async () => {
    const [element, session] = await mount('live-alone');
    session.set({ recentListeners: [{ id: 'a', name: 'Anna' }] });
    await element.updateComplete;
    expect(part(element, '.body').textContent).to.contain('Anna a écouté.');
    expect(part(element, '[role=status]').textContent).to.contain('Anna a écouté.');
    part(element, '.head').click();
    await element.updateComplete;
    expect(part(element, '[part=title]').textContent).to.equal('Anna a écouté.');
  });

  it('speaks the language of itself, of the page, and changes with it', async () => {
    const [element] = await mount('ready');
    const label = () => part(element, '.fab').getAttribute('aria-label');
    expect(label()).to.equal('Diffuser mon audio en direct');
    document.documentElement.lang = 'en-GB';
    await turn();
    expect(label()).to.equal('Share my audio live');
    element.lang = 'fr';
    await turn();
    expect(label()).to.equal('Diffuser mon audio en direct');
    element.removeAttribute('lang');
    const outer = document.body.appendChild(document.createElement('div'));
    outer.lang = 'fr-CA';
    outer.attachShadow({ mode: 'open' }).append(element);
    await turn();
    expect(label()).to.equal('Diffuser mon audio en direct');
    outer.lang = 'en';
    await turn();
    expect(label()).to.equal('Share my audio live');
  });

  it('follows the language of whatever is around it, through shadow trees', async () => {
    const [element] = await mount('ready');
    const label = () => part(element, '.fab').getAttribute('aria-label');
    const outer = document.body.appendChild(document.createElement('div'));
    const middle = outer.attachShadow({ mode: 'open' }).appendChild(document.createElement('div'));
    const inner = middle.appendChild(document.createElement('div'));
    inner.attachShadow({ mode: 'open' }).append(element);
    for (const [around, language, expected] of [
      [outer, 'en', 'Share my audio live'],
      [middle, 'fr', 'Diffuser mon audio en direct'],
      [inner, 'en', 'Share my audio live'],
    ] as const) {
      around.lang = language;
      await turn();
      expect(label(), language).to.equal(expected);
    }
  });

  it('tells the host by events that bubble out of shadow trees', async () => {
    const [element, session] = await mount('ready');
    const seen: string[] = [];
    const note = (text: string) => seen.push(text);
    const onState = ({ detail }: ProspectStateChangeEvent) => note(`${detail.previous}>${detail.state}`);
    const onError = ({ code, message, recoverable }: ProspectErrorEvent) => note(`${code} ${message} ${recoverable}`);
    const host = document.body;
    host.addEventListener('prospect-state-change', onState);
    host.addEventListener('prospect-error', onError);
    host.addEventListener('prospect-token-expiring', ({ expiresInMs }) => note(`expiring ${expiresInMs}`), {
      once: true,
    });
    session.set({ status: 'starting' });
    const fault = { code: 'microphone_not_found', message: 'none' };
    session.set({ status: 'ready', fault });
    session.set({ level: 2 });
    session.expire(60_000);
    host.removeEventListener('prospect-state-change', onState);
    host.removeEventListener('prospect-error', onError);
    expect(seen).to.deep.equal([
      'ready>starting',
      'starting>ready',
      'microphone_not_found Cet appareil n’a pas de micro, ou il n’est pas branché. Branchez-en un, puis touchez de nouveau. true',
      'expiring 60000',
    ]);
    expect(element.state).to.equal('ready');
  });

  it('hands over its attributes, refreshes a token in place, and opens anew at another address', async () => {
    const [element, session] = await mount('ready', 'relay-url="https://relay.example:8443" debug');
    expect(opened[0]).to.include({ token: 't', relayUrl: 'https://relay.example:8443' });
    expect(opened[0]?.isDebug()).to.equal(true);
    element.setAttribute('token', 't2');
    await element.updateComplete;
    expect(session.calls).to.deep.equal(['setToken:t2']);
    expect(sessions).to.have.length(1);
    element.relayUrl = 'https://other.example';
    await element.updateComplete;
    expect(session.calls).to.deep.equal(['setToken:t2', 'close']);
    expect(opened[1]).to.include({ token: 't2', relayUrl: 'https://other.example' });
    expect(session.subscribers).to.equal(0);
  });

  it('keeps its session when it is moved, and closes it when it is removed', async () => {
    const [element, session] = await mount('live');
    const box = document.body.appendChild(document.createElement('div'));
    box.append(element);
    await turn();
    expect(session.calls).to.deep.equal([]);
    expect(element.state).to.equal('live');
    element.remove();
    await turn();
    expect(session.calls).to.deep.equal(['close']);
    expect([element.state, session.subscribers]).to.deep.equal(['idle', 0]);
    document.body.append(element);
    await element.updateComplete;
    expect(sessions).to.have.length(2);
  });

  it('leaves nothing after being mounted and removed fifty times', async () => {
    for (let round = 0; round < 50; round += 1) {
      await mount('live');
      document.body.replaceChildren();
      await turn();
    }
    expect(sessions).to.have.length(50);
    for (const session of sessions) expect([session.calls, session.subscribers]).to.deep.equal([['close'], 0]);
  });

  it('opens nothing when it is removed before its first update', async () => {
    const element = document.createElement('prospect-stream-button');
    ProspectStreamButton.sessionFactory = () => {
      throw new Error('must not open');
    };
    document.body.append(element);
    element.remove();
    await element.updateComplete;
  });

  it('blocks going live while disabled, and never pausing or stopping', async () => {
    const [element, session] = await mount('ready', 'disabled');
    const button = part<HTMLButtonElement>(element, '.fab');
    button.click();
    expect([session.calls, button.disabled]).to.deep.equal([[], true]);
    element.disabled = false;
    session.set(streamingStates().live ?? {});
    await element.updateComplete;
    element.disabled = true;
    await element.updateComplete;
    expect([session.calls, element.state]).to.deep.equal([[], 'live'], 'it ends no stream');
    button.click();
    part(element, '[part=pause]').click();
    expect(session.calls).to.deep.equal(['stop', 'setPaused:true']);
  });

  it('does by methods what its buttons do', async () => {
    const [element, session] = await mount('ready');
    await element.start();
    await element.pause();
    await element.resume();
    session.set({ needsTap: true });
    await element.resume();
    await element.stop();
    expect(session.calls).to.deep.equal(['start', 'setPaused:true', 'setPaused:false', 'recover', 'stop']);
  });

  it('keeps its looks in a hostile page', async () => {
    const [reference] = await mount('live');
    const looks = (element: ProspectStreamButton) => {
      const style = getComputedStyle(part(element, '[part=title]'));
      const box = part(element, '.fab').getBoundingClientRect();
      return [
        style.color,
        style.font,
        style.letterSpacing,
        style.textTransform,
        style.textIndent,
        box.width,
        box.right,
        box.bottom,
      ];
    };
    const expected = looks(reference);
    reference.remove();
    const style = document.head.appendChild(document.createElement('style'));
    style.dataset.test = '';
    style.textContent = HOSTILE_CSS;
    const [element] = await mount('live');
    expect(looks(element)).to.deep.equal(expected);
    expect(part(element, '.fab').getBoundingClientRect().right).to.equal(window.innerWidth - 16);
  });

  it('stays within a window of 320 px, and stands inline where asked', async () => {
    const frame = document.body.appendChild(document.createElement('div'));
    // A transformed box is what "fixed" refers to inside: a window of 320 px.
    frame.style.cssText = 'width: 320px; height: 600px; transform: translate(0)';
    for (const state of Object.keys(streamingStates())) {
      const [element] = await mount(state);
      frame.append(element);
      await element.updateComplete;
      const right = frame.getBoundingClientRect().right;
      expect(
        overflowing(element, '.fab, .bubble.open, .bubble.open *:not(.sr)', right, right - 320),
        state,
      ).to.deep.equal([]);
      element.remove();
      await turn();
      sessions = [];
    }
    const [inline] = await mount('live', 'placement="inline"');
    expect(getComputedStyle(inline).position).to.equal('relative');
  });

  it('has targets of at least 44 px', async () => {
    const [element] = await mount('needs-tap');
    for (const button of element.shadowRoot?.querySelectorAll('button') ?? []) {
      const { width, height } = button.getBoundingClientRect();
      expect(Math.min(width, height)).to.be.at.least(44);
    }
  });
});
