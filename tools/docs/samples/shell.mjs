import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { inRoot } from '../../setup/paths.mjs';

/** Programs of other makers that the pages name. Anything else is a misspelling, or belongs here. */
const PROGRAMS = new Set(
  'apt-get cd chmod cp curl docker export ffmpeg git gst-launch-1.0 helm install journalctl kubectl mkdir nft node npm npx openssl sha256sum sudo sysctl systemctl useradd'.split(
    ' ',
  ),
);

/**
 * Checks shell commands: their syntax, and that programs, npm scripts, test suites and files of the project exist.
 * @param {string} script
 * @param {{ scripts: Record<string, string>, suites: string[], variables: string[], commands: string[] }} known
 * @returns {string[]} problems
 */
export function checkShell(script, known) {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
  const problems = status === 0 ? [] : [`bash -n: ${stderr.trim()}`];
  for (const command of commandsOf(script)) problems.push(...checkCommand(command, known));
  return problems;
}

/** Commands as lists of words: joined lines, without comments, cut at `|`, `&&`, `||` and `;`. */
function commandsOf(script) {
  return script
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(?:^|\s)#.*$/, ''))
    .flatMap((line) => line.split(/\s(?:\|\|?|&&|;)\s/))
    .map((command) => command.match(/(?:[^\s'"]+|"[^"]*"|'[^']*')+/g) ?? [])
    .filter((words) => words.length > 0);
}

function checkCommand(words, { scripts, suites, variables, commands }) {
  const problems = [];
  const rest = [...words];
  while (/^[A-Z_]+=/.test(rest[0] ?? '')) {
    const name = rest.shift().split('=')[0];
    if (!variables.includes(name)) problems.push(`nothing reads the variable ${name}`);
  }
  if (rest[0] === 'sudo') rest.shift();
  const [program, ...args] = rest;
  if (program === undefined) return problems;
  if (program.startsWith('node_modules/')) {
    if (!existsSync(inRoot(program))) problems.push(`there is no ${program}`);
  } else if (!PROGRAMS.has(program)) problems.push(`unknown program ${program}`);
  if (program === 'npm') problems.push(...checkNpm(args, scripts, suites));
  if (program === 'npx' && !commands.includes(args[0])) problems.push(`no package has the command ${args[0]}`);
  const paths = args.filter((word) => /^(?:relay|widgets|demo|deploy|docs|tools|certs)\/[\w./-]+$/.test(word));
  for (const path of paths) if (!existsSync(inRoot(path))) problems.push(`there is no ${path}`);
  return problems;
}

/** @param {string[]} words */
function checkNpm(words, scripts, suites) {
  const [verb, ...args] = words.filter((word) => word !== '--silent');
  const script = verb === 'run' ? args[0] : ['start', 'test'].includes(verb) ? verb : null;
  if (script === null) return ['ci', 'install', 'pack'].includes(verb) ? [] : [`npm ${verb}?`];
  if (!scripts[script]) return [`package.json has no script ${script}`];
  const after = args.includes('--') ? args.slice(args.indexOf('--') + 1) : [];
  if (script !== 'test') return [];
  return after.filter((suite) => !suites.includes(suite)).map((suite) => `npm test has no suite ${suite}`);
}
