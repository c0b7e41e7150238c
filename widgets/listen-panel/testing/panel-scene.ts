/** What the panel's tests in a browser share. */
import { part, turn } from '../../ui/testing/browser.ts';
import { FakeListeningSession, listeningStates } from '../../ui/testing/fake-sessions.ts';
import { ProspectListenPanel } from '../define.ts';
import { rendering } from '../late-rendering.ts';

const { sessionFactory } = ProspectListenPanel;

/** Mounts a panel in one of the states of `listeningStates`, with a session in the test's hands. */
export async function mountPanel(
  state = 'ready',
  attributes = '',
): Promise<[ProspectListenPanel, FakeListeningSession]> {
  await rendering.get();
  const session = new FakeListeningSession(listeningStates()[state]);
  ProspectListenPanel.sessionFactory = () => session;
  document.documentElement.lang = 'fr';
  document.body.insertAdjacentHTML(
    'beforeend',
    `<prospect-listen-panel token="t" ${attributes}></prospect-listen-panel>`,
  );
  const element = document.body.lastElementChild;
  if (!(element instanceof ProspectListenPanel)) throw new Error('not upgraded');
  await element.updateComplete;
  return [element, session];
}

/** Takes all panels away again. */
export async function unmountPanels(): Promise<void> {
  document.body.replaceChildren();
  await turn();
  ProspectListenPanel.sessionFactory = sessionFactory;
}

/** The headphones of a row. */
export const headphones = (element: ProspectListenPanel, id: string): HTMLElement =>
  part(element, `.listen[data-id="${id}"]`);

/** The rows that are there. */
export const rowsOf = (element: ProspectListenPanel): readonly HTMLElement[] => [
  ...(element.shadowRoot?.querySelectorAll<HTMLElement>('.row') ?? []),
];

/** The names in the list, in its order. */
export const namesOf = (element: ProspectListenPanel): readonly (string | null | undefined)[] =>
  rowsOf(element).map((row) => row.querySelector('.name')?.textContent);

/** A frame was painted, and what it led to is rendered. */
export async function frame(element: ProspectListenPanel): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  await element.updateComplete;
}
