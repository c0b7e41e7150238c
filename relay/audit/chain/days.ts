import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const DAY_FILE = /^(\d{4}-\d{2}-\d{2})\.jsonl$/;
const HEAD_FILE = /^(\d{4}-\d{2}-\d{2})\.head\.json$/;

/** Where the records of a day (UTC, `YYYY-MM-DD`) stand. */
export function dayPath(folder: string, day: string): string {
  return join(folder, `${day}.jsonl`);
}

/** Where the signed head of a day stands. */
export function headPath(folder: string, day: string): string {
  return join(folder, `${day}.head.json`);
}

/** The day of a moment, in UTC. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The days of which there are records, the oldest first. @throws when the folder cannot be read */
export function daysIn(folder: string): string[] {
  return datesIn(folder, DAY_FILE);
}

/** The days of which there is a head, the oldest first. @throws when the folder cannot be read */
export function headsIn(folder: string): string[] {
  return datesIn(folder, HEAD_FILE);
}

/** The chains below `AUDIT_DIR`, by name. @throws when the folder cannot be read */
export function chainsIn(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && CHAIN_NAME.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** What a chain may be called: it is a folder's name. */
export const CHAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

function datesIn(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder)
    .flatMap((name) => pattern.exec(name)?.[1] ?? [])
    .sort();
}
