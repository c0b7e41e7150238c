import { readFileSync } from 'node:fs';

/** Descriptors that the process needs beside connections: listeners, pipes to the workers, files that are served. */
const RESERVED = 64;

/**
 * How many connections the process may hold at once: as many as are wished for, unless its limit of open files (RLIMIT_NOFILE) leaves room
 * for fewer. Without descriptors nobody could connect, and no worker be started again.
 */
export function roomForConnections(wished: number, openFiles: number | null = openFilesLimit()): number {
  return openFiles === null ? wished : Math.max(1, Math.min(wished, openFiles - RESERVED));
}

/** The process's own limit; null where the system does not say. */
export function openFilesLimit(): number | null {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? null : Number(limit);
  } catch {
    return null;
  }
}
