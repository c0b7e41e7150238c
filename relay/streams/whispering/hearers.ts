import type { AudioSource } from '../../media/media.ts';
import type { StreamSeal } from '../../protocol/stream-seal.ts';
import { MAX_HEARERS, type Whisperer } from '../../protocol/whisper-messages.ts';
import type { Session } from '../session.ts';
import type { TellHearers } from './whisper-home.ts';

/** What is told of a page. */
type Page = Pick<Session, 'notify'>;

/** An admin's page that may hear a whisper just now. */
export interface Candidate<S extends Page = Session> {
  readonly session: S;
  readonly admin: Whisperer;
}

/** What is heard by others too. */
export interface HearersOptions<S extends Page = Session> {
  readonly id: string;
  readonly by: Whisperer;
  readonly commercialId: string;
  readonly source: AudioSource;
  readonly seal: StreamSeal | null;
  readonly ears: { hear(session: S, source: AudioSource | null): void };
  /** Tells the page of who speaks; it answers with `seen`. */
  readonly tell: TellHearers;
}

interface Member {
  readonly admin: Whisperer;
  /** The first version with them, without a gap since. */
  readonly since: number;
  passed: boolean;
}

/**
 * The other admins who hear one whisper, where the policy lets them. The voice is passed on to nobody before the page of who speaks has said that it
 * shows them, and no longer than they may hear it.
 */
export class Hearers<S extends Page = Session> {
  readonly #options: HearersOptions<S>;
  readonly #members = new Map<S, Member>();
  readonly #everyone = new Set<string>();
  #version = 0;
  /** The newest that the page of who speaks shows. */
  #seen = 0;
  #ended = false;

  constructor(options: HearersOptions<S>) {
    this.#options = options;
  }

  /** The ids of all to whom it was ever passed on. */
  get everyone(): readonly string[] {
    return [...this.#everyone];
  }

  /** Those who may hear it now: who is among them no more hears nothing more, at once. */
  look(candidates: readonly Candidate<S>[]): void {
    if (this.#ended) return;
    const now = new Map(candidates.slice(0, MAX_HEARERS).map(({ session, admin }) => [session, admin]));
    let changed = false;
    for (const [session, member] of [...this.#members]) {
      const admin = now.get(session);
      // Under another name they are not shown yet.
      if (admin && admin.id === member.admin.id && admin.name === member.admin.name) continue;
      this.#drop(session, member);
      changed = true;
    }
    for (const [session, admin] of now) {
      if (this.#members.has(session)) continue;
      this.#members.set(session, { admin, since: this.#version + 1, passed: false });
      changed = true;
    }
    if (!changed) return;
    this.#version += 1;
    this.#options.tell(
      this.#version,
      [...this.#members.values()].map(({ admin }) => admin),
    );
  }

  /** The page of who speaks shows this version, and so those of it who are still there. Late, or of none that was told, it means nothing. */
  seen(version: number): void {
    if (this.#ended || version <= this.#seen || version > this.#version) return;
    this.#seen = version;
    const { id, by, commercialId, source, seal, ears } = this.#options;
    for (const [session, member] of this.#members) {
      if (member.passed || member.since > version) continue;
      member.passed = true;
      this.#everyone.add(member.admin.id);
      session.notify('whisper:overheard', { commercialId, whisper: { id, by, ...(seal && { e2ee: seal }) } });
      ears.hear(session, source);
    }
  }

  /** It is over. Idempotent. */
  end(): void {
    this.#ended = true;
    for (const [session, member] of [...this.#members]) this.#drop(session, member);
  }

  #drop(session: S, { passed }: Member): void {
    this.#members.delete(session);
    if (!passed) return;
    const { commercialId, ears } = this.#options;
    ears.hear(session, null);
    session.notify('whisper:overheard', { commercialId, whisper: null });
  }
}
