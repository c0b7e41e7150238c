import { once } from 'node:events';
import { basename, dirname, extname } from 'node:path';
import type { Writable } from 'node:stream';
import { createStream } from 'rotating-file-stream';

/** A log file and its limits. */
export interface LogFileSettings {
  /** Absolute path of the file that is written to. */
  readonly path: string;
  /** Size from which it is put aside, in bytes. At midnight (UTC) it is in any case. */
  readonly maxBytes: number;
  /** How many files that were put aside are kept. */
  readonly keep: number;
}

/** The log file cannot be opened. The message is complete, but for the variable's name. */
export class LogFileError extends Error {
  override readonly name = 'LogFileError';
}

/** For the owner and the group alone: ids of people are in it. */
const MODE = 0o640;

/**
 * Opens the file for appending. What was in it stays, or is put aside where it is of an earlier day or full.
 * Failures come as the event `error`.
 */
export function openRotatingFile({ path, maxBytes, keep }: LogFileSettings): Writable {
  const name = basename(path);
  const ending = extname(name);
  const stem = name.slice(0, name.length - ending.length);
  const nameOf = (time: Date | number | null, index?: number): string =>
    time === null ? name : `${stem}-${new Date(time).toISOString().slice(0, 10)}.${index ?? 1}${ending}`;
  return createStream(nameOf, {
    path: dirname(path),
    size: `${maxBytes}B`,
    interval: '1d',
    intervalBoundary: true,
    intervalUTC: true,
    initialRotation: true,
    maxFiles: keep,
    // Which files are its own: others of that folder are never removed.
    history: `.${name}.history`,
    mode: MODE,
  });
}

/** Opens it for the first time, and waits until it can be written to. @throws LogFileError when it cannot */
export async function openFirst(settings: LogFileSettings): Promise<Writable> {
  const stream = openRotatingFile(settings);
  try {
    await once(stream, 'open');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LogFileError(`cannot be written (${reason}). Give a path that this process may write, or leave it out.`);
  }
  return stream;
}
