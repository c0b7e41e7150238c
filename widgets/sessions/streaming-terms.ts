import type { ListenerInfo, PayloadOf } from '../../relay/protocol/messages.ts';
import type { RelayLink } from '../relay-client/relay-link.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import type { Choices } from '../shared/storage.ts';
import type { StreamingPolicy } from './policy-state.ts';
import { tell } from './relay-use.ts';

/** How long it is shown that the policy has ended a listening. */
const ENDED_SHOWN_MS = 60_000;

/** What the terms of a stream work with. */
export interface StreamingTermsOptions {
  readonly relay: RelayLink;
  readonly log: DebugLog;
  /** What this browser keeps: which text somebody has acknowledged here. */
  readonly choices: Choices;
  /** @param policy null: there is none */
  readonly commit: (policy: StreamingPolicy | null) => void;
  /** Who listens now. */
  readonly listeners: () => readonly ListenerInfo[];
}

const NOTHING: StreamingPolicy = Object.freeze({
  open: true,
  notice: null,
  consent: null,
  consentChanged: false,
  purposes: Object.freeze([]),
  time: null,
  warnings: Object.freeze([]),
  ended: null,
});

/**
 * What the relay's policy asks of a commercial's page. A person is asked once for each version of a text: what they have acknowledged is kept in
 * the browser, and told to a relay that does not know it.
 */
export class StreamingTerms {
  readonly #options: StreamingTermsOptions;
  readonly #stopRelay: readonly (() => void)[];
  #policy: StreamingPolicy = NOTHING;
  #tag = '';
  #userId = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: StreamingTermsOptions) {
    this.#options = options;
    const { relay } = options;
    this.#stopRelay = [
      relay.on('session:ready', ({ user, policy }) => {
        const known = policy && user.id === this.#userId;
        this.#userId = user.id;
        if (known || this.#policy === NOTHING) return;
        this.#policy = NOTHING;
        options.commit(null);
      }),
      relay.on('policy:changed', (terms) => this.#changed(terms)),
      relay.on('policy:warning', ({ reason, endsInMs, adminId = null }) => {
        const others = this.#policy.warnings.filter((each) => each.adminId !== adminId);
        this.#set({ warnings: [...others, { reason, adminId, at: Date.now() + endsInMs }] });
      }),
      relay.on('policy:time', ({ commercialId: _, ...time }) => this.#set({ time: { ...time, toldAt: Date.now() } })),
      relay.on('policy:ended', (end) => this.#ended(end)),
    ];
  }

  /** The version that this user has acknowledged here and the policy asks for; null: none. For a session that knows nothing of it. */
  get acknowledged(): string | null {
    const { consent } = this.#policy;
    return consent?.text && consent.given ? consent.version : null;
  }

  /** The person has read the text, and says so. */
  acknowledge(version: string): void {
    const { consent } = this.#policy;
    const { relay, log, choices } = this.#options;
    choices.write(this.#name, version);
    if (consent?.version === version) this.#set({ consent: { ...consent, given: true }, consentChanged: false });
    void tell(relay, log, 'consent:give', { version });
  }

  /** The stream is over, and with it what was said of its end. */
  streamOver(): void {
    if (this.#policy.warnings.length > 0) this.#set({ warnings: [] });
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stopRelay) stop();
  }

  get #name(): string {
    return `consent:${this.#options.relay.session?.user.id}`;
  }

  #changed({ tag, open, notice, consent, teams }: PayloadOf<'policy:changed'>): void {
    const kept = this.#options.choices.read(this.#name);
    this.#set({
      ...(tag !== this.#tag && NOTHING),
      open,
      notice,
      consent,
      consentChanged: consent !== null && !consent.given && kept !== null && kept !== consent.version,
      purposes: teams.flatMap(({ purposes }) => purposes),
    });
    this.#tag = tag;
    if (consent?.text && !consent.given && kept === consent.version) this.acknowledge(kept);
  }

  #ended({ adminId, reason }: PayloadOf<'policy:ended'>): void {
    const name = this.#options.listeners().find(({ id }) => id === adminId)?.name || adminId;
    const warnings = this.#policy.warnings.filter((each) => each.adminId !== adminId);
    this.#set({ ended: { name, reason }, warnings });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#set({ ended: null }), ENDED_SHOWN_MS);
  }

  #set(patch: Partial<StreamingPolicy>): void {
    this.#policy = Object.freeze({ ...this.#policy, ...patch });
    this.#options.commit(this.#policy);
  }
}
