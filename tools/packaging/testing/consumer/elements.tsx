/** A host page without a framework: what it may write, and what TypeScript must refuse. Compiled, never run. */
import {
  type Commercial,
  type ListeningStatus,
  ProspectListenPanel,
  ProspectRosterChangeEvent,
  type ProspectStreamButton,
  WIDGET_VERSION,
} from '@prospect-live/widgets';
import '@prospect-live/widgets/define';
import { ProspectListenPanel as Panel } from '@prospect-live/widgets/listen-panel';
import { ProspectListenPanel as DefinedPanel } from '@prospect-live/widgets/listen-panel/define';
import { ProspectStreamButton as BundledButton } from '@prospect-live/widgets/prospect-live.js';
import { ProspectStreamButton as Button } from '@prospect-live/widgets/stream-button';

const button = document.querySelector('prospect-stream-button');
const live: Promise<void> | undefined = button?.start();
const names: string[] | undefined = button?.listeners.map(({ name }) => name);
button?.addEventListener('prospect-error', (event) => {
  const code: string = event.code;
  const recoverable: boolean = event.detail.recoverable;
  console.log(code, recoverable);
});

const panel: ProspectListenPanel = document.createElement('prospect-listen-panel');
panel.volume = 0.5;
document.addEventListener('prospect-roster-change', ({ commercials }) => {
  const speaking: readonly Commercial[] = commercials.filter(({ level, status }) => status === 'live' && level > 0);
  const level: 0 | 1 | 2 | 3 | 4 | undefined = speaking[0]?.level;
  console.log(level);
});
const state: ListeningStatus = panel.state;

// @ts-expect-error: there is no such state
if (state === 'playing') console.log(state);
// @ts-expect-error: the state is told by the element, never to it
panel.state = 'listening';
// @ts-expect-error: it has another type
panel.volume = 'loud';
// @ts-expect-error: tests put their sessions there, hosts do not
Panel.sessionFactory;

const same: (typeof ProspectStreamButton)[] = [Button, BundledButton];
console.log(live, names, WIDGET_VERSION, same, DefinedPanel === Panel, new ProspectRosterChangeEvent([]).commercials);
console.log(panel instanceof ProspectListenPanel);
