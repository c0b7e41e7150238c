import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a command to its end. @returns what it printed @throws Error with its last words and exit code */
export async function runCommand(command: string, args: readonly string[], timeoutMs = 60_000): Promise<string> {
  try {
    const { stdout } = await execute(command, [...args], { timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(`${command} ${args.join(' ')} failed: ${stderr || String(error)}`, { cause: error });
  }
}

/** Where Debian has daemons such as HAProxy; not in the PATH of everybody but root. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** True when the program can be run by its name. Where only the system's folders have it, those are in this process's PATH from then on. */
export async function hasCommand(command: string): Promise<boolean> {
  if (await isFound(command)) return true;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const others = SYSTEM_FOLDERS.filter((folder) => !folders.includes(folder));
  if (others.length === 0) return false;
  process.env.PATH = [...folders, ...others].join(delimiter);
  return isFound(command);
}

const isFound = (command: string): Promise<boolean> =>
  runCommand('sh', ['-c', 'command -v "$0"', command]).then(
    () => true,
    () => false,
  );
