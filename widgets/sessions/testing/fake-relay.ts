import type { ListenerInfo, ParamsOf, PayloadOf, RequestName, ResultOf } from '../../../relay/protocol/messages.ts';
import type { LinkEvents, LinkStatus, PrepareMove, RelayLink } from '../../relay-client/relay-link.ts';
import { Emitter } from '../../shared/emitter.ts';
import { type Fault, ProspectError } from '../../shared/fault.ts';

type Answers = { [N in RequestName]: (params: ParamsOf<N>) => ResultOf<N> | Promise<ResultOf<N>> };

/** A relay link in memory: the test answers its requests and sends its notifications. */
export class FakeRelay implements RelayLink {
  readonly #events = new Emitter<LinkEvents>();
  /** Names of the requests so far, in order; with the parameters that tell two of a name apart. */
  readonly requests: string[] = [];
  /** Versions of `demand:changed` that were acknowledged. */
  readonly seen: number[] = [];
  prepareMove: PrepareMove | undefined;
  status: LinkStatus = 'connecting';
  session: PayloadOf<'session:ready'> | null = null;
  fault: Fault | null = null;
  token: string | null = 'token';
  checks = 0;
  /** How many of the requests wanted no answer. */
  sent = 0;
  /** Milliseconds that an answer takes at least. */
  slowMs = 0;
  /** What the relay says of this commercial's team. */
  voiceWithoutListeners = false;
  /** Whom the token of an admin expects. */
  expected: PayloadOf<'session:ready'>['expected'];
  /** The relay has a policy. */
  policy = true;
  readonly answers: Answers = {
    'session:refresh': () => ({
      tokenExpiresInMs: 1,
      user: commercial('c1'),
      iceServers: [],
      voiceWithoutListeners: this.voiceWithoutListeners,
    }),
    'publish:offer': () => ({ sdp: 'answer' }),
    'stream:start': () => ({ streamId: 's', liveForMs: 0 }),
    'demand:seen': ({ version }) => {
      this.seen.push(version);
      return {};
    },
    'stream:stop': () => ({}),
    'stream:stop-elsewhere': () => ({}),
    'stream:pause': () => ({}),
    'consent:give': () => ({}),
    'stream:capture': () => ({}),
    'stream:voice': () => ({}),
    'help:ask': ({ on }) => ({ askedForMs: on ? 0 : null }),
    'roster:pace': () => ({}),
    'listen:connect': () => ({ sdp: 'offer' }),
    'listen:answer': () => ({}),
    'listen:select': () => ({ status: 'live', liveForMs: 0 }),
    'listen:opening': () => ({}),
    'listen:stop': () => ({}),
    'listen:disconnect': () => ({}),
    'whisper:allow': () => ({}),
    'whisper:connect': () => ({ sdp: 'offer' }),
    'whisper:answer': () => ({}),
    'whisper:shown': () => ({}),
    'whisper:offer': () => ({ sdp: 'answer' }),
    'whisper:begin': () => ({ id: 'w1', limitMs: 30_000 }),
    'whisper:cue': () => ({}),
    'whisper:seen': () => ({}),
    'whisper:stop': () => ({}),
    'whisper:disconnect': () => ({}),
  };

  on<N extends keyof LinkEvents>(name: N, listener: (payload: LinkEvents[N]) => void): () => void {
    return this.#events.on(name, listener);
  }

  emit<N extends keyof LinkEvents>(name: N, payload: LinkEvents[N]): void {
    this.#events.emit(name, payload);
  }

  /** Sends the whole list of listeners, as at the start of a stream. */
  tellListeners(version: number, joined: ListenerInfo[]): void {
    this.emit('demand:changed', { version, since: null, joined, left: [] });
  }

  async request<N extends RequestName>(name: N, params: ParamsOf<N>): Promise<ResultOf<N>> {
    if (this.status !== 'online') throw new ProspectError('relay_unreachable', 'not connected');
    this.#note(name, params);
    const answer: Answers[N] = this.answers[name];
    return answer(params);
  }

  send<N extends RequestName>(name: N, params: ParamsOf<N>): void {
    if (this.status !== 'online') return;
    this.#note(name, params);
    this.sent += 1;
  }

  #note(name: RequestName, params: object): void {
    const { mode, paused, level, interruption, commercialId, again, hidden }: Record<string, unknown> = { ...params };
    const detail = mode ?? paused ?? level ?? interruption ?? commercialId ?? hidden;
    const words = [name, ...(detail === undefined ? [] : [detail]), ...(again ? ['again'] : [])];
    if (name !== 'demand:seen') this.requests.push(words.join(' '));
  }

  /** Takes the requests seen so far. */
  drain(): string[] {
    return this.requests.splice(0);
  }

  set(status: LinkStatus, fault: Fault | null = null): void {
    this.status = status;
    this.fault = fault;
    this.emit('status', status);
  }

  ready(user: PayloadOf<'session:ready'>['user'], resume: { resumed: boolean; hasMedia: boolean } | null = null): void {
    this.session = {
      sessionId: 'session',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      resumed: resume?.resumed ?? false,
      hasMedia: resume?.hasMedia ?? false,
      relayVersion: '0',
      protocol: 3,
      user,
      tokenExpiresInMs: 60_000,
      iceServers: [],
      demandLingerMs: 3_000,
      voiceWithoutListeners: this.voiceWithoutListeners,
      ...(this.expected && { expected: this.expected }),
      ...(this.policy && { policy: true }),
    };
    this.set('online');
    this.emit('session:ready', this.session);
  }

  patienceMs(usualMs: number): number {
    return Math.max(usualMs, this.slowMs);
  }

  setToken(token: string | null): void {
    this.token = token;
    if (!token) this.set('idle');
  }

  check(): void {
    this.checks += 1;
  }

  close(): void {
    this.set('closed');
  }
}

export const commercial = (id: string) => ({ role: 'commercial', id, name: id, equipe: 'nord' }) as const;
export const admin = (id: string): PayloadOf<'session:ready'>['user'] => ({
  role: 'admin',
  id,
  name: id,
  equipes: ['nord'],
});

/** A promise whose end the test decides. */
export function deferred<T>() {
  return Promise.withResolvers<T>();
}

/** Lets everything that is already due happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}
