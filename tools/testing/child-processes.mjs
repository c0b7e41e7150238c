import { processes } from '../setup/processes.mjs';

/**
 * Ends the child process of this one whose command line ends with the path.
 * @param {string} path of a test file, as it was handed to the test runner
 * @returns {boolean} whether there was one
 */
export function endChild(path) {
  const child = processes().find(({ parent, args }) => parent === process.pid && args.endsWith(path));
  if (child) process.kill(child.pid, 'SIGKILL');
  return child !== undefined;
}
