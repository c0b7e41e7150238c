import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import type { AuditEntry, AuditSink } from './audit-entries.ts';
import { type ChainEvents, type ChainGauges, ChainWriter } from './chain/chain-writer.ts';
import { FolderTakenError, lockFolder } from './chain/folder-lock.ts';
import { fingerprint } from './chain/signing-key.ts';

/** Where the trail is kept, and for how long. */
export interface AuditDirectoryOptions {
  /** `AUDIT_DIR`. It is made when it is not there. */
  readonly root: string;
  /** The name of this relay's chain below it. */
  readonly chain: string;
  /** Days that are kept after the present one; null: all. Read at each turn of the day. */
  readonly retentionDays: () => number | null;
  readonly logger: Logger;
  /** Storage has begun to fail, or works again. */
  readonly onFailing?: (failing: boolean) => void;
}

/** The folder cannot be used. The message is complete, but for the variable's name. */
export class AuditDirectoryError extends Error {
  override readonly name = 'AuditDirectoryError';
}

/** The audit trail below `AUDIT_DIR`: a chain of this relay's own, which no other process writes. */
export class AuditDirectory implements AuditSink {
  readonly #writer: ChainWriter;
  readonly #lock: { release(): void };

  private constructor(writer: ChainWriter, lock: { release(): void }) {
    this.#writer = writer;
    this.#lock = lock;
  }

  /** Opens the trail, or refuses to: a relay that cannot keep it must not start. @throws AuditDirectoryError */
  static async open({ root, chain, retentionDays, logger, onFailing }: AuditDirectoryOptions): Promise<AuditDirectory> {
    const folder = join(root, chain);
    let lock: { release(): void };
    try {
      makeFolder(folder);
      lock = await lockFolder(folder);
    } catch (error) {
      if (error instanceof FolderTakenError) {
        throw new AuditDirectoryError(
          `${error.message}. Two relays on one machine need a folder each, or a NODE_ID each.`,
        );
      }
      throw cannot(folder, error);
    }
    try {
      const writer = new ChainWriter({ folder, chain, retentionDays, events: told(logger, folder, onFailing) });
      if (writer.failing) {
        writer.close();
        throw new AuditDirectoryError(`${folder} cannot be written to (the log says why).`);
      }
      logger.info({ folder, key: fingerprint(writer.publicKey) }, 'audit trail opened');
      return new AuditDirectory(writer, lock);
    } catch (error) {
      lock.release();
      throw error instanceof AuditDirectoryError ? error : cannot(folder, error);
    }
  }

  /** How the trail stands. */
  get gauges(): ChainGauges & { readonly failing: boolean } {
    return { ...this.#writer.gauges, failing: this.#writer.failing };
  }

  record(entry: AuditEntry): void {
    this.#writer.record(entry);
  }

  /** Signs, and lets go of the folder. Idempotent. */
  close(): void {
    this.#writer.close();
    this.#lock.release();
  }
}

/**
 * Makes a folder, and those above it that are missing. Node's own `recursive` tries for ever where the system says of a folder that is
 * there that it is not, as below /proc. @throws what the file system says
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  // For the owner and the group alone: ids of people are in it.
  mkdirSync(folder, { mode: 0o750 });
}

function cannot(folder: string, error: unknown): AuditDirectoryError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AuditDirectoryError(`${folder} cannot be used (${reason}). Give a folder that this process may write.`);
}

function told(logger: Logger, folder: string, onFailing: ((failing: boolean) => void) | undefined) {
  return {
    failing: (reason: string) => {
      logger.error({ folder, reason }, 'the audit trail cannot be written; entries wait in memory');
      onFailing?.(true);
    },
    recovered: (lost: number) => {
      logger.info({ folder, lost }, 'the audit trail is written again');
      onFailing?.(false);
    },
    found: ({ missing, tornBytes, unsigned, clean }: Parameters<ChainEvents['found']>[0]) => {
      const about = { missing, tornBytes, unsigned, clean };
      if (missing > 0) logger.error({ folder, ...about }, 'records of the audit trail are missing');
      else if (clean)
        logger.warn({ folder, ...about }, 'records of the audit trail were not signed, though it had been closed');
      else logger.warn({ folder, ...about }, 'the audit trail was not closed; it goes on after the last whole record');
    },
    // Kept wherever the log goes: a hash that is known elsewhere is what shows that an end was cut off.
    closedDay: (day: string, last: number, head: string) =>
      logger.info({ folder, day, last, head }, 'day of the audit trail closed and signed'),
  };
}
