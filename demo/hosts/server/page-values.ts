import type { Person } from '../../server/people.ts';
import type { RelayAddress } from '../../server/relay-address.ts';
import { mintToken, type TokenSettings } from '../../server/tokens.ts';

/** What the pages without a build are filled with. */
export function pageValues(person: Person, relay: RelayAddress | null, tokens: TokenSettings): Record<string, string> {
  return { name: person.name, token: mintToken(person, tokens), relay: relay?.origin ?? '' };
}
