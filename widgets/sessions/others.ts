import type { ListenerInfo } from '../../relay/protocol/messages.ts';
import type { RelayLink } from '../relay-client/relay-link.ts';

const NOBODY: readonly ListenerInfo[] = Object.freeze([]);

/** Names of the others who hear the selected commercial, as the relay tells their changes. */
export class Others {
  #commercialId: string | null = null;
  #list = NOBODY;

  constructor(relay: RelayLink, onChange: () => void) {
    relay.on('session:ready', () => {
      this.#list = NOBODY;
      onChange();
    });
    relay.on('listen:others', ({ commercialId, reset, joined, left }) => {
      const names = new Map(
        reset || commercialId !== this.#commercialId ? [] : this.#list.map((who) => [who.id, who] as const),
      );
      for (const id of left) names.delete(id);
      for (const who of joined) names.set(who.id, who);
      this.#commercialId = commercialId;
      this.#list = names.size > 0 ? Object.freeze([...names.values()]) : NOBODY;
      onChange();
    });
  }

  /** The same list until something changes. */
  of(commercialId: string | undefined): readonly ListenerInfo[] {
    return commercialId === this.#commercialId ? this.#list : NOBODY;
  }
}
