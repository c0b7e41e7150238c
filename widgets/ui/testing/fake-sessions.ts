/** Sessions without microphone or relay for the elements' tests: a test puts them in a state, and reads what the element asked. */
import { NOT_LISTENING } from '../../sessions/listening-parts.ts';
import type { ListeningPolicy, StreamingPolicy } from '../../sessions/policy-state.ts';
import type {
  Commercial,
  ExpectedPerson,
  ListeningControl,
  ListeningState,
  StreamingControl,
  StreamingState,
} from '../../sessions/state.ts';
import { NOT_STREAMING } from '../../sessions/streaming-parts.ts';
import { type EarState, NO_WHISPER, type WhisperState } from '../../sessions/whisper-state.ts';

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
    seen: (version: number) => void this.record(`seen:${version}`),
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

/** What the policy of these states says. */
const PURPOSES = [
  { id: 'training', label: { fr: 'Formation', en: 'Training', es: 'Formación', ar: 'تدريب' } },
  { id: 'quality', label: { fr: 'Qualité', en: 'Quality', es: 'Calidad', ar: 'جودة' } },
  { id: 'help', label: { fr: 'Aide', en: 'Help', es: 'Ayuda', ar: 'مساعدة' } },
] as const;
const CONSENT_TEXT = {
  fr: 'Pendant vos visites, un responsable de votre équipe peut vous écouter. Vous voyez toujours qui, et pourquoi.\nRien n’est enregistré. Vous pouvez faire une pause à tout moment.',
  en: 'During your visits an admin of your team may listen. You always see who, and why.\nNothing is recorded. You can pause at any time.',
  es: 'Durante tus visitas, un responsable de tu equipo puede escucharte. Siempre ves quién, y por qué.\nNo se graba nada. Puedes hacer una pausa en cualquier momento.',
  ar: 'أثناء زياراتك قد يستمع إليك أحد مسؤولي فريقك. ترى دائمًا من يستمع ولماذا.\nلا يُسجَّل شيء. يمكنك التوقف في أي وقت.',
} as const;

/** A policy as a commercial's page knows it. */
export function streamingPolicy(patch: Partial<StreamingPolicy> = {}): StreamingPolicy {
  return {
    open: true,
    notice: { tone: true, vibration: true, card: true },
    consent: { version: '2026-01', text: CONSENT_TEXT, given: true },
    consentChanged: false,
    purposes: PURPOSES.map(({ id, label }) => ({ id, label })),
    time: null,
    warnings: [],
    ended: null,
    ...patch,
  };
}

/** What has to be pressed for a state to be seen, the first that is there, until the last selector finds something; by the state's name. */
export const PRESSED: Readonly<Record<string, readonly [presses: readonly string[], shown: string]>> = {
  'microphone-test': [['.head[aria-expanded=false]', '[part=microphone-test] button'], '.hearing'],
  'live-sealed': [['.head[aria-expanded=false]', '.sealed summary'], '.sealed[open]'],
  'consent-sheet': [['[part=button]'], 'dialog[open]'],
  'door-card': [['[part=card]'], 'dialog[open]'],
  'door-card-minded': [['[part=card]'], 'dialog[open]'],
  'purpose-picker': [['.listen'], 'dialog[open]'],
  sealed: [['.sealed summary'], '.sealed[open]'],
};

const EAR: EarState = { voice: 'off', cues: true, failed: false, speaking: null, ended: null, cue: null };
const MAY_WHISPER: WhisperState = { ...NO_WHISPER, voice: true, cues: true };

