/** The documentation of the environment variables, made from `variables.ts` in the three forms in which people read it. */
import { type Variable, variables } from './variables.ts';

type Entry = readonly [name: string, variable: Variable<unknown>];

function groups(): readonly (readonly [group: string, entries: readonly Entry[]])[] {
  return [...Map.groupBy(Object.entries(variables), ([, variable]) => variable.group)];
}

function defaultOf(variable: Variable<unknown>): string {
  return variable.defaultDoc ?? `\`${variable.default ?? ''}\``;
}

function plain(text: string): string {
  return text.replaceAll('`', '');
}

/** Breaks a text into lines of at most `width` characters. */
function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1] ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

/** What `--help` prints. */
export function renderHelp(version: string): string {
  const lines = [
    `Prospect Live relay ${version}`,
    '',
    'Usage: prospect-live [COMMAND] [OPTIONS]   (in a checkout: npm run --silent relay -- [COMMAND] [OPTIONS])',
    '',
    'Commands, each with a --help of its own (help COMMAND does the same):',
    '  start     run the relay; without a command too. --dev: for trials, with a secret and tokens of its own',
    '  doctor    find out why it does not work: settings, ports, certificate, keys, Redis, TURN, worker, clock, limits',
    '  token     print a token for a trial, signed with the configured secret',
    '  status    is a relay ready, and what does it carry?',
    '  drain     stop a relay; in a cluster once its pages have gone over to other relays',
    '  audit     verify the kept audit trail; who heard whom; export it',
    '  policy    policy check [FILE]: can a policy file be used, and what does it mean for each team?',
    '  load      where the load generator is',
    '',
    'Options without a command:',
    '  --help              this text',
    '  --version           print the version',
    '  --env-example       print an env file with every variable',
    '  --variables-table   print the variables as a Markdown table',
    '  --dev, --print-ready, and all else: those of start',
    '',
    'Configuration: environment variables. Those that are not set are looked for in the file that RELAY_ENV_FILE names, or',
    'in ./.env if there is one. Durations carry their unit: 500ms, 30s, 10m, 8h.',
    '',
    'Signals: SIGTERM and SIGINT tell the pages and stop within 5 seconds, a second one stops at once. In a cluster SIGTERM waits',
    'for the pages to go over to other relays first (DRAIN_TIME), SIGINT does not. SIGHUP reads certificate and POLICY_FILE again,',
    'and opens LOG_FILE anew (from a terminal, or without any of them, it stops). Started by a Node process with an IPC channel, it',
    'sends {"type":"ready","http":PORT,…} there, and stops when that process is gone.',
    'Exit codes: 0 done, or stopped by a signal; 1 failed (wrong configuration, a port in use, a fault found, no answer);',
    '2 a command line that cannot be understood; 130 (SIGINT) or 143 (SIGTERM) when stopped at once by a second signal.',
  ];
  for (const [group, entries] of groups()) {
    lines.push('', group);
    for (const [name, variable] of entries) {
      lines.push(`  ${name}  (default: ${plain(defaultOf(variable))})`);
      lines.push(...wrap(plain(variable.doc), 110).map((line) => `      ${line}`));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The contents of `.env.example`: every variable, commented out, with its default or an example. */
export function renderEnvExample(): string {
  const lines = [
    '# The relay’s variables. Made by: node main.ts --env-example > .env.example',
    '# Copy to .env (or name the file in RELAY_ENV_FILE) and take the # away from what you set. Durations carry their unit.',
  ];
  for (const [group, entries] of groups()) {
    lines.push('', '', `## ${group}`);
    for (const [name, variable] of entries) {
      const value = variable.secret
        ? ''
        : variable.defaultDoc === undefined
          ? (variable.default ?? '')
          : variable.example;
      const quoted = /[\s#]/.test(value) && !value.startsWith('"') ? `"${value}"` : value;
      lines.push('', ...wrap(plain(variable.doc), 116).map((line) => `# ${line}`));
      lines.push(`# Default: ${plain(defaultOf(variable))}.`, `#${name}=${quoted}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The README's table. */
export function renderVariablesTable(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const lines: string[] = [];
  for (const [group, entries] of groups()) {
    lines.push(`**${group}**`, '', '| Variable | Default | Meaning |', '|---|---|---|');
    for (const [name, variable] of entries) {
      lines.push(`| \`${name}\` | ${cell(defaultOf(variable))} | ${cell(variable.doc)} |`);
    }
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}
