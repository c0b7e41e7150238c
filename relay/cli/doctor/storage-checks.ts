import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AuditConfig, LogFileConfig } from '../../config/shape.ts';
import { type Finding, failed, ok, skipped, warning, wordsOf } from './finding.ts';

/** With less room than this a disk is nearly full, in bytes. */
const LITTLE_ROOM = 100 * 1_048_576;

/** Whether the relay could write its log file. Nothing is written. */
export function checkLogFile(log: LogFileConfig | null, littleRoom = LITTLE_ROOM): Finding {
  const id = 'log-file';
  if (log === null) return skipped(id, 'LOG_FILE is not set: the log goes to standard output alone.');
  return judge({ id, name: 'LOG_FILE', files: [log.path], folder: dirname(log.path), littleRoom });
}

/** Whether the relay could keep its audit trail. Nothing is written. */
export function checkAuditFolder(audit: AuditConfig | null, littleRoom = LITTLE_ROOM): Finding {
  const id = 'audit-folder';
  if (audit === null) return skipped(id, 'AUDIT_DIR is not set: the audit trail is in the log alone.');
  const folder = join(audit.root, audit.chain);
  const files = [join(folder, 'key.pem')];
  return judge({ id, name: 'AUDIT_DIR', files, folder, littleRoom });
}

interface Place {
  readonly id: string;
  /** The variable that names it. */
  readonly name: string;
  /** What has to be a file of this user's where it is there already. */
  readonly files: readonly string[];
  /** What is written to; it is made when it is not there. */
  readonly folder: string;
  readonly littleRoom: number;
}

function judge({ id, name, files, folder, littleRoom }: Place): Finding {
  const { R_OK, W_OK, X_OK } = constants;
  try {
    const there = nearest(folder);
    if (!statSync(there).isDirectory()) throw new Error(`${there} is no folder`);
    accessSync(there, W_OK | X_OK);
    for (const file of files) {
      const found = statSync(file, { throwIfNoEntry: false });
      if (found === undefined) continue;
      if (!found.isFile()) throw new Error(`${file} is no file`);
      accessSync(file, R_OK | W_OK);
    }
    const { bavail, bsize } = statfsSync(there);
    const free = bavail * bsize;
    const room = `${Math.floor(free / 1_048_576)} MiB are free`;
    if (free < littleRoom)
      return warning(id, `${folder} (${name}): ${room}.`, 'Make room, or name a folder on another disk.');
    return ok(id, `${folder} (${name}) can be written; ${room}.`);
  } catch (error) {
    return failed(
      id,
      `${folder} (${name}) cannot be written by this user: ${wordsOf(error)}.`,
      'Name a place that the relay’s user may write, or give it the right; in a systemd unit also ReadWritePaths=.',
    );
  }
}

/** The folder itself, or the nearest one above it that is there. */
function nearest(folder: string): string {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined || dirname(folder) === folder) return folder;
  return nearest(dirname(folder));
}
