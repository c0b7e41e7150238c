/** Names of this product among those of whoever else stores something on the host's origin. */
const keyOf = (name: string): string => `prospect-live:${name}`;

/** Storage throws where cookies are blocked or in a sandboxed frame; then nothing is remembered. */
function guarded<T>(use: (storage: Storage) => T, kind: 'localStorage' | 'sessionStorage' = 'localStorage'): T | null {
  try {
    return use(globalThis[kind]);
  } catch {
    return null;
  }
}

/** The volume the listener chose last, 0 to 1, or null. */
export function rememberedVolume(): number | null {
  const text = recall('volume');
  const volume = text ? Number(text) : Number.NaN;
  return volume >= 0 && volume <= 1 ? volume : null;
}

/** What was kept under this name, or null. */
export function recall(name: string): string | null {
  return guarded((storage) => storage.getItem(keyOf(name)));
}

/** Keeps a choice for the next visit; an empty one is forgotten. */
export function remember(name: string, value: string): void {
  const key = keyOf(name);
  guarded((storage) => (value ? storage.setItem(key, value) : storage.removeItem(key)));
}

/** Whether this was put down by `rememberFlag`. */
export function isRemembered(name: string): boolean {
  return recall(name) !== null;
}

/** Keeps a choice that differs from the usual, for the next visit. */
export function rememberFlag(name: string, on: boolean): void {
  remember(name, on ? '1' : '');
}

/** Keeps the volume for the next visit; without storage it is forgotten. */
export function rememberVolume(volume: number): void {
  remember('volume', String(volume));
}

/** Whether the phone may vibrate: true unless it was turned off here. */
export function rememberedVibration(): boolean {
  return recall('vibration') !== 'off';
}

/** Keeps the choice for the next visit. */
export function rememberVibration(on: boolean): void {
  remember('vibration', on ? 'on' : 'off');
}

/** Texts that a browser keeps under names, for whoever uses it next on this origin. */
export interface Choices {
  /** Null: nothing. */
  read(name: string): string | null;
  /** An empty one is forgotten. */
  write(name: string, value: string): void;
}

/** The browser's `localStorage`. */
export const browserChoices: Choices = { read: recall, write: remember };

/** What a page keeps over its reloads, and no longer than its tab: JSON under a name. */
export interface PageMemory {
  /** Null: nothing, or nothing that can be read. Whoever reads it looks at what it is. */
  read(name: string): unknown;
  /** Null forgets it. */
  write(name: string, value: object | null): void;
}

/** The tab's `sessionStorage`. */
export const tabMemory: PageMemory = {
  read: (name) => guarded((storage) => JSON.parse(storage.getItem(keyOf(name)) ?? 'null'), 'sessionStorage'),
  write: (name, value) => {
    const key = keyOf(name);
    guarded(
      (storage) => (value ? storage.setItem(key, JSON.stringify(value)) : storage.removeItem(key)),
      'sessionStorage',
    );
  },
};
