import { textTable } from '../harness/text-table.ts';
import type { Finding } from './measure/finding.ts';

/** What one fault came to. */
export interface CaseReport {
  readonly fault: string;
  /** Null: it could not be tried, or it ended with an error; `problem` says why. */
  readonly findings: readonly Finding[] | null;
  readonly problem: string | null;
  readonly tried: boolean;
}

export type Verdict = 'kept' | 'missed' | 'failed' | 'not tried';

/** One line of the table. */
export function verdictOf({ asPromised, acceptable }: Finding): Verdict {
  if (asPromised) return 'kept';
  return acceptable ? 'missed' : 'failed';
}

/** The table that people read: fault, expected, measured, verdict. */
export function renderTable(reports: readonly CaseReport[]): string {
  const rows = [['fault', 'expected', 'measured', 'verdict']];
  for (const { fault, findings, problem, tried } of reports) {
    rows.push([fault, '', problem?.split('\n')[0] ?? '', findings ? '' : tried ? 'failed' : 'not tried']);
    for (const finding of findings ?? []) {
      rows.push([`  ${finding.what}`, finding.expected, finding.measured, verdictOf(finding)]);
    }
  }
  return textTable(rows);
}

/** True when every promise that could be tried was kept. */
export function allKept(reports: readonly CaseReport[]): boolean {
  return reports.every(({ findings, tried }) => !tried || findings?.every(({ asPromised }) => asPromised) === true);
}
