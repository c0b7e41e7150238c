import { spawnSync } from 'node:child_process';

/**
 * The processes of this machine, none where `ps` cannot say.
 * @returns {{ pid: number, parent: number, group: number, args: string }[]} `args` is the command line
 */
export function processes() {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,args='], { encoding: 'utf8' });
  return [...(stdout ?? '').matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*?)\s*$/gm)].map(
    ([, pid, parent, group, args]) => ({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      args,
    }),
  );
}
