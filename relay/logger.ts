import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import type { RelayConfig } from './config/shape.ts';
import { LogOutputs } from './log/log-outputs.ts';

export type { Logger } from 'pino';

/** Keys whose values never reach a log, wherever they stand in what is logged. */
const SECRET_KEYS = [
  'token',
  'authorization',
  'cookie',
  'sdp',
  'password',
  'secret',
  'credential',
  'iceServers',
  'pem',
  'sessionId',
] as const;

/** pino's wildcards are one level each, so every depth that is logged has a path of its own. */
const REDACTED_PATHS = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`, `*.*.*.${key}`]);

/** What `createLogger` may be told beyond the level. */
export interface LoggerSetup {
  /** Where lines go; standard output when absent, which never makes the relay wait. */
  readonly destination?: DestinationStream;
  /** Coloured lines for people instead of JSON; by default when standard output is a terminal and pino-pretty is installed. */
  readonly pretty?: boolean;
}

/**
 * The relay's logger: one JSON object per line (pino), secrets and session descriptions replaced by `[redacted]`.
 * On a terminal the lines are made readable, if pino-pretty is installed (it is not needed to run).
 */
export function createLogger(level: RelayConfig['logLevel'], setup: LoggerSetup = {}): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
  };
  return pino(options, setup.destination ?? LogOutputs.standard(setup.pretty));
}
