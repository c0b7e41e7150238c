import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, createWriteStream, mkdirSync, readFileSync, statSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { inRoot } from './paths.mjs';
import { processes } from './processes.mjs';
import { SetupError } from './progress.mjs';

/** The lines of a log that a failure shows. */
const LINES_SHOWN = 60;

/** Where Debian has daemons such as HAProxy; not in the PATH of everybody but root. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * Finds an executable file on the PATH. Where only the system's folders have it, those are in this process's PATH from then on.
 * @returns its path, or null
 */
export function which(name) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = within(folders, name);
  if (found) return found;
  const others = SYSTEM_FOLDERS.filter((folder) => !folders.includes(folder));
  const elsewhere = within(others, name);
  if (elsewhere) process.env.PATH = [...folders, ...others].join(delimiter);
  return elsewhere;
}

function within(folders, name) {
  for (const folder of folders) if (folder && isExecutable(join(folder, name))) return join(folder, name);
  return null;
}

/** Whether the path is a file that this user may execute. */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether a quick command ends with code 0; its output is not shown. */
export function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

/**
 * Runs a command with its output in a log file (`.cache/setup/NAME.log`), which a failure shows.
 * @param {string} name of the log
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, onLine?: (line: string) => void }} [options]
 * @throws {SetupError} when it does not end with code 0
 */
export async function runLogged(name, command, args, { cwd, env, timeoutMs, onLine } = {}) {
  const logFile = inRoot('.cache', 'setup', `${name}.log`);
  mkdirSync(inRoot('.cache', 'setup'), { recursive: true });
  const log = createWriteStream(logFile);
  log.write(`$ ${command} ${args.join(' ')}\n`);
  const outcome = await new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...(env ?? process.env), NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const timer = timeoutMs && setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`);
        onLine?.(line);
      });
    }
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve(code === 0 ? null : signal ? `was ended by ${signal}` : `ended with code ${code}`);
    });
  });
  await new Promise((resolve) => log.end(resolve));
  if (outcome === null) return;
  const tail = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LINES_SHOWN).join('\n');
  throw new SetupError(`${tail}\n\n"${command} ${args.slice(0, 3).join(' ')}" ${outcome}. The whole log: ${logFile}`);
}

/**
 * Runs a program in the foreground, with this one's terminal, and passes signals on to it.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code (128 + the signal's number when a signal ended it)
 */
export function runForeground(command, args, { cwd, env } = {}) {
  const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: 'inherit' });
  return exitCode(child);
}

/**
 * The same for a program that may leave processes of its own behind, such as tests: it gets a process group, and what is
 * left of that when the program has ended is killed.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
export async function runGroup(command, args, { cwd, env } = {}) {
  if (process.platform === 'win32') return runForeground(command, args, { cwd, env });
  const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: 'inherit', detached: true });
  const code = await exitCode(child, (signal) => process.kill(-child.pid, signal));
  const left = membersOf(child.pid);
  try {
    process.kill(-child.pid, 'SIGKILL');
    console.log(`(still running afterwards, and ended now:\n  ${left.join('\n  ')})`);
  } catch {
    // Nothing is left.
  }
  return code;
}

/** The members of a process group, in words. */
function membersOf(group) {
  return processes()
    .filter((one) => one.group === group)
    .map(({ pid, args }) => shortened(`${pid} ${args}`));
}

/** What a command line begins and ends with: a test runner's own flags may hide the name of the test. */
function shortened(line) {
  return line.length <= 200 ? line : `${line.slice(0, 80)} … ${line.slice(-120)}`;
}

function exitCode(child, pass) {
  const stopPassing = passSignals(child, pass);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      stopPassing();
      resolve(code ?? 128 + (signal ? osConstants.signals[signal] : 0));
    });
  });
}

/**
 * Calls back when npm was ended. npm passes a SIGTERM on to the shell in which it runs a script, and no further.
 * @returns the function that stops watching
 */
export function onParentGone(callback) {
  const shell = process.ppid;
  if (!process.env.npm_lifecycle_event || shell <= 1) return () => {};
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    callback();
  }, 500);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Passes SIGINT, SIGTERM and SIGHUP on to a child instead of ending here first.
 * @param {import('node:child_process').ChildProcess} child
 * @param {(signal: NodeJS.Signals) => void} [pass] how, for a child in a group of its own
 * @returns the function that stops it
 */
function passSignals(child, pass) {
  const signals = /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  const handlers = signals.map((signal) => {
    const handler = () => {
      if (pass) return pass(signal);
      // Ctrl-C in a terminal reaches the child as well: a second copy could make it give up its orderly stop.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  const stopWatching = onParentGone(() => (pass ?? child.kill.bind(child))('SIGTERM'));
  return () => {
    stopWatching();
    for (const off of handlers) off();
  };
}
