/** Runs in the page of `npm run bench -- --panel`: the panel as it is, its real session and model, and a relay in memory that tells of changes. */
import type { PayloadOf, RosterEntry } from '../../../relay/protocol/messages.ts';
import { ProspectListenPanel } from '../../../widgets/listen-panel/define.ts';
import { ListeningSession } from '../../../widgets/sessions/listening-session.ts';
import { FakePeers, FakePlayer } from '../../../widgets/sessions/testing/fake-media.ts';
import { admin, FakeRelay } from '../../../widgets/sessions/testing/fake-relay.ts';
import { FakePage } from '../../../widgets/shared/testing/fake-page.ts';

const FIRST = [
  'Léa',
  'Karim',
  'Nadia',
  'Jules',
  'Marie',
  'Omar',
  'Zoé',
  'Paul',
  'Inès',
  'Hugo',
  'Chloé',
  'Yanis',
  'Anouk',
];
const LAST = ['Martin', 'Bernard', 'Dubois', 'Haddad', 'Lefèvre', 'Moreau', 'Girard', 'Benali', 'Rousseau', 'Garnier'];
const STATUSES = [
  'live',
  'ready',
  'offline',
  'ready',
  'offline',
  'offline',
  'live',
  'ready',
  'paused',
  'offline',
] as const;
const LEVELS = [0, 1, 2, 3, 4] as const;

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

function entry(index: number, turn = 0): RosterEntry {
  const status = at(STATUSES, index + turn);
  return {
    id: `c${index}`,
    name: `${at(FIRST, index)} ${at(LAST, index * 7)} ${index}`,
    equipe: `Équipe ${(index % 12) + 1}`,
    status,
    interruption: null,
    liveForMs: status === 'live' || status === 'paused' ? 60_000 + index * 1000 : null,
    level: status === 'live' ? at(LEVELS, index + turn) : 0,
    listenerCount: status === 'live' ? index % 3 : 0,
    helpForMs: null,
  };
}

/** Resolves when what was rendered last has been painted: a message that is posted in a frame arrives after it. */
const painted = (): Promise<number> =>
  new Promise((resolve) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port2.onmessage = () => resolve(performance.now());
      port1.postMessage(null);
    }),
  );

const relay = new FakeRelay();
const peers = new FakePeers();
let turn = 0;

ProspectListenPanel.sessionFactory = () =>
  new ListeningSession<string>({
    relay,
    createPeer: peers.create,
    player: new FakePlayer(),
    volume: 0.8,
    rememberVolume: () => {},
    page: new FakePage(),
    log: () => {},
  });

const api = {
  /** Mounts a panel and gives it so many rows. @returns milliseconds until they are painted */
  async open(rows: number): Promise<number> {
    const start = performance.now();
    const panel = document.body.appendChild(document.createElement('prospect-listen-panel'));
    panel.token = 'token';
    await panel.updateComplete;
    relay.ready(admin('a1'));
    relay.emit('roster:snapshot', { commercials: Array.from({ length: rows }, (_, index) => entry(index)) });
    await panel.updateComplete;
    return (await painted()) - start;
  },
  /** So many messages a second: in each somebody's status changes, and the levels of ten who speak. */
  change(rows: number, perSecond: number): void {
    setInterval(() => {
      turn += 1;
      const moved = (turn * 37) % rows;
      const levels: PayloadOf<'roster:delta'>['levels'] = [];
      for (let i = 0; i < 10; i += 1) {
        const index = ((turn * 3 + i) * 10) % rows;
        if (index !== moved) levels.push({ id: `c${index}`, level: at(LEVELS, turn + i) });
      }
      relay.emit('roster:delta', { changed: [entry(moved, turn)], levels, removed: [] });
    }, 1000 / perSecond);
  },
  /** Who is heard has a voice that goes up and down. */
  async speak(): Promise<void> {
    const panel = document.querySelector('prospect-listen-panel');
    for (let wait = 0; panel?.state !== 'listening'; wait += 1) {
      if (wait === 100) throw new Error(`nobody is heard: the panel is ${panel?.state}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const voice = { packetsReceived: 0, duration: 0, energy: 0 };
    peers.last.counters = voice;
    setInterval(() => {
      voice.packetsReceived += 5;
      voice.duration += 0.1;
      voice.energy += 0.1 * 10 ** -(1 + 3 * Math.random());
    }, 100);
  },
  /** Milliseconds from each key to the paint that follows it. */
  keys: [] as number[],
  /** The same to the paint after that: by then the list has followed. */
  lists: [] as number[],
  /** How many rows there are. */
  rows: () => document.querySelector('prospect-listen-panel')?.shadowRoot?.querySelectorAll('.row').length ?? 0,
};

// The event's own time is that of the browser's input thread: what waits for the page is in it.
addEventListener('keydown', ({ timeStamp }) => void timeKey(timeStamp), true);

async function timeKey(begin: number): Promise<void> {
  api.keys.push((await painted()) - begin);
  api.lists.push((await painted()) - begin);
}

export type PanelBench = typeof api;
Object.assign(globalThis, { panelBench: api });
