import { type ParseArgsConfig, parseArgs } from 'node:util';
import { commandName } from './command-name.ts';
import { UsageError } from './usage-error.ts';

/** How a command ends: `done`; `failed`, and it has said why; `usage`, the command line is wrong. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Where a command writes to: results, and everything else. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
}

/** One command of the program. */
export interface Command {
  /** What it is told, after its name. @returns its exit code; null when it goes on running and ends by itself */
  run(args: readonly string[], terminal: Terminal): Promise<number | null>;
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Reads the options of a command, strictly: what is unknown, or no option at all, is an error. @throws UsageError */
export function readOptions<const O extends Options>(command: string, args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values;
  } catch (error) {
    throw usage(command, error instanceof Error ? error.message : String(error));
  }
}

/** What is wrong with a command's options, with where they are listed. */
export function usage(command: string, problem: string): UsageError {
  return new UsageError(`${problem}\nAll options: ${commandName()} ${command} --help`);
}
