import { readFileSync } from 'node:fs';

/** What a thread has had of a processor since it began, in milliseconds. */
export interface ProcessorTime {
  readonly usedMs: number;
  /** Ready to run, while others had the processor, or while a quota was used up. 0 where the system does not tell. */
  readonly waitedMs: number;
}

/** Of the main thread of a process, from Linux (`/proc/PID/schedstat`, Documentation/scheduler/sched-stats.rst); null elsewhere. */
export function processorTimeOf(pid: number): ProcessorTime | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/schedstat`, 'latin1');
  } catch {
    return null;
  }
  const [, used, waited] = /^(\d+) (\d+) \d+/.exec(text) ?? [];
  // All zeros where the kernel was built without it.
  if (used === undefined || used === '0') return null;
  return { usedMs: Number(used) / 1e6, waitedMs: Number(waited) / 1e6 };
}
