import { hasCommand, runCommand } from './network/run-command.ts';

/**
 * Makes sure that a program of Debian's packages is here; as root it is installed.
 * @param program as the shell finds it
 * @param debianPackage the package that has it
 * @throws Error that says what to do where it cannot be installed
 */
export async function ensureProgram(program: string, debianPackage: string): Promise<void> {
  if (await hasCommand(program)) return;
  if (process.getuid?.() === 0 && (await hasCommand('apt-get'))) {
    await runCommand('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debianPackage], 300_000);
    if (await hasCommand(program)) return;
  }
  throw new Error(`${program} is needed here. Install it (Debian, Ubuntu: \`apt-get install ${debianPackage}\`).`);
}

/** For a test's `skip`: false where all these programs are here or could be installed, else why not. */
export async function skipWithout(...programs: readonly string[]): Promise<string | false> {
  try {
    for (const program of programs) await ensureProgram(program, program);
    return false;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
