const VOLUME_KEY = 'prospect-live:volume';

/** `localStorage` throws where cookies are blocked or in a sandboxed frame; then nothing is remembered. */
function guarded<T>(use: (storage: Storage) => T): T | null {
  try {
    return use(globalThis.localStorage);
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

/** Whether this was put down by `rememberFlag`. */
export function isRemembered(name: string): boolean {
  return guarded((storage) => storage.getItem(`prospect-live:${name}`)) !== null;
}

/** Keeps a choice that differs from the usual, for the next visit. */
export function rememberFlag(name: string, on: boolean): void {
  const key = `prospect-live:${name}`;
  guarded((storage) => (on ? storage.setItem(key, '1') : storage.removeItem(key)));
}

/** Keeps the volume for the next visit; without storage it is forgotten. */
export function rememberVolume(volume: number): void {
  guarded((storage) => storage.setItem(VOLUME_KEY, String(volume)));
}
