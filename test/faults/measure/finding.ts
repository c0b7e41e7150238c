/** One thing that a fault case measured. */
export interface Finding {
  readonly what: string;
  readonly expected: string;
  readonly measured: string;
  /** It is as good as promised. */
  readonly asPromised: boolean;
  /** It works, on a machine that may be busy: what the tests insist on. */
  readonly acceptable: boolean;
}

/** A figure that must not be larger than promised; `bound` (default: the promise) is what a busy machine may still take. */
export function atMost(what: string, value: number | null, promise: number, unit: string, bound = promise): Finding {
  return {
    what,
    expected: `<= ${figure(promise)} ${unit}`,
    measured: value === null ? 'never' : `${figure(value)} ${unit}`,
    asPromised: value !== null && value <= promise,
    acceptable: value !== null && value <= bound,
  };
}

/** A figure that must not be smaller than promised. */
export function atLeast(what: string, value: number, promise: number, unit: string): Finding {
  const enough = value >= promise;
  return {
    what,
    expected: `>= ${figure(promise)} ${unit}`,
    measured: `${figure(value)} ${unit}`,
    asPromised: enough,
    acceptable: enough,
  };
}

/** Something that is one value and no other. */
export function same<T>(what: string, value: T, promise: T): Finding {
  const equal = value === promise;
  return { what, expected: String(promise), measured: String(value), asPromised: equal, acceptable: equal };
}

/** A figure to be seen, not judged. */
export function shown(what: string, value: number | string, unit = ''): Finding {
  const measured = typeof value === 'number' ? `${figure(value)} ${unit}`.trim() : value;
  return { what, expected: '(shown)', measured, asPromised: true, acceptable: true };
}

function figure(value: number): string {
  if (Math.abs(value) >= 100 || Number.isInteger(value)) return String(Math.round(value));
  return String(Number(value.toPrecision(2)));
}
