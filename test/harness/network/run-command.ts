import { execFile } from 'node:child_process';
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

/** True when the shell finds the program. */
export async function hasCommand(command: string): Promise<boolean> {
  return runCommand('sh', ['-c', 'command -v "$0"', command]).then(
    () => true,
    () => false,
  );
}
