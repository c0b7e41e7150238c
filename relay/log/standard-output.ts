import { createRequire } from 'node:module';
import { type DestinationStream, pino } from 'pino';
import { BoundedOutput, type Trouble } from './bounded-output.ts';

/**
 * Standard output, for lines. Node writes to a pipe or socket (a container's log, journald) until it is taken, and stands still
 * meanwhile, all of it, when nobody reads; so both standard streams are made not to wait. As long as there is room, lines are still
 * out before `write` returns.
 */
export function standardOutput(onTrouble: (trouble: Trouble) => void): BoundedOutput {
  // Both may be one pipe (2>&1), whose mode is one: whoever opens the second later would make the first wait again.
  for (const stream of [process.stdout, process.stderr]) doNotWait(stream);
  return new BoundedOutput({ open: () => process.stdout, reopenAfterMs: null, onTrouble });
}

/** Coloured lines for people, when standard output is a terminal and pino-pretty is installed (it is not needed to run). */
export function isForPeople(): boolean {
  return process.stdout.isTTY === true && isInstalled('pino-pretty');
}

/** Makes lines readable, in another thread. */
export function prettyOutput(): DestinationStream {
  return pino.transport({ target: 'pino-pretty', options: { translateTime: 'SYS:HH:MM:ss.l', singleLine: true } });
}

/** Files and terminals have no such handle, and need none. On Windows pipes are another matter. */
function doNotWait(stream: NodeJS.WriteStream): void {
  if (process.platform === 'win32' || stream.isTTY) return;
  const handle: unknown = Reflect.get(stream, '_handle');
  if (typeof handle !== 'object' || handle === null) return;
  const setBlocking: unknown = Reflect.get(handle, 'setBlocking');
  if (typeof setBlocking === 'function') setBlocking.call(handle, false);
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