/** States of the button that differ in what they show, by name. */
export function streamingStates(now = Date.now()): Readonly<Record<string, Partial<StreamingState>>> {
  const anna = { id: 'a1', name: 'Anne Moreau' };
  const live = { status: 'live', online: true, startedAt: now - 754_000, sending: true, listeners: [anna] } as const;
  const asked = { version: '2026-02', text: CONSENT_TEXT, given: false };
  const time = { heardMs: 25 * 60_000, leftMs: 35 * 60_000, running: true, toldAt: now };
  const heard = { ...live, listeners: [{ ...anna, purpose: 'training' }] };
  return {
    idle: { status: 'idle' },
    refused: { status: 'idle', fault: { code: 'token_expired', message: 'expired' } },
    connecting: { status: 'connecting' },
    unreachable: { status: 'connecting', fault: { code: 'relay_unreachable', message: 'no answer' } },
    ready: { status: 'ready', online: true },
    'microphone-test': { status: 'ready', online: true },
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
    'live-ear': { ...live, ear: EAR },
    'live-earpiece': { ...live, ear: { ...EAR, voice: 'on' } },
    'live-whisper': { ...live, ear: { ...EAR, voice: 'on', speaking: { id: 'w1', by: anna } } },
    'live-echo': { ...live, ear: { ...EAR, voice: 'on', ended: { by: anna, reason: 'echo' } } },
    'live-cue': {
      ...live,
      ear: { ...EAR, cue: { id: 'k1', by: anna, text: 'Demandez-lui la date du devis.' } },
    },
    'live-newcomer': { ...live, newListeners: [anna] },
    'live-sealed': { ...live, sealed: true },
    'key-missing': { status: 'ready', online: true, fault: { code: 'e2ee_key_missing', message: 'no key' } },
    'live-uncertain': { ...live, online: false, uncertain: true },
    'consent-wanted': { status: 'ready', online: true, policy: streamingPolicy({ consent: asked }) },
    'consent-sheet': {
      status: 'ready',
      online: true,
      policy: streamingPolicy({ consent: asked, consentChanged: true }),
    },
    'policy-live': { ...heard, policy: streamingPolicy({ time }) },
    'policy-ending': {
      ...heard,
      policy: streamingPolicy({
        time: { ...time, leftMs: 3 * 60_000 },
        warnings: [
          { reason: 'policy_hours', at: now + 300_000, adminId: null },
          { reason: 'policy_time_used', at: now + 180_000, adminId: anna.id },
        ],
      }),
    },
    'policy-listening-over': {
      ...live,
      listeners: [],
      sending: false,
      policy: streamingPolicy({ time: { ...time, running: false }, ended: { name: anna.name, reason: 'policy_time' } }),
    },
    'policy-over': {
      status: 'ready',
      online: true,
      policy: streamingPolicy(),
      fault: { code: 'policy_hours', message: 'over' },
    },
    'door-card': { ...heard, policy: streamingPolicy() },
    'door-card-minded': { ...heard, status: 'paused', objection: true, policy: streamingPolicy() },
    'policy-minded': { ...heard, status: 'paused', objection: true, policy: streamingPolicy() },
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
  const policy: ListeningPolicy = {
    teams: ['Nord', 'Sud'].map((equipe) => ({ equipe, purposes: PURPOSES.map(({ id, label }) => ({ id, label })) })),
    times: [
      {
        commercialId: 'nadia',
        heardMs: 12 * 60_000,
        leftMs: 18 * 60_000,
        running: true,
        toldAt: now,
        byAll: { heardMs: 25 * 60_000, leftMs: 35 * 60_000 },
      },
    ],
    own: [{ commercialId: 'jules', reason: 'policy_time', until: now + 600_000 }],
    warning: null,
  };
  const barred = commercials.map((one, i): Commercial => {
    if (i === 3) return { ...one, barred: { reason: 'policy_full', until: null } };
    if (i === 4) return { ...one, barred: { reason: 'policy_hours', until: now + 15 * 3_600_000 } };
    if (i === 5) return { ...one, barred: { reason: 'policy_protected', until: null } };
    return i === 2 ? { ...one, barred: { reason: 'policy_time_used', until: now + 9 * 3_600_000 } } : one;
  });
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
    sealed: { ...heard, status: 'listening', sealed: true },
    'cannot-decrypt': { ...heard, status: 'listening', fault: { code: 'e2ee_cannot_decrypt', message: 'other key' } },
    devices: {
      ...ready,
      commercials: commercials.map((one, i) => ([0, 1, 3].includes(i) ? { ...one, device: true } : one)),
    },
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
    barred: { ...ready, commercials: barred, policy },
    'purpose-picker': { ...ready, policy },
    'policy-listening': {
      ...heard,
      status: 'listening',
      purpose: 'training',
      policy: { ...policy, warning: { reason: 'policy_time_used', at: now + 180_000, adminId: null } },
    },
    'policy-over': { ...ready, policy, fault: { code: 'policy_time', message: 'over' } },
    'may-whisper': { ...heard, status: 'listening', userId: 'a1', whisper: MAY_WHISPER },
    'may-not-whisper': { ...heard, status: 'listening', userId: 'a1', whisper: { ...MAY_WHISPER, voice: false } },
    whispering: {
      ...heard,
      status: 'listening',
      userId: 'a1',
      whisper: {
        ...MAY_WHISPER,
        by: { id: 'a1', name: 'Anne Moreau' },
        phase: 'speaking',
        endsAt: performance.now() + 1_000_000,
      },
    },
    'others-whisper': {
      ...heard,
      status: 'listening',
      userId: 'a1',
      whisper: { ...MAY_WHISPER, by: { id: 'b1', name: 'Bruno Petit' } },
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
