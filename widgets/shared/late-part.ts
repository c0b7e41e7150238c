const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** A part of the widgets that is loaded when it is first wanted (widgets/README.md). */
export interface LatePart<T> {
  /** What it exports, or null while it is not there. */
  readonly here: T | null;
  /** Has it loaded, once for all who ask. Never rejects: what does not come is asked for again, with growing pauses, and at once when the network is back. */
  get(): Promise<T>;
}

/**
 * @param load such as `() => import('./few-need-this.ts')`
 * @param arrived is called with it once it is there, before whoever waits: what tells others that it came finds it in `here`
 * @param pauses of whoever waits before asking again; tests put their own here
 */
export function latePart<T>(
  load: () => Promise<T>,
  arrived: (part: T) => void = () => {},
  pauses: (ms: number) => Promise<void> = untilWorthTrying,
): LatePart<T> {
  let here: T | null = null;
  let coming: Promise<T> | undefined;
  const run = async (): Promise<T> => {
    for (let ms = FIRST_PAUSE_MS; ; ms = Math.min(2 * ms, LONGEST_PAUSE_MS)) {
      try {
        const part = await load();
        here = part;
        arrived(part);
        return part;
      } catch (error) {
        if (ms === FIRST_PAUSE_MS)
          console.warn(`A part of the widgets could not be loaded; it is tried again. ${String(error)}`);
        await pauses(ms);
      }
    }
  };
  return {
    get here() {
      return here;
    },
    get: () => (coming ??= run()),
  };
}

function untilWorthTrying(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      globalThis.removeEventListener?.('online', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    globalThis.addEventListener?.('online', end);
  });
}
