import fc from 'fast-check';
import type { Outcome, Outcomes } from './outcome.ts';
import type { Target } from './target.ts';

/** What one kind of bad input came to. */
export interface KindReport {
  readonly name: string;
  readonly cases: number;
  readonly outcomes: Outcomes;
  /** What went wrong first, with the smallest input that does it; null when nothing did. */
  readonly failure: string | null;
  /** True when the time was over before all cases were tried. */
  readonly cutShort: boolean;
  readonly seconds: number;
}

/** How a kind is run. */
export interface KindRun {
  readonly cases: number;
  readonly seed: number;
  /** No new case after this time, in milliseconds of `performance.now()`. */
  readonly until: number;
}

/** One kind of bad input. */
export interface FuzzKind {
  readonly name: string;
  /** Its part of all cases; parts need not add up to anything. */
  readonly share: number;
  run(target: Target, run: KindRun): Promise<KindReport>;
}

/** Tries one case; throws when the relay did what it must not. */
export interface Attempt<T> {
  attempt(value: T): Promise<Outcome>;
  close?(): Promise<void> | void;
}

/** Makes a kind from what it sends and how one such thing is tried. */
export function fuzzKind<T>(options: {
  readonly name: string;
  readonly share: number;
  readonly arbitrary: fc.Arbitrary<T>;
  readonly open: (target: Target) => Promise<Attempt<T>>;
}): FuzzKind {
  const { name, share, arbitrary, open } = options;
  return {
    name,
    share,
    async run(target, { cases, seed, until }) {
      const outcomes: Outcomes = { granted: 0, error: 0, disconnect: 0, silence: 0 };
      const started = performance.now();
      const trier = await open(target);
      const property = fc.asyncProperty(arbitrary, async (value) => {
        const outcome = await trier.attempt(value);
        target.assertUnharmed();
        outcomes[outcome] += 1;
      });
      const details = await fc.check(property, {
        numRuns: cases,
        seed,
        interruptAfterTimeLimit: Math.max(1, until - started),
        markInterruptAsFailure: false,
      });
      await trier.close?.();
      return {
        name,
        cases: Object.values(outcomes).reduce((sum, count) => sum + count, 0),
        outcomes,
        failure: details.failed ? describe(details) : null,
        cutShort: details.interrupted && !details.failed,
        seconds: (performance.now() - started) / 1_000,
      };
    },
  };
}

/** The error and the input in one text, short enough for a table's foot. */
function describe<T>({ counterexample, errorInstance, seed, counterexamplePath }: fc.RunDetails<T>): string {
  const cause = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance);
  const input = fc.stringify(counterexample).slice(0, 1_500);
  return `${cause.slice(0, 1_500)}\n  with ${input}\n  (seed ${seed}, path ${counterexamplePath})`;
}
