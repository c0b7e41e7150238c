import type { ListenerInfo, PayloadOf } from '../../relay/protocol/messages.ts';
import type { MicrophonePermission } from '../audio/microphone-permission.ts';
import type { RelayLink } from '../relay-client/relay-link.ts';
import type { Page } from '../shared/page.ts';
import type { PageMemory } from '../shared/storage.ts';
import { ListenedToday } from './listened-today.ts';
import { LiveMemory } from './live-memory.ts';
import { SignallingWatch } from './signalling-watch.ts';
import type { StreamingState } from './state.ts';
import type { StreamingPhase } from './streaming-status.ts';

/** The part of a stream's state that is kept here. */
export type AsideState = Pick<StreamingState, 'elsewhere' | 'ended' | 'uncertain' | 'listenedToday' | 'asking'>;

export interface StreamingAsideOptions {
  readonly relay: RelayLink;
  readonly memory: PageMemory;
  readonly permission: MicrophonePermission;
  readonly page: Page;
  commit(patch: Partial<AsideState>): void;
  /** Tells the relay again who is shown. @returns whether it answered */
  ask(): Promise<boolean>;
}

/** What the session is at. */
export interface AsideFacts {
  readonly phase: StreamingPhase;
  /** Whose stream it is. */
  readonly streamer: string | null;
  readonly listeners: readonly ListenerInfo[];
}

/** What a commercial's page tells beside its own stream: their other page, what a reload ended, who listened, what it cannot know. */
export class StreamingAside {
  readonly #options: StreamingAsideOptions;
  readonly #live: LiveMemory;
  readonly #today: ListenedToday;
  readonly #watch: SignallingWatch;
  readonly #stop: readonly (() => void)[];
  #leaving = false;

  constructor(options: StreamingAsideOptions) {
    this.#options = options;
    const { relay, memory, page, commit, ask } = options;
    this.#live = new LiveMemory(memory);
    this.#today = new ListenedToday(memory, (listenedToday) => commit({ listenedToday }));
    this.#watch = new SignallingWatch({
      ask,
      onChange: (uncertain) => commit({ uncertain }),
      onSilent: () => relay.check(),
    });
    this.#stop = [
      relay.on('stream:elsewhere', ({ status, liveForMs }) => {
        const elsewhere = status && { status, startedAt: Date.now() - (liveForMs ?? 0) };
        commit({ elsewhere });
      }),
      page.listen((event) => {
        this.#leaving ||= event === 'leaving';
      }),
    ];
  }

  /** The page has a connection. @param begins nothing of this user runs or is under way here */
  ready({ user }: PayloadOf<'session:ready'>, begins: boolean): void {
    this.#today.use(user.id);
    const ended = begins && this.#live.wasLive(user.id) ? 'reload' : null;
    this.#options.commit(ended ? { elsewhere: null, ended } : { elsewhere: null });
  }

  /** Call it after every change. */
  look({ phase, streamer, listeners }: AsideFacts): void {
    const { relay, page, commit } = this.#options;
    const live = phase === 'live';
    const online = relay.status === 'online';
    if (!online) commit({ elsewhere: null });
    if (live && streamer) this.#live.live(streamer);
    this.#today.only(live ? listeners : []);
    this.#watch.look({ claims: live && listeners.length > 0 && !page.hidden, online });
  }

  /** The relay knows that these are shown. */
  shown(listeners: readonly ListenerInfo[]): void {
    this.#today.shown(listeners);
  }

  /** The user wants to be live. */
  starts(microphone: Promise<unknown>, signal: AbortSignal): void {
    const { commit, permission } = this.#options;
    let given = false;
    commit({ ended: null });
    const end = (): void => {
      given = true;
      commit({ asking: false });
    };
    microphone.then(end, end);
    void permission.granted().then((granted) => {
      if (!granted && !given && !signal.aborted) commit({ asking: true });
    });
  }

  /** The stream is over; a page that goes away leaves it to the next one. @param ended why, when the user did not see to it here */
  ends(ended: AsideState['ended'] = null): void {
    if (this.#leaving) this.#live.left();
    else this.#live.ended();
    this.#options.commit({ ended, asking: false });
  }

  /** Idempotent. */
  close(): void {
    for (const stop of this.#stop) stop();
    this.#watch.close();
    this.#live.left();
  }
}
