#!/usr/bin/env node
/**
 * The command `prospect-live`: runs the relay, or one of the commands beside it. `--help` prints commands, options, variables,
 * signals and exit codes.
 */
import { EXIT, type Terminal } from './cli/command.ts';
import { findCommand } from './cli/commands.ts';
import { MintError } from './cli/mint-token.ts';
import { printable } from './cli/printable.ts';
import { UsageError } from './cli/usage-error.ts';
import { renderEnvExample, renderHelp, renderVariablesTable } from './config/help.ts';
import { ConfigError } from './config/problems.ts';
import { readPackageInfo } from './package-info.ts';
import { StartError } from './start-error.ts';

const terminal: Terminal = {
  out: (text) => void process.stdout.write(printable(text)),
  err: (text) => void process.stderr.write(printable(text)),
};

/** How long a program that reads what was written may take. */
const LAST_WORDS_WITHIN_MS = 5_000;

/** Options that print something and do nothing else. */
const PRINTS: Readonly<Record<string, () => string>> = {
  '--help': () => renderHelp(readPackageInfo().version),
  '--version': () => `${readPackageInfo().version}\n`,
  '--env-example': renderEnvExample,
  '--variables-table': renderVariablesTable,
};

const code = await main(process.argv.slice(2));
// Null: it runs, and ends by itself. Otherwise once what it wrote is out, which a pipe may take its time for.
if (code !== null) {
  // A relay that does not start does not wait for one who never reads (its standard output does not block any more).
  setTimeout(() => process.exit(code), LAST_WORDS_WITHIN_MS).unref();
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

async function main(typed: readonly string[]): Promise<number | null> {
  try {
    const args = helpAsOption(typed);
    const [first = '', ...rest] = args;
    // Without a command, as in a unit file of the first days: the relay.
    if (first !== '' && !first.startsWith('-')) return await (await findCommand(first)).run(rest, terminal);
    const print = args.map((arg) => (Object.hasOwn(PRINTS, arg) ? PRINTS[arg] : undefined)).find(Boolean);
    if (!print) return await (await findCommand('start')).run(args, terminal);
    terminal.out(print());
    return EXIT.done;
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`${error.message}\n`);
      return EXIT.usage;
    }
    const expected = [ConfigError, MintError, StartError].some((kind) => error instanceof kind);
    if (!expected || !(error instanceof Error)) throw error;
    terminal.err(`${error.message}\n`);
    return EXIT.failed;
  }
}

/** `help` is `--help`, and `help COMMAND` is `COMMAND --help`. */
function helpAsOption(args: readonly string[]): readonly string[] {
  const [first, ...rest] = args;
  return first === 'help' ? [...rest, '--help'] : args;
}
