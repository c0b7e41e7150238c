/** A handful of measurements, in one line. */
export interface Summary {
  readonly count: number;
  readonly median: number;
  /** 95th percentile, nearest rank (with 20 samples: the second largest). */
  readonly p95: number;
  readonly min: number;
  readonly max: number;
}

/** @throws Error when there is nothing to summarise */
export function summarise(samples: readonly number[]): Summary {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (index: number): number => {
    const value = sorted[index];
    if (value === undefined) throw new Error('no samples');
    return value;
  };
  const count = sorted.length;
  const half = Math.floor(count / 2);
  return {
    count,
    median: count % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2,
    p95: at(Math.ceil(count * 0.95) - 1),
    min: at(0),
    max: at(count - 1),
  };
}
