import { expect } from 'chai';
import { ProspectListenPanel } from '../listen-panel/define.ts';
import { rendering } from '../listen-panel/late-rendering.ts';
import { ProspectStreamButton } from '../stream-button/define.ts';
import { accessibilityProblems, turn } from './testing/browser.ts';
import {
  FakeListeningSession,
  FakeStreamingSession,
  listeningStates,
  streamingStates,
} from './testing/fake-sessions.ts';
import { found, reachable, rest } from './testing/reachable.ts';

const factories = [ProspectStreamButton.sessionFactory, ProspectListenPanel.sessionFactory] as const;
let streaming: FakeStreamingSession;
let listening: FakeListeningSession;

/** A live button and a panel that listens, in this HTML where it says `#here`. */
async function mount(html: string): Promise<[ProspectStreamButton, ProspectListenPanel]> {
  await rendering.get();
  streaming = new FakeStreamingSession(streamingStates().live);
  ProspectStreamButton.sessionFactory = () => streaming;
  listening = new FakeListeningSession(listeningStates().listening);
  ProspectListenPanel.sessionFactory = () => listening;
  document.body.insertAdjacentHTML('beforeend', html);
  const here = document.querySelector('#here') ?? document.body;
  here.insertAdjacentHTML('beforeend', '<prospect-stream-button token="t" lang="en"></prospect-stream-button>');
  here.insertAdjacentHTML(
    'beforeend',
    '<prospect-listen-panel token="t" lang="en" style="--prospect-dock-inset-block-end: 200px"></prospect-listen-panel>',
  );
  const button = document.querySelector('prospect-stream-button');
  const panel = document.querySelector('prospect-listen-panel');
  if (!button || !panel) throw new Error('not made');
  await Promise.all([button.updateComplete, panel.updateComplete]);
  // The layer's own part.
  await rest();
  await rest();
  return [button, panel];
}

const dialog = (id = 'd') => document.querySelector<HTMLDialogElement>(`#${id}`) as HTMLDialogElement;
const both = () => [reachable('.fab'), reachable('.dock [part=stop]')];

describe('button and dock over what covers the page', () => {
  afterEach(async () => {
    if (document.fullscreenElement) await document.exitFullscreen();
    document.body.replaceChildren();
    await turn();
    [ProspectStreamButton.sessionFactory, ProspectListenPanel.sessionFactory] = factories;
  });

  it('stay within reach of pointer and keyboard in a modal dialog, and come back', async () => {
    const [button, panel] = await mount(
      '<dialog id="d" style="overflow: hidden; transform: scale(0.9)"><button>ok</button></dialog>',
    );
    expect(both()).to.deep.equal([true, true]);
    const [home] = [found('.fab')?.getBoundingClientRect()];
    dialog().showModal();
    await rest();
    expect(both()).to.deep.equal([true, true]);
    expect(button.isConnected && button.parentElement === document.body).to.equal(true);
    const moved = found('.fab')?.getBoundingClientRect();
    expect([moved?.x, moved?.y, moved?.width]).to.deep.equal([home?.x, home?.y, home?.width]);
    found('.fab')?.click();
    expect(streaming.calls).to.deep.equal(['stop']);
    found('.fab')?.focus();
    expect(found('.fab')?.matches(':focus')).to.equal(true);
    streaming.set({ status: 'paused' });
    await button.updateComplete;
    expect(found('[part=title]')?.textContent).to.equal('Paused');
    expect(await accessibilityProblems(button)).to.deep.equal([]);
    dialog().close();
    await rest();
    expect(both()).to.deep.equal([true, true]);
    expect(button.shadowRoot?.querySelector('.fab') && panel.shadowRoot?.querySelector('.dock')).to.not.equal(null);
    expect(document.querySelectorAll('[popover]').length).to.equal(0);
  });

  it('go into the newest of several dialogs, out of one that is removed, and are left alone by one that is not modal', async () => {
    await mount('<dialog id="d">1<input></dialog><dialog id="e">2<input></dialog><dialog id="f">3</dialog>');
    dialog('f').show();
    await rest();
    expect(document.querySelectorAll('[popover]').length).to.equal(0);
    dialog('d').showModal();
    await rest();
    dialog('e').showModal();
    await rest();
    expect(both()).to.deep.equal([true, true]);
    expect(dialog('e').querySelectorAll('[popover]').length).to.equal(2);
    dialog('e').remove();
    await rest();
    expect(both()).to.deep.equal([true, true]);
    expect(dialog('d').querySelectorAll('[popover]').length).to.equal(2);
  });

  it('find a dialog in another component’s shadow tree', async () => {
    await mount('<div id="host"></div>');
    const root = document.querySelector('#host')?.attachShadow({ mode: 'open' });
    if (!root) throw new Error('no host');
    root.innerHTML = '<dialog><input></dialog>';
    root.querySelector('dialog')?.showModal();
    await rest();
    expect(both()).to.deep.equal([true, true]);
  });

  it('stay where they are in a dialog that they stand in', async () => {
    await mount('<dialog id="d"><div id="here"></div></dialog>');
    dialog().showModal();
    await rest();
    expect(both()).to.deep.equal([true, true]);
    expect(document.querySelectorAll('[popover]').length).to.equal(0);
  });

  it('are fixed in the window inside transformed, filtered and contained ancestors', async () => {
    for (const style of ['transform: translateX(0)', 'filter: blur(0)', 'contain: paint', 'will-change: transform']) {
      await mount(
        `<div id="here" style="position: absolute; top: 0; width: 300px; height: 100px; overflow: hidden; ${style}"></div>`,
      );
      await rest();
      expect(both(), style).to.deep.equal([true, true]);
      const box = found('.fab')?.getBoundingClientRect();
      expect(Math.round(innerHeight - (box?.bottom ?? 0)), style).to.equal(16);
      document.body.replaceChildren();
      await rest();
    }
  });

  it('leave nothing behind when the element goes while it is shown in a dialog', async () => {
    const [button, panel] = await mount('<dialog id="d"><input></dialog>');
    dialog().showModal();
    await rest();
    button.remove();
    panel.remove();
    await rest();
    expect(dialog().children.length).to.equal(1);
    expect(streaming.calls).to.deep.equal(['close']);
  });

  it('are gone when there is no dock any more, and there again with the next one', async () => {
    const [, panel] = await mount('<dialog id="d"><input></dialog>');
    dialog().showModal();
    await rest();
    listening.set({ selected: null, selectedId: null, status: 'ready', listeningSince: null });
    await panel.updateComplete;
    await rest();
    expect(found('.dock')).to.equal(null);
    expect(dialog().querySelectorAll('[popover]').length).to.equal(1);
    listening.set(listeningStates().listening ?? {});
    await panel.updateComplete;
    await rest();
    expect(both()).to.deep.equal([true, true]);
    found('.dock [part=stop]')?.click();
    expect(listening.calls.at(-1)).to.equal('stop');
  });
});
