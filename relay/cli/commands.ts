import type { Command } from './command.ts';
import { commandName } from './command-name.ts';
import { UsageError } from './usage-error.ts';

/** Each is loaded when it is asked for: what a broken installation lacks shall not keep `doctor` from saying so. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./start-command.ts')).startCommand,
  doctor: async () => (await import('./doctor/doctor-command.ts')).doctorCommand,
  token: async () => (await import('./token-command.ts')).tokenCommand,
  status: async () => (await import('./status-command.ts')).statusCommand,
  drain: async () => (await import('./drain-command.ts')).drainCommand,
  audit: async () => (await import('./audit-command.ts')).auditCommand,
  policy: async () => (await import('./policy-command.ts')).policyCommand,
  load: async () => (await import('./load-command.ts')).loadCommand,
};

/** The names of all commands. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** The command of this name. @throws UsageError when there is none */
export function findCommand(name: string): Promise<Command> {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    throw new UsageError(
      `There is no command ${JSON.stringify(name.slice(0, 60))}. Commands: ${COMMAND_NAMES.join(', ')}.\nWhat they do: ${commandName()} --help`,
    );
  }
  return load();
}
