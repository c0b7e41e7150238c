import type { Logger } from '../logger.ts';
import { type AuditPolicy, DEFAULT_AUDIT_POLICY, EVERY_TEAM } from './policy-schema.ts';
import { PolicyError, problemText, type ReadPolicy, readPolicyFile } from './read-policy.ts';
import { NO_POLICY, policyOf, type TeamPolicy } from './team-policy.ts';

/** The policy that holds now: read at the start, and anew when the relay is told to. */
export class PolicySource {
  readonly #path: string | null;
  readonly #logger: Logger;
  readonly #listeners = new Set<(policy: ReadPolicy) => void>();
  readonly #byTeam = new Map<string, TeamPolicy>();
  #read: ReadPolicy | null;

  /** @param path null: there is no policy. @throws PolicyError when the file cannot be used */
  constructor(path: string | null, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
    this.#read = path === null ? null : readPolicyFile(path);
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
    const policy = policyOf(this.#read.file, name);
    this.#byTeam.set(name, policy);
    return policy;
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
      read = readPolicyFile(this.#path);
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
}
