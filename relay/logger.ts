import { createRequire } from 'node:module';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import type { RelayConfig } from './config/shape.ts';

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
  /** Where lines go; standard output when absent. Tests read them here. */
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
  if (setup.destination) return pino(options, setup.destination);
  const pretty = setup.pretty ?? (process.stdout.isTTY === true && isInstalled('pino-pretty'));
  if (!pretty) return pino(options);
  // A transport writes from another thread, which takes numeric levels only.
  return pino({
    ...options,
    formatters: {},
    transport: { target: 'pino-pretty', options: { translateTime: 'SYS:HH:MM:ss.l', singleLine: true } },
  });
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
