import type { RelayLink } from '../relay-client/relay-link.ts';
import type { ExpectedPerson } from './state.ts';

const NOBODY: readonly ExpectedPerson[] = Object.freeze([]);

/** Whom the host expects in the list: by the claim of the admin's token, as the relay tells it, and by the element's property, which goes before. */
export class ExpectedPeople {
  readonly #relay: RelayLink;
  readonly #onChange: (people: readonly ExpectedPerson[]) => void;
  /** As the relay told them last. */
  #told: RelayLink['session'] = null;
  #claimed = NOBODY;
  #set = NOBODY;

  constructor(relay: RelayLink, onChange: (people: readonly ExpectedPerson[]) => void) {
    this.#relay = relay;
    this.#onChange = onChange;
    // A refresh of the token is told by the status alone.
    for (const name of ['status', 'session:ready', 'moved'] as const) relay.on(name, this.#look);
  }

  /** Those of the element's property. */
  readonly set = (people: readonly ExpectedPerson[]): void => {
    this.#set = people;
    // Of two of an id the last one counts.
    this.#onChange([...this.#claimed, ...people]);
  };

  readonly #look = (): void => {
    // Without a token it is nobody's claim any more.
    const told = this.#relay.status === 'idle' ? null : this.#relay.session;
    if (told === this.#told) return;
    this.#told = told;
    const claimed = told?.expected?.map(({ id, name, equipe }) => ({ id, name, team: equipe })) ?? NOBODY;
    if (claimed.length === 0 && this.#claimed.length === 0) return;
    this.#claimed = claimed;
    this.set(this.#set);
  };
}
