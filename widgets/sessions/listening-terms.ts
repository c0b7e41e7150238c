import type { PayloadOf } from '../../relay/protocol/messages.ts';
import type { RelayLink } from '../relay-client/relay-link.ts';
import type { ListeningPolicy } from './policy-state.ts';

const NOTHING: ListeningPolicy = Object.freeze({
  teams: Object.freeze([]),
  times: new Map(),
  own: new Map(),
  warning: null,
});

/** What the relay's policy asks of an admin's page, and what it has said of their time. */
export class ListeningTerms {
  readonly #commit: (policy: ListeningPolicy | null) => void;
  readonly #stopRelay: readonly (() => void)[];
  #policy = NOTHING;
  #userId: string | null = null;

  constructor(relay: RelayLink, commit: (policy: ListeningPolicy | null) => void) {
    this.#commit = commit;
    this.#stopRelay = [
      relay.on('session:ready', ({ user }) => {
        if (this.#userId !== null && this.#userId !== user.id) this.forget();
        this.#userId = user.id;
      }),
      // What somebody could not do under the old one may be possible now.
      relay.on('policy:changed', ({ teams }) => this.#set({ teams, own: new Map() })),
      relay.on('policy:warning', ({ reason, endsInMs }) =>
        this.#set({ warning: { reason, adminId: null, at: Date.now() + endsInMs } }),
      ),
      relay.on('policy:time', ({ commercialId, ...time }) => {
        const own = new Map(this.#policy.own);
        if (time.running) own.delete(commercialId);
        this.#set({ times: new Map(this.#policy.times).set(commercialId, { ...time, toldAt: Date.now() }), own });
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
    for (const stop of this.#stopRelay) stop();
  }

  /** What concerns this admin alone: no row says it. */
  #ended({ commercialId, reason, againInMs }: PayloadOf<'listen:ended'>): void {
    if (reason !== 'policy_time' && reason !== 'policy_time_used') return;
    const until = againInMs === undefined ? null : Date.now() + againInMs;
    this.#set({ own: new Map(this.#policy.own).set(commercialId, { reason, until }), warning: null });
  }

  #set(patch: Partial<ListeningPolicy>): void {
    this.#policy = Object.freeze({ ...this.#policy, ...patch });
    this.#commit(this.#policy);
  }
}
