import { textTable } from '../harness/text-table.ts';
import type { FuzzReport } from './fuzz-run.ts';

/** One thing that was expected of the run. */
export interface Verdict {
  readonly what: string;
  readonly expected: string;
  readonly measured: string;
  readonly ok: boolean;
}

/** A busy machine may drop a packet on its own loopback: one in a thousand is not the relay's doing. */
const MISSING_PER_THOUSAND = 1;

/** What is expected beside "no failure" in every kind. */
export function verdicts({ kinds, pair, harm, leftOver }: FuzzReport): Verdict[] {
  const failures = kinds.filter(({ failure }) => failure !== null).length;
  const total = pair.packetsHeard + pair.packetsMissing;
  return [
    verdict(
      'every case: granted, a clear error, a disconnect, or nothing to answer',
      '0 failures',
      failures,
      failures === 0,
    ),
    verdict('errors inside the relay (uncaught, logged, `internal`)', '0', harm.length, harm.length === 0),
    verdict(
      'what the pair noticed',
      'nothing',
      pair.noticed.length === 0 ? 'nothing' : pair.noticed.join('; '),
      pair.noticed.length === 0,
    ),
    verdict(
      'the pair’s audio packets that were not heard',
      `at most ${MISSING_PER_THOUSAND} in 1000`,
      `${pair.packetsMissing} of ${total}`,
      total > 0 && pair.packetsMissing * 1_000 <= total * MISSING_PER_THOUSAND,
    ),
    verdict(
      'held for the attackers after their time of grace',
      'nothing',
      Object.keys(leftOver).length === 0 ? 'nothing' : JSON.stringify(leftOver),
      Object.keys(leftOver).length === 0,
    ),
  ];
}

function verdict(what: string, expected: string, measured: string | number, ok: boolean): Verdict {
  return { what, expected, measured: String(measured), ok };
}

/** Columns of the first table that hold numbers: all but the name and what is expected. */
const NUMBERS = [1, 2, 3, 4, 5, 6, 8];

/** The table that people read. */
export function renderReport(report: FuzzReport): string {
  const rows = [
    ['kind', 'cases', 'granted', 'clear errors', 'disconnects', 'no answer due', 'failures', 'expected', 'seconds'],
  ];
  for (const { name, cases, outcomes, failure, cutShort, seconds } of report.kinds) {
    const { granted, error, disconnect, silence } = outcomes;
    const counts = [cases, granted, error, disconnect, silence, failure === null ? 0 : 1].map(String);
    rows.push([name, ...counts, `0 failures${cutShort ? ', time was over' : ''}`, seconds.toFixed(1)]);
  }
  const sum = (count: (kind: FuzzReport['kinds'][number]) => number): string =>
    String(report.kinds.reduce((total, kind) => total + count(kind), 0));
  rows.push([
    'all',
    sum(({ cases }) => cases),
    sum(({ outcomes }) => outcomes.granted),
    sum(({ outcomes }) => outcomes.error),
    sum(({ outcomes }) => outcomes.disconnect),
    sum(({ outcomes }) => outcomes.silence),
    sum(({ failure }) => (failure === null ? 0 : 1)),
    '0 failures',
    report.kinds.reduce((total, { seconds }) => total + seconds, 0).toFixed(1),
  ]);
  const expected = [
    ['what', 'expected', 'measured', 'verdict'],
    ...verdicts(report).map(({ what, expected: wanted, measured, ok }) => [
      what,
      wanted,
      measured,
      ok ? 'kept' : 'FAILED',
    ]),
  ];
  const failures = report.kinds.flatMap(({ name, failure }) => (failure === null ? [] : [`${name}:\n${failure}`]));
  return [`seed ${report.seed}`, textTable(rows, NUMBERS), textTable(expected), ...failures, ...report.harm].join(
    '\n\n',
  );
}
