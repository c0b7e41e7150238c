import type { PayloadOf } from '../../relay/protocol/messages.ts';
import type { RelayLink } from '../relay-client/relay-link.ts';
import type { ListeningPolicy, Of } from './policy-state.ts';

const NOTHING: ListeningPolicy = Object.freeze({ teams: [], times: [], own: [], warning: null });
/** What a timer can wait for. */
const LONGEST_MS = 2 ** 31 - 1;

const without = <T>(list: readonly Of<T>[], id: string): readonly Of<T>[] =>
  list.filter(({ commercialId }) => commercialId !== id);

/** What the relay's policy asks of an admin's page, and what it has said of their time. */
export class ListeningTerms {
  readonly #commit: (policy: ListeningPolicy | null) => void;
  readonly #stopRelay: readonly (() => void)[];
  #policy = NOTHING;
  #userId: string | null = null;
  #tag = '';
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  constructor(relay: RelayLink, commit: (policy: ListeningPolicy | null) => void) {
    this.#commit = commit;
    this.#stopRelay = [
      relay.on('session:ready', ({ user, policy }) => {
        if (!policy || (this.#userId !== null && this.#userId !== user.id)) this.forget();
        this.#userId = user.id;
      }),
      // What somebody could not do under another one may be possible now.
      relay.on('policy:changed', ({ tag, teams }) => {
        this.#set(tag === this.#tag ? { teams } : { ...NOTHING, teams });
        this.#tag = tag;
      }),
      relay.on('policy:warning', ({ reason, endsInMs }) =>
        this.#set({ warning: { reason, adminId: null, at: Date.now() + endsInMs } }),
      ),
      relay.on('policy:time', (time) => {
        const { times, own } = this.#policy;
        const { commercialId, running } = time;
        this.#set({
          times: [...without(times, commercialId), { ...time, toldAt: Date.now() }],
          own: running ? without(own, commercialId) : own,
        });
      }),
      relay.on('listen:ended', (end) => this.#ended(end)),
    ];
  }

  /** Somebody else is selected, or nobody: the warning was of another listening. */
  turned(): void {
    if (this.#policy.warning) this.#set({ warning: null });
  }

  /** Another user: nothing that was said concerns them. */
  forget(): void {
    this.#userId = null;
    if (this.#policy === NOTHING) return;
    this.#policy = NOTHING;
    this.#commit(null);
  }

  /** Idempotent. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const stop of this.#stopRelay) stop();
  }

  /** What concerns this admin alone: no row says it. */
  #ended({ commercialId, reason, againInMs }: PayloadOf<'listen:ended'>): void {
    if (reason !== 'policy_time' && reason !== 'policy_time_used') return;
    const until = againInMs === undefined ? null : Date.now() + againInMs;
    const bar = { commercialId, reason, until };
    this.#set({ own: [...without(this.#policy.own, commercialId), bar], warning: null });
    if (againInMs === undefined) return;
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#set({ own: this.#policy.own.filter((each) => each !== bar) });
      },
      Math.min(againInMs, LONGEST_MS),
    );
    this.#timers.add(timer);
  }

  #set(patch: Partial<ListeningPolicy>): void {
    this.#policy = Object.freeze({ ...this.#policy, ...patch });
    this.#commit(this.#policy);
  }
}
