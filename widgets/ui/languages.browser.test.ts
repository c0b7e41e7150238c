import { expect } from 'chai';
import { registerTexts, setLocale } from '../i18n/languages.ts';
import { ProspectListenPanel } from '../listen-panel/define.ts';
import { ProspectStreamButton } from '../stream-button/define.ts';
import { part, turn } from './testing/browser.ts';
import {
  FakeListeningSession,
  FakeStreamingSession,
  listeningStates,
  streamingStates,
} from './testing/fake-sessions.ts';

const factories = [ProspectStreamButton.sessionFactory, ProspectListenPanel.sessionFactory] as const;

async function mount<T extends 'prospect-stream-button' | 'prospect-listen-panel'>(tag: T, state: string, lang = '') {
  ProspectStreamButton.sessionFactory = () => new FakeStreamingSession(streamingStates()[state]);
  ProspectListenPanel.sessionFactory = () => new FakeListeningSession(listeningStates()[state]);
  const element = document.createElement(tag);
  if (lang) element.lang = lang;
  document.body.append(element);
  await element.updateComplete;
  return element;
}

/** Until a text is there, which is as long as a file takes to come. */
async function untilText(element: HTMLElement, selector: string, text: string): Promise<void> {
  for (let i = 0; i < 200 && part(element, selector).textContent !== text; i += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(part(element, selector).textContent).to.equal(text);
}

beforeEach(() => {
  document.documentElement.lang = 'en';
});

afterEach(async () => {
  document.body.replaceChildren();
  await setLocale(null);
  [ProspectStreamButton.sessionFactory, ProspectListenPanel.sessionFactory] = factories;
});

describe('languages in the page', () => {
  it('that are not in the bundle are loaded when an element first wants one, and it follows by itself', async () => {
    const panel = await mount('prospect-listen-panel', 'ready', 'es');
    await untilText(panel, 'h2', 'Comerciales');
    // The list's own code comes by itself.
    for (let i = 0; i < 200 && !panel.shadowRoot?.querySelector('.listen'); i += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const label = part(panel, '.listen[data-id=nadia]').getAttribute('aria-label');
    expect(label).to.equal('Escuchar a Nadia Benali');
    expect(part(panel, '.count').getAttribute('aria-label')).to.equal('2 oyentes');
  });

  it('may differ between two elements', async () => {
    const french = await mount('prospect-listen-panel', 'ready', 'fr-CA');
    const arabic = await mount('prospect-listen-panel', 'ready', 'ar-EG');
    await untilText(arabic, 'h2', 'المندوبون');
    expect(part(french, 'h2').textContent).to.equal('Commerciaux');
    expect(part(arabic, '.count').textContent).to.equal('٢');
    expect(part(arabic, '.count').getAttribute('aria-label')).to.equal('مستمعان');
  });

  it('are chosen by the host for the page, but for elements with a language of their own', async () => {
    const panel = await mount('prospect-listen-panel', 'ready');
    const own = await mount('prospect-listen-panel', 'ready', 'fr');
    await setLocale('es');
    await panel.updateComplete;
    await own.updateComplete;
    expect([part(panel, 'h2').textContent, part(own, 'h2').textContent]).to.deep.equal(['Comerciales', 'Commerciaux']);
    await setLocale(null);
    await panel.updateComplete;
    expect(part(panel, 'h2').textContent).to.equal('Reps');
  });

  it('take texts of the host, also while they are shown, and whole languages', async () => {
    const button = await mount('prospect-stream-button', 'ready', 'en-NZ');
    const label = () => part(button, '.fab').getAttribute('aria-label');
    expect(label()).to.equal('Share my audio live');
    registerTexts('en-NZ', { share: 'Go on air' });
    await button.updateComplete;
    expect(label()).to.equal('Go on air');
    registerTexts('pt-BR', async () => ({ default: { share: 'Transmitir ao vivo' } }));
    button.lang = 'pt';
    await turn();
    await button.updateComplete;
    await turn();
    expect(label()).to.equal('Transmitir ao vivo');
  });

  it('show what a host brings as text, never as markup', async () => {
    registerTexts('en-ZA', { title: '<img src=x onerror=alert(1)>' });
    const panel = await mount('prospect-listen-panel', 'ready', 'en-ZA');
    expect([part(panel, 'h2').textContent, part(panel, 'h2').childElementCount]).to.deep.equal([
      '<img src=x onerror=alert(1)>',
      0,
    ]);
  });
});
