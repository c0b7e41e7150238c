import { type Summary, summarise } from '../harness/statistics.ts';
import { textTable } from '../harness/text-table.ts';
import type { BundleSize } from './bundle-sizes.ts';
import type { Measurements } from './measure.ts';

/** One line of the result. Times in milliseconds, sizes in bytes. */
export interface Line {
  readonly name: string;
  readonly measured: Summary | null;
  /** The figure that is compared. */
  readonly value: number;
  readonly unit: 'ms' | 'bytes';
  /** Null: nothing is expected, it is measured for comparison. */
  readonly limit: number | null;
  readonly expectation: string;
  readonly ok: boolean;
}

/** A switch may cost this much more than the sound itself takes. */
const SWITCH_EXTRA_MS = 60;
const MOUTH_TO_EAR_FACTOR = 1.25;
const CLICK_P95_MS = 150;
/** A new panel may be heard this much later than a new connection of the page to itself. */
const COLD_EXTRA_MS = 10;

/** Compares what was measured with what is expected. */
export function judge(measurements: Measurements, sizes: readonly BundleSize[]): Line[] {
  const floor = summarise(measurements.floor);
  const mouthToEar = summarise(measurements.mouthToEar);
  const click = summarise(measurements.clickToHeard);
  const change = summarise(measurements.switchToHeard);
  const coldFloor = summarise(measurements.coldFloor);
  const coldUnannounced = summarise(measurements.coldUnannounced);
  const coldJoin = summarise(measurements.coldJoin);
  return [
    time('mouth to ear, direct (the floor)', floor, floor.median, null, 'for comparison'),
    time(
      'mouth to ear, relay',
      mouthToEar,
      mouthToEar.median,
      floor.median * MOUTH_TO_EAR_FACTOR,
      `median <= ${MOUTH_TO_EAR_FACTOR} x floor`,
    ),
    time(
      'switch to heard',
      change,
      change.median,
      floor.median + SWITCH_EXTRA_MS,
      `median <= floor + ${SWITCH_EXTRA_MS} ms`,
    ),
    time('click to heard (warm)', click, click.p95, CLICK_P95_MS, 'p95'),
    time('connected to heard, direct', coldFloor, coldFloor.median, null, 'for comparison'),
    time(
      'connected to heard, direct, no SSRC announced',
      coldUnannounced,
      coldUnannounced.median,
      null,
      'for comparison',
    ),
    time(
      'connected to heard, relay',
      coldJoin,
      coldJoin.median,
      coldFloor.median + COLD_EXTRA_MS,
      `median <= direct + ${COLD_EXTRA_MS} ms`,
    ),
    ...sizes.map(
      ({ name, gzipBytes, limitBytes }): Line => ({
        name: `${name}, gzipped`,
        measured: null,
        value: gzipBytes,
        unit: 'bytes',
        limit: limitBytes,
        expectation: '',
        ok: gzipBytes <= limitBytes,
      }),
    ),
  ];
}

function time(name: string, measured: Summary, value: number, limit: number | null, expectation: string): Line {
  return { name, measured, value, unit: 'ms', limit, expectation, ok: limit === null || value <= limit };
}

/** The table for people. */
export function renderTable(lines: readonly Line[]): string {
  const rows = [
    ['', 'median', 'p95', 'expected', ''],
    ...lines.map(({ name, measured, value, unit, limit, expectation, ok }) => [
      name,
      measured ? `${measured.median.toFixed(1)} ms` : show(value, unit),
      measured ? `${measured.p95.toFixed(1)} ms` : '',
      limit === null ? expectation : `${expectation ? `${expectation}: ` : ''}<= ${show(limit, unit)}`,
      limit === null ? '' : ok ? 'ok' : 'MISSED',
    ]),
  ];
  return textTable(rows, [1, 2]);
}

function show(value: number, unit: Line['unit']): string {
  return unit === 'ms' ? `${value.toFixed(1)} ms` : `${(value / 1000).toFixed(1)} KB`;
}
