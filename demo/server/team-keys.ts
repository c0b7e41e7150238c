import { randomBytes } from 'node:crypto';
import type { Person } from './people.ts';

/** One key of a team, as its people's pages get it. */
export interface SentKey {
  /** The number of the key: another for each newer one. */
  readonly id: number;
  /** 32 bytes, base64. */
  readonly key: string;
}

/**
 * The keys of the teams' sealed streams: made by the host, kept by the host, handed out over the host's own connection to who is of the team.
 * A real host keeps them in its database and makes a new one when somebody leaves.
 */
export class TeamKeys {
  readonly #byTeam = new Map<string, SentKey>();

  /** A commercial's own team; all teams of an admin. */
  of(person: Person): readonly SentKey[] {
    return (person.role === 'commercial' ? [person.equipe] : person.equipes).map((team) => this.#key(team));
  }

  #key(team: string): SentKey {
    const known = this.#byTeam.get(team) ?? { id: 1, key: randomBytes(32).toString('base64') };
    this.#byTeam.set(team, known);
    return known;
  }
}
