import type { ChildProcess } from 'node:child_process';
import { channel } from 'node:diagnostics_channel';

/** Node tells here of every process, at the moment in which it is made (Node's documentation, diagnostics_channel). */
const PROCESSES = channel('child_process');

/**
 * Runs `spawn`, which must start its process before it returns, and gives that process as well. mediasoup keeps its own
 * to itself until it runs, so that one that never does could not be ended.
 */
export function withSpawned<T>(spawn: () => T): { readonly result: T; readonly child: ChildProcess | null } {
  let child: ChildProcess | null = null;
  const note = (message: unknown) => {
    if (isMessage(message)) child ??= message.process;
  };
  PROCESSES.subscribe(note);
  try {
    return { result: spawn(), child };
  } finally {
    PROCESSES.unsubscribe(note);
  }
}

function isMessage(message: unknown): message is { process: ChildProcess } {
  return typeof message === 'object' && message !== null && 'process' in message;
}
