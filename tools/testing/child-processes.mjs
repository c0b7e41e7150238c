import { spawnSync } from 'node:child_process';

/**
 * Ends the child process of this one whose command line ends with the path.
 * @param {string} path of a test file, as it was handed to the test runner
 * @returns {boolean} whether there was one
 */
export function endChild(path) {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  for (const line of (stdout ?? '').split('\n')) {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*?)\s*$/.exec(line) ?? [];
    if (Number(parent) !== process.pid || !args.endsWith(path)) continue;
    process.kill(Number(pid), 'SIGKILL');
    return true;
  }
  return false;
}
