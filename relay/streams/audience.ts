import type { ListenerInfo } from '../protocol/messages.ts';

/** So many names of those who hear a commercial are told to those who hear them too; the row has the number of all. */
export const MOST_NAMES = 50;

/** Who is shown on a commercial's page as listening: names by id, those first who came first. */
export type Audience = ReadonlyMap<string, string>;

/** Nobody. */
export const NOBODY: Audience = new Map();

/** How a list of names changed. */
export interface AudienceChange {
  /** The list before is past: `joined` is all of it. */
  readonly reset: boolean;
  readonly joined: ListenerInfo[];
  readonly left: string[];
}

/** The list after this change. */
export function changedAudience(before: Audience, { reset, joined, left }: AudienceChange): Audience {
  const after = new Map(reset ? [] : before);
  for (const id of left) after.delete(id);
  for (const { id, name } of joined) after.set(id, name);
  return after;
}

/** What somebody was told of an audience, so that they are told its changes alone. */
export class ToldAudience {
  #told: Audience | null = null;

  /**
   * @param now the list as it is
   * @param except an id that is left out: whoever is told
   * @returns null when nothing is new
   */
  change(now: Audience, except: string | null = null): AudienceChange | null {
    const list = new Map([...now].filter(([id]) => id !== except).slice(0, MOST_NAMES));
    const before = this.#told ?? NOBODY;
    const joined = [...list].filter(([id, name]) => before.get(id) !== name).map(([id, name]) => ({ id, name }));
    const left = [...before.keys()].filter((id) => !list.has(id));
    const reset = this.#told === null;
    if (joined.length + left.length === 0) return null;
    this.#told = list;
    return { reset, joined, left };
  }

  /** Whoever was told knows nothing any more. */
  forget(): void {
    this.#told = null;
  }
}
