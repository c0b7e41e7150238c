import type { ListenerInfo, PayloadOf } from '../../relay/protocol/messages.ts';

const NOBODY: readonly ListenerInfo[] = Object.freeze([]);
/** How long somebody who has stopped listening is still named: who looks at the phone a moment later must see it. */
export const LEFT_SHOWN_MS = 8_000;

/** How long somebody who has begun to listen is shown as new. */
export const NEW_SHOWN_MS = 5_000;

/** Somebody who is shown for a moment. */
interface Brief {
  readonly who: ListenerInfo;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** As in the state of a stream. */
type People = Readonly<Record<'listeners' | 'recentListeners' | 'newListeners', readonly ListenerInfo[]>>;

/** Who listens or just did, and whether anything needs to be sent: while somebody does, and for a linger after the last one left. */
export class Demand {
  readonly #onChange: () => void;
  #listeners = NOBODY;
  /** The list that the relay tells of now. */
  #list: ReadonlyMap<string, ListenerInfo> = new Map();
  /** Those of a session that the page has left and over which something may be heard still. */
  #held = NOBODY;
  #lingerMs = 0;
  /** Of the list that is held; null: of none that the relay sent. */
  #version: number | null = null;
  #wanted = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** By id: who left, and when they are forgotten. */
  readonly #left = new Map<string, Brief>();
  /** By id: who came, and when they are no news any more. */
  readonly #new = new Map<string, Brief>();
  #people: People = Object.freeze({ listeners: NOBODY, recentListeners: NOBODY, newListeners: NOBODY });

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get listeners(): readonly ListenerInfo[] {
    return this.#listeners;
  }

  /** Who listens, who stopped and who began a moment ago: the same lists until something changes. */
  get people(): People {
    return this.#people;
  }

  get wanted(): boolean {
    return this.#wanted;
  }

  /** @returns false for a change of another list than the one that is held: it changes nothing, and is not shown */
  update({ version, since, joined, left }: PayloadOf<'demand:changed'>, lingerMs: number): boolean {
    if (since !== null && since !== this.#version) return false;
    const list = new Map(since === null ? [] : this.#list);
    for (const id of left) list.delete(id);
    for (const who of joined) list.set(who.id, who);
    this.#version = version;
    this.#list = list;
    this.#lingerMs = lingerMs;
    this.#settle();
    return true;
  }

  /** The page goes over to another session. Who listens stays in the list until `letGo`, whatever the new one tells: they hear by the old one. */
  hold(): void {
    this.#held = this.#listeners;
    this.#list = new Map();
    this.#version = null;
  }

  /** Nothing is heard by the old session any more. */
  letGo(): void {
    if (this.#held.length === 0) return;
    this.#held = NOBODY;
    this.#settle();
  }

  /** The stream is over. Who listened until then is named for a moment more. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#held = NOBODY;
    this.#list = new Map();
    this.#replace(NOBODY);
    this.#version = null;
    this.#wanted = false;
  }

  /** Nobody looks any more. */
  close(): void {
    clearTimeout(this.#timer);
    for (const brief of [this.#left, this.#new]) {
      for (const { timer } of brief.values()) clearTimeout(timer);
      brief.clear();
    }
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#replace([...new Map([...this.#held.map((who) => [who.id, who] as const), ...this.#list]).values()]);
    if (this.#listeners.length > 0) this.#wanted = true;
    else if (this.#wanted) {
      this.#timer = setTimeout(() => {
        this.#wanted = false;
        this.#onChange();
      }, this.#lingerMs);
    }
    this.#onChange();
  }

  #replace(listeners: readonly ListenerInfo[]): void {
    const now = new Set(listeners.map(({ id }) => id));
    const before = new Set(this.#listeners.map(({ id }) => id));
    for (const id of now) forget(this.#left, id);
    for (const who of this.#listeners) {
      if (now.has(who.id)) continue;
      forget(this.#new, who.id);
      this.#remember(this.#left, who, LEFT_SHOWN_MS);
    }
    for (const who of listeners) if (!before.has(who.id)) this.#remember(this.#new, who, NEW_SHOWN_MS);
    this.#listeners = Object.freeze([...listeners]);
    this.#gather();
  }

  #remember(brief: Map<string, Brief>, who: ListenerInfo, ms: number): void {
    forget(brief, who.id);
    const timer = setTimeout(() => {
      brief.delete(who.id);
      this.#gather();
      this.#onChange();
    }, ms);
    brief.set(who.id, { who, timer });
  }

  #gather(): void {
    const people = { recentListeners: namesOf(this.#left), newListeners: namesOf(this.#new) };
    this.#people = Object.freeze({ listeners: this.#listeners, ...people });
  }
}

function forget(brief: Map<string, Brief>, id: string): void {
  clearTimeout(brief.get(id)?.timer);
  brief.delete(id);
}

function namesOf(brief: ReadonlyMap<string, Brief>): readonly ListenerInfo[] {
  return brief.size > 0 ? Object.freeze([...brief.values()].map(({ who }) => who)) : NOBODY;
}
