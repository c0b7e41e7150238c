import { runCommand } from './network/run-command.ts';

async function processTable(): Promise<{ pid: number; parent: number; zombie: boolean }[]> {
  const table = await runCommand('ps', ['-eo', 'pid=,ppid=,stat=']);
  return table.split('\n').flatMap((line) => {
    const [pid, parent, state] = line.trim().split(/\s+/);
    return pid && parent && state ? [{ pid: Number(pid), parent: Number(parent), zombie: state.startsWith('Z') }] : [];
  });
}

/** Process ids of the running children of a process, oldest first: a relay's are its media workers. */
export async function childProcesses(pid: number): Promise<number[]> {
  const table = await processTable();
  return table.flatMap((row) => (row.parent === pid && !row.zombie ? [row.pid] : [])).sort((a, b) => a - b);
}

/** True while any of these processes runs. One that nobody has collected yet has ended. */
export async function anyRunning(pids: readonly number[]): Promise<boolean> {
  return (await processTable()).some(({ pid, zombie }) => pids.includes(pid) && !zombie);
}
