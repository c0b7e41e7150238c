import { textTable } from '../harness/text-table.ts';
import type { MemorySample, SoakReport } from './soak-run.ts';

/** One line of the table. */
export interface SoakLine {
  readonly what: string;
  readonly expected: string;
  readonly measured: string;
  readonly ok: boolean;
}

/** Flat: the last third of the run needs at most this much more than the middle third. */
const GROWTH = 1.05;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}

/** What the last third of the samples is of the middle third: 1 is flat. */
export function growth(samples: readonly number[]): number {
  const third = Math.floor(samples.length / 3);
  return mean(samples.slice(-third)) / mean(samples.slice(third, 2 * third));
}

function memoryLine(name: string, memory: readonly MemorySample[], of: (sample: MemorySample) => number): SoakLine {
  const samples = memory.map(of);
  const third = Math.floor(samples.length / 3);
  const megabytes = (values: readonly number[]): string => (mean(values) / 2 ** 20).toFixed(1);
  const measured = growth(samples);
  return {
    what: `memory of ${name} (RSS), last third of the run`,
    expected: `at most ${Math.round((GROWTH - 1) * 100)} % over the middle third`,
    measured: `${megabytes(samples.slice(-third))} MB after ${megabytes(samples.slice(third, 2 * third))} MB (${((measured - 1) * 100).toFixed(1)} %)`,
    ok: measured <= GROWTH,
  };
}

/** Judges the run. @param judgeMemory false for short runs, in which memory has not settled yet */
export function soakLines(report: SoakReport, judgeMemory = true): SoakLine[] {
  const { rounds, combinations, before, after, memory, failures } = report;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return [
    {
      what: 'rounds; each state with each way to leave',
      expected: `${rounds}; ${combinations.all}`,
      measured: `${rounds}; ${combinations.played}`,
      ok: rounds < combinations.all || combinations.played === combinations.all,
    },
    {
      what: 'failures (no answer, `internal`, errors in the log)',
      expected: '0',
      measured: failures.length === 0 ? '0' : `${failures.length}; they follow`,
      ok: failures.length === 0,
    },
    ...names.map((name) => ({
      what: name,
      expected: String(before[name] ?? 0),
      measured: String(after[name] ?? 0),
      ok: (before[name] ?? 0) === (after[name] ?? 0),
    })),
    ...(judgeMemory
      ? [
          memoryLine('the relay', memory, ({ relay }) => relay),
          memoryLine('the workers', memory, ({ workers }) => workers),
        ]
      : []),
  ];
}

/** The table that people read. */
export function renderSoak(lines: readonly SoakLine[]): string {
  const rows = [
    ['what', 'expected', 'measured', 'verdict'],
    ...lines.map(({ what, expected, measured, ok }) => [what, expected, measured, ok ? 'kept' : 'FAILED']),
  ];
  return textTable(rows);
}
