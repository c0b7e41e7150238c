/** Sessions without microphone or relay for the elements' tests: a test puts them in a state, and reads what the element asked. */
import { NOT_LISTENING } from '../../sessions/listening-parts.ts';
import type {
  Commercial,
  ExpectedPerson,
  ListeningControl,
  ListeningState,
  StreamingControl,
  StreamingState,
} from '../../sessions/state.ts';
import { NOT_STREAMING } from '../../sessions/streaming-parts.ts';

/** State that a test sets, and a record of the calls. */
class FakeSession<S extends object> {
  /** What the element asked for, in order: `name` or `name:argument`. */
  readonly calls: string[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #expiring = new Set<(ms: number) => void>();
  #state: S;

  constructor(initial: S) {
    this.#state = initial;
  }

  /** Subscriptions that were not ended. */
  get subscribers(): number {
    return this.#listeners.size + this.#expiring.size;
  }

  getState(): S {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onTokenExpiring(listener: (ms: number) => void): () => void {
    this.#expiring.add(listener);
    return () => this.#expiring.delete(listener);
  }

  /** Puts the session in a state, and tells the element. */
  set(patch: Partial<S>): void {
    this.#state = Object.freeze({ ...this.#state, ...patch });
    for (const listener of this.#listeners) listener();
  }

  /** Lets the token come near its end. */
  expire(ms: number): void {
    for (const listener of this.#expiring) listener(ms);
  }

  setToken(token: string | null): void {
    this.calls.push(`setToken:${token}`);
  }

  close(): void {
    this.calls.push('close');
  }

  protected async record(call: string): Promise<void> {
    this.calls.push(call);
  }
}

/** A streaming session in a test's hands. */
export class FakeStreamingSession extends FakeSession<StreamingState> implements StreamingControl {
  constructor(patch: Partial<StreamingState> = {}) {
    super({ ...NOT_STREAMING, ...patch });
  }
  start = () => this.record('start');
  stop = () => this.record('stop');
  stopElsewhere = () => this.record('stopElsewhere');
  recover = () => this.record('recover');
  setHelp = (on: boolean) => this.record(`setHelp:${on}`);
  setPaused = (paused: boolean, reason?: string) => this.record(`setPaused:${paused}${reason ? `:${reason}` : ''}`);
  acknowledge = (version: string) => void this.record(`acknowledge:${version}`);
  readonly ear = {
    setVoice: (on: boolean) => void this.record(`setVoice:${on}`),
    setCues: (on: boolean) => void this.record(`setCues:${on}`),
    stop: () => void this.record('stopVoice'),
    shown: (id: string) => void this.record(`shown:${id}`),
    closeCue: () => void this.record('closeCue'),
  };
}

/** A listening session in a test's hands. */
export class FakeListeningSession extends FakeSession<ListeningState> implements ListeningControl {
  constructor(patch: Partial<ListeningState> = {}) {
    super({ ...NOT_LISTENING, ...patch });
  }
  listen = (id: string, purpose?: string | null) => this.record(`listen:${id}${purpose ? `:${purpose}` : ''}`);
  stop = () => this.record('stop');
  readonly sound = {
    setLevelling: (levelling: boolean) => this.set({ levelling }),
    lookOutputs: () => this.record('lookOutputs'),
    setOutput: (id: string | null) => this.record(`setOutput:${id}`),
  };
  readonly whisper = {
    press: () => this.record('press'),
    release: () => void this.record('release'),
    send: (text: string) => this.record(`send:${text}`),
  };
  dismissReplaced = () => this.set({ replaced: null });
  warm = () => void this.record('warm');
  setExpected = (people: readonly ExpectedPerson[]) => void this.record(`setExpected:${people.map(({ id }) => id)}`);
  enableSound = () => this.record('enableSound');
  setVolume = (volume: number) => {
    this.set({ volume });
    void this.record(`setVolume:${volume}`);
  };
  setMuted = (muted: boolean) => {
    this.set({ muted });
    void this.record(`setMuted:${muted}`);
  };
}

/** A roster row; what the test does not say is that of somebody connected and silent. */
export function commercial(id: string, patch: Partial<Commercial> = {}): Commercial {
  return {
    id,
    name: id,
    equipe: 'Nord',
    status: 'ready',
    interruption: null,
    startedAt: null,
    level: 0,
    listenerCount: 0,
    helpSince: null,
    barred: null,
    device: false,
    ...patch,
  };
}

/** States of the button that differ in what they show, by name. */
export function streamingStates(now = Date.now()): Readonly<Record<string, Partial<StreamingState>>> {
  const anna = { id: 'a1', name: 'Anne Moreau' };
  const live = { status: 'live', online: true, startedAt: now - 754_000, sending: true, listeners: [anna] } as const;
  return {
    idle: { status: 'idle' },
    refused: { status: 'idle', fault: { code: 'token_expired', message: 'expired' } },
    connecting: { status: 'connecting' },
    unreachable: { status: 'connecting', fault: { code: 'relay_unreachable', message: 'no answer' } },
    ready: { status: 'ready', online: true },
    denied: { status: 'ready', online: true, fault: { code: 'microphone_denied', message: 'denied' } },
    replaced: { status: 'ready', online: true, replaced: true },
    starting: { status: 'starting', online: true },
    live: { ...live, level: 3 },
    'live-alone': { ...live, sending: false, listeners: [] },
    'live-many': {
      ...live,
      listeners: [anna, ...['Bruno Petit', 'Chloé Garnier', 'David Roux'].map((name) => ({ id: name, name }))],
    },
    paused: { ...live, status: 'paused' },
    interrupted: { ...live, status: 'interrupted', interruption: 'microphone' },
    'needs-tap': { ...live, status: 'interrupted', interruption: 'microphone', needsTap: true },
    reconnecting: { ...live, status: 'reconnecting', online: false },
    'refused-live': { ...live, status: 'reconnecting', online: false, fault: { code: 'token_expired', message: 'no' } },
    stopping: { ...live, status: 'stopping' },
    'live-help': { ...live, sending: false, listeners: [], helpSince: now - 40_000 },
    'live-answered': { ...live, helpEnd: 'answered' },
    elsewhere: { status: 'ready', online: true, elsewhere: { status: 'live', startedAt: now - 60_000 } },
    'elsewhere-paused': { status: 'ready', online: true, elsewhere: { status: 'paused', startedAt: now - 60_000 } },
    stopped: { status: 'ready', online: true, ended: 'stopped' },
    reloaded: { status: 'ready', online: true, ended: 'reload' },
    asking: { status: 'starting', online: true, asking: true },
    'live-newcomer': { ...live, newListeners: [anna] },
    'live-uncertain': { ...live, online: false, uncertain: true },
    'live-today': {
      ...live,
      listenedToday: [
        { id: 'b1', name: 'Bruno Petit', from: now - 7_200_000, ms: 754_000 },
        { id: 'a1', name: 'Anne Moreau', from: now - 700_000, ms: null },
      ],
    },
  };
}

/** A team in every state. */
export function team(now = Date.now()): readonly Commercial[] {
  const since = (minutes: number) => now - minutes * 60_000;
  return [
    commercial('nadia', { name: 'Nadia Benali', status: 'live', startedAt: since(12), level: 3, listenerCount: 2 }),
    commercial('jules', { name: 'Jules Lefèvre', equipe: 'Sud', status: 'live', startedAt: since(0.3), level: 0 }),
    commercial('marie', { name: 'Marie-Charlotte de La Rochefoucauld', status: 'paused', startedAt: since(65) }),
    commercial('omar', { name: 'Omar Haddad', status: 'interrupted', interruption: 'network', startedAt: since(4) }),
    commercial('lea', { name: 'Léa Dubois', equipe: 'Équipe Grand Ouest et Bretagne' }),
    commercial('paul', { name: 'Paul Martin' }),
    commercial('zoe', { name: 'Zoé Renard', equipe: 'Sud', status: 'offline' }),
  ];
}

/** States of the panel that differ in what they show, by name. */
export function listeningStates(now = Date.now()): Readonly<Record<string, Partial<ListeningState>>> {
  const commercials = team(now);
  const select = (index: number) => {
    const selected = commercials[index] ?? null;
    return { selected, selectedId: selected?.id ?? null };
  };
  const ready = { status: 'ready', online: true, commercials } as const;
  const heard = {
    ...ready,
    ...select(0),
    listeningSince: now - 133_000,
    quality: 'good',
    level: 0.7,
    volume: 0.8,
  } as const;
  const many = Array.from({ length: 24 }, (_, i) => commercial(`c${i}`, { name: `Camille Personne ${i + 1}` }));
  return {
    idle: { status: 'idle' },
    refused: { status: 'idle', fault: { code: 'token_audience_mismatch', message: 'aud' } },
    connecting: { status: 'connecting' },
    unreachable: { status: 'connecting', fault: { code: 'relay_unreachable', message: 'no answer' } },
    empty: { status: 'ready', online: true },
    ready,
    many: { ...ready, commercials: [...commercials, ...many] },
    waiting: { ...ready, ...select(4), status: 'waiting' },
    joining: { ...ready, ...select(0), status: 'joining' },
    listening: { ...heard, status: 'listening' },
    'listening-together': {
      ...heard,
      status: 'listening',
      others: ['Anne Moreau', 'Bruno Petit', 'Chloé Garnier'].map((name) => ({ id: name, name })),
    },
    poor: { ...heard, status: 'listening', quality: 'poor', muted: true },
    blocked: { ...heard, status: 'blocked' },
    paused: { ...heard, ...select(2), status: 'paused' },
    interrupted: { ...heard, ...select(3), status: 'interrupted' },
    reconnecting: { ...heard, status: 'reconnecting', online: false },
    'refused-live': {
      ...heard,
      status: 'reconnecting',
      online: false,
      fault: { code: 'token_expired', message: 'no' },
    },
    replaced: { ...ready, replaced: 'nadia' },
    partial: { ...ready, partial: true },
    help: {
      ...heard,
      status: 'listening',
      commercials: commercials.map((one, i) => (i % 3 === 1 ? { ...one, helpSince: now - 95_000 } : one)),
    },
  };
}
