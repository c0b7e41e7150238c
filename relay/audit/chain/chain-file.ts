import { closeSync, fdatasync, fdatasyncSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';

const sync = promisify(fdatasync);

/** The few calls by which records reach the disk; tests put a disk that fails in their place. */
export interface Disk {
  /** Opens for writing, makes the file when it is not there. */
  open(path: string): { readonly file: number; readonly size: number };
  /** @returns how many bytes were written */
  write(file: number, bytes: Uint8Array, offset: number, position: number): number;
  truncate(file: number, size: number): void;
  sync(file: number): Promise<void>;
  syncNow(file: number): void;
  close(file: number): void;
}

/** For the owner and the group alone: ids of people are in it. */
const MODE = 0o640;

/** The disk of this machine. */
export const realDisk: Disk = {
  open: (path) => {
    // Not `a`: a record that was written in part is written over.
    const file = openSync(path, 'a+', MODE);
    closeSync(file);
    const opened = openSync(path, 'r+');
    return { file: opened, size: fstatSync(opened).size };
  },
  write: (file, bytes, offset, position) => writeSync(file, bytes, offset, bytes.length - offset, position),
  truncate: ftruncateSync,
  sync,
  syncNow: fdatasyncSync,
  close: closeSync,
};

/** The file of one day, to which whole lines are added. */
export class ChainFile {
  readonly #disk: Disk;
  readonly #file: number;
  #size: number;

  /** @throws what the file system says */
  constructor(path: string, disk: Disk) {
    this.#disk = disk;
    const { file, size } = disk.open(path);
    this.#file = file;
    this.#size = size;
  }

  /** Adds the line whole, or throws and leaves the file as it was. */
  add(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    let written = 0;
    try {
      while (written < bytes.length) {
        const more = this.#disk.write(this.#file, bytes, written, this.#size + written);
        if (more === 0) throw new Error('nothing was written');
        written += more;
      }
    } catch (error) {
      if (written > 0) this.#disk.truncate(this.#file, this.#size);
      throw error;
    }
    this.#size += bytes.length;
  }

  /** Resolves once all that was added before is on the disk. */
  sync(): Promise<void> {
    return this.#disk.sync(this.#file);
  }

  /** What was added is on the disk when it returns. */
  close(): void {
    try {
      this.#disk.syncNow(this.#file);
    } finally {
      this.#disk.close(this.#file);
    }
  }
}
