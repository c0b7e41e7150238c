import { BoundedOutput, type Trouble } from './bounded-output.ts';
import { logLine } from './log-line.ts';
import { type LogFileSettings, type OpenLogFile, openFirst, openRotatingFile } from './rotating-file.ts';

/** A full or broken disk is tried again after this time, in milliseconds. */
const REOPEN_AFTER_MS = 30_000;

/** How often it is looked whether the file is still there, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/**
 * The log file as an output. When somebody else moves or removes it (logrotate, a person), the file is opened anew at its path within a
 * second: what is written to one without a name is lost.
 */
export class FileOutput extends BoundedOutput {
  readonly #current: { file: OpenLogFile };

  private constructor(settings: LogFileSettings, first: OpenLogFile, onTrouble: (trouble: Trouble) => void) {
    const current = { file: first };
    let opened = false;
    const open = () => {
      if (opened) current.file = openRotatingFile(settings);
      opened = true;
      return current.file.stream;
    };
    super({ open, reopenAfterMs: REOPEN_AFTER_MS, onTrouble });
    this.#current = current;
    setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
  }

  /** @throws LogFileError when the file cannot be opened */
  static async open(settings: LogFileSettings, onTrouble: (trouble: Trouble) => void): Promise<FileOutput> {
    return new FileOutput(settings, await openFirst(settings), onTrouble);
  }

  async #look(): Promise<void> {
    const { file } = this.#current;
    if (!(await file.wasMoved()) || file !== this.#current.file) return;
    this.reopen();
    this.write(logLine('warn', {}, 'the log file was moved or removed by somebody else: this is a new one'), true);
  }
}
