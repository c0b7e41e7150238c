import { once } from 'node:events';
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  futimesSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
  writeSync,
} from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { Writable } from 'node:stream';
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

/** The file while it is open. */
export interface OpenLogFile {
  readonly stream: Writable;
  /** Whether another file stands at the path by now, or none: what is written goes where nobody looks for it. Never rejects. */
  wasMoved(): Promise<boolean>;
}

/**
 * Opens the file for appending. What was in it stays, or is put aside where it is of an earlier day or full. Where the path is a
 * symbolic link, all of that happens to the file that it leads to, and beside that one. Failures come as the event `error` of the stream.
 */
export function openRotatingFile({ path, maxBytes, keep }: LogFileSettings): OpenLogFile {
  let target: string;
  try {
    target = leadsTo(path);
  } catch (error) {
    return { stream: failed(error), wasMoved: async () => false };
  }
  endLastLine(target);
  const name = basename(target);
  const ending = extname(name);
  const stem = name.slice(0, name.length - ending.length);
  const nameOf = (time: Date | number | null, index?: number): string =>
    time === null ? name : `${stem}-${new Date(time).toISOString().slice(0, 10)}.${index ?? 1}${ending}`;
  const stream = createStream(nameOf, {
    path: dirname(target),
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
  /** The file that is written to; null while there is none: it is being opened, or put aside. */
  let ours: string | null = null;
  stream.on('rotation', () => {
    ours = null;
  });
  stream.on('open', () => {
    ours = identityAt(target);
  });
  return {
    stream,
    wasMoved: async () => {
      if (ours === null) return false;
      const before = ours;
      const there = await stat(path, { bigint: true }).then(identityOf, isAbsence);
      // It may have put itself aside meanwhile; and one that cannot be looked at may well be there.
      return ours === before && there !== null && (there === GONE || there !== before);
    },
  };
}

/** Opens it for the first time, and waits until it can be written to. @throws LogFileError when it cannot */
export async function openFirst(settings: LogFileSettings): Promise<OpenLogFile> {
  const file = openRotatingFile(settings);
  try {
    await once(file.stream, 'open');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LogFileError(`cannot be written (${reason}). Give a path that this process may write, or leave it out.`);
  }
  return file;
}

/** A disk that was full has cut a line short: what comes next would stand on it, and neither could be read. */
function endLastLine(path: string): void {
  try {
    // Appending: somebody else may write there still.
    const file = openSync(path, constants.O_RDWR | constants.O_APPEND);
    try {
      const { size, atime, mtime } = fstatSync(file);
      const last = Buffer.alloc(1);
      if (size === 0 || readSync(file, last, 0, 1, size - 1) !== 1 || last[0] === LINE_END) return;
      writeSync(file, '\n');
      // Its day stays that of its last line.
      futimesSync(file, atime, mtime);
    } finally {
      closeSync(file);
    }
  } catch {
    // There is none yet; or it cannot be written, which the stream says.
  }
}

const LINE_END = 10;

/** The path itself, or where its symbolic link leads. @throws Error when that is nowhere */
function leadsTo(path: string): string {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return path;
  try {
    return realpathSync(path);
  } catch (error) {
    throw new Error('it is a symbolic link that leads to no file', { cause: error });
  }
}

function failed(error: unknown): Writable {
  return new Writable({
    construct: (done) => done(error instanceof Error ? error : new Error(String(error))),
    write: (_chunk, _encoding, done) => done(),
  });
}

/** Which file it is, whatever it is called. */
function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

function identityAt(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found ? identityOf(found) : GONE;
}

/** Stands for no file at all. */
const GONE = '';

function isAbsence(error: NodeJS.ErrnoException): string | null {
  return error.code === 'ENOENT' ? GONE : null;
}
