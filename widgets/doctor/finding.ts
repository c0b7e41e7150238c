import type { DoctorText } from './doctor-words.ts';

/** The checks of the page, in the order in which they are shown. */
export const CHECKS = [
  'secure',
  'version',
  'certificate',
  'clock',
  'permission',
  'microphone',
  'socket',
  'token',
  'udp',
  'tcp',
  'turn',
  'autoplay',
  'loop',
] as const;

/** The name of a check. */
export type CheckName = (typeof CHECKS)[number];

/** How a check stands. */
export type CheckStatus = 'waiting' | 'running' | 'ok' | 'warning' | 'failed' | 'skipped';

/** A text of the page, with what is filled in. */
export interface Told {
  readonly text: DoctorText;
  readonly n?: string | number;
}

/** How a check stands, and why. */
export interface Finding {
  readonly status: CheckStatus;
  /** The figure, in words of the page. */
  readonly told?: Told;
  /** What stands beside it as it is in every language: an address, a code, what the relay said. No secret. */
  readonly detail?: string;
  /** What to do. */
  readonly fix?: DoctorText;
}

/** How all checks stand. */
export type Findings = Readonly<Record<CheckName, Finding>>;

/** Before anything was looked at. */
export function nothingYet(): Findings {
  return Object.fromEntries(CHECKS.map((name) => [name, { status: 'waiting' }])) as Record<CheckName, Finding>;
}
