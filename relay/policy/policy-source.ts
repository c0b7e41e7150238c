import type { Logger } from '../logger.ts';
import { type AuditPolicy, DEFAULT_AUDIT_POLICY, EVERY_TEAM } from './policy-schema.ts';
import { PolicyError, problemText, type ReadPolicy, readPolicyFile } from './read-policy.ts';
import { NO_POLICY, policyOf, type TeamPolicy } from './team-policy.ts';

/** What a policy is read for. */
export interface PolicySourceOptions {
  /** Whether the audit trail is stored at all (`AUDIT_DIR`): a policy that stops without it needs it. */
  readonly trailIsStored?: boolean;
}

/** The policy that holds now: read at the start, and anew when the relay is told to. */
export class PolicySource {
  readonly #path: string | null;
  readonly #logger: Logger;
  readonly #trailIsStored: boolean;
  readonly #listeners = new Set<(policy: ReadPolicy) => void>();
  readonly #byTeam = new Map<string, TeamPolicy>();
  #read: ReadPolicy | null;
  #storageFails = false;

  /** @param path null: there is no policy. @throws PolicyError when the file cannot be used */
  constructor(path: string | null, logger: Logger, { trailIsStored = true }: PolicySourceOptions = {}) {
    this.#path = path;
    this.#logger = logger;
    this.#trailIsStored = trailIsStored;
    this.#read = path === null ? null : this.#readFile(path);
    if (this.#read) logger.info({ policy: path, digest: this.#read.digest }, 'policy loaded');
  }

  /** Whether there is one at all. */
  get exists(): boolean {
    return this.#read !== null;
  }

  /** SHA-256 of the file that holds; null without one. */
  get digest(): string | null {
    return this.#read?.digest ?? null;
  }

  /** The same for pages; null without one. */
  get tag(): string | null {
    return this.#read?.tag ?? null;
  }

  /** How the audit trail is kept. */
  get audit(): AuditPolicy {
    return this.#read?.file.audit ?? DEFAULT_AUDIT_POLICY;
  }

  /** The rules for commercials of this team. */
  of(team: string): TeamPolicy {
    if (!this.#read) return NO_POLICY;
    // Tokens name any number of teams, the file a few: those without rules of their own share those of `*`.
    const name = Object.hasOwn(this.#read.file.teams, team) ? team : EVERY_TEAM;
    const known = this.#byTeam.get(name);
    if (known) return known;
    const policy = policyOf(this.#read.file, name, this.#storageFails);
    this.#byTeam.set(name, policy);
    return policy;
  }

  /** Whether nobody may be heard just now, because the audit trail cannot be stored. */
  get stopped(): boolean {
    return this.#storageFails && this.audit.whenStorageFails === 'stop';
  }

  /** The audit trail can be stored no more, or again. @returns whether that changes who may be heard */
  storage(fails: boolean): boolean {
    const before = this.stopped;
    this.#storageFails = fails;
    this.#byTeam.clear();
    return before !== this.stopped;
  }

  /** Called after another policy than before has come into force. */
  onChange(listener: (policy: ReadPolicy) => void): void {
    this.#listeners.add(listener);
  }

  /** Reads the file anew. One that cannot be used changes nothing, and is said loudly. @returns whether what is in the file holds now */
  reload(): boolean {
    if (this.#path === null) return true;
    let read: ReadPolicy;
    try {
      read = this.#readFile(this.#path);
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      this.#logger.error(
        { policy: this.#path, problems: error.problems.map(problemText), kept: this.#read?.digest },
        'the policy file cannot be used; the policy from before stays in force',
      );
      return false;
    }
    const before = this.#read?.digest;
    this.#read = read;
    this.#byTeam.clear();
    this.#logger.info({ policy: this.#path, digest: read.digest, before }, 'policy loaded');
    if (before !== read.digest) for (const listener of this.#listeners) listener(read);
    return true;
  }

  #readFile(path: string): ReadPolicy {
    const read = readPolicyFile(path);
    if (read.file.audit.whenStorageFails !== 'stop' || this.#trailIsStored) return read;
    const message = 'stop needs AUDIT_DIR: this relay stores no audit trail, so that nobody could ever be heard';
    throw new PolicyError(path, [{ code: 'policy_value', path: 'audit.whenStorageFails', line: null, message }]);
  }
}
