const VOLUME_KEY = 'prospect-live:volume';

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
  const text = guarded((storage) => storage.getItem(VOLUME_KEY));
  const volume = text ? Number(text) : Number.NaN;
  return volume >= 0 && volume <= 1 ? volume : null;
}

/** What was kept under this name, or null. */
export function recall(name: string): string | null {
  return guarded((storage) => storage.getItem(`prospect-live:${name}`));
}

/** Keeps a choice for the next visit; an empty one is forgotten. */
export function remember(name: string, value: string): void {
  const key = `prospect-live:${name}`;
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
  guarded((storage) => storage.setItem(VOLUME_KEY, String(volume)));
}

const VIBRATION_KEY = 'prospect-live:vibration';

/** Whether the phone may vibrate: true unless it was turned off here. */
export function rememberedVibration(): boolean {
  return guarded((storage) => storage.getItem(VIBRATION_KEY)) !== 'off';
}

/** Keeps the choice for the next visit. */
export function rememberVibration(on: boolean): void {
  guarded((storage) => storage.setItem(VIBRATION_KEY, on ? 'on' : 'off'));
}

/** What a page keeps over its reloads, and no longer than its tab: JSON under a name. */
export interface PageMemory {
  /** Null: nothing, or nothing that can be read. Whoever reads it looks at what it is. */
  read(name: string): unknown;
  /** Null forgets it. */
  write(name: string, value: object | null): void;
}

/** The tab's `sessionStorage`. */
export const tabMemory: PageMemory = {
  read: (name) =>
    guarded((storage) => JSON.parse(storage.getItem(`prospect-live:${name}`) ?? 'null'), 'sessionStorage'),
  write: (name, value) => {
    const key = `prospect-live:${name}`;
    guarded(
      (storage) => (value ? storage.setItem(key, JSON.stringify(value)) : storage.removeItem(key)),
      'sessionStorage',
    );
  },
};

/** A text that was kept under this name, or null. */
export function rememberedText(key: string): string | null {
  return guarded((storage) => storage.getItem(key));
}

/** Keeps a text for the next visit; without storage it is forgotten. */
export function rememberText(key: string, text: string): void {
  guarded((storage) => storage.setItem(key, text));
}
