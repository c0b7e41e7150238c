import { spawn } from 'node:child_process';
import { root } from '../setup/paths.mjs';
import { SetupError } from '../setup/progress.mjs';

/**
 * Runs npm in the repository and reads what it prints as JSON. npm reports its own failures as JSON too, so a code other
 * than 0 is for the caller to judge.
 * @param {string[]} args
 * @returns {Promise<any>}
 * @throws {SetupError} when there is no npm, or when what it prints is not JSON
 */
export async function npmJson(args) {
  const { output, errors } = await run(args);
  try {
    return JSON.parse(output);
  } catch {
    throw new SetupError(`npm ${args[0]} printed no JSON:\n${(errors || output).trim().slice(0, 2_000)}`);
  }
}

function run(args) {
  // Under `npm run`, the very npm that runs this script; else the one on the PATH.
  const npm = process.env.npm_execpath;
  const child = npm
    ? spawn(process.execPath, [npm, ...args], { cwd: root })
    : spawn('npm', args, { cwd: root, shell: process.platform === 'win32' });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new SetupError(`npm could not be started: ${error.message}`)));
    child.on('close', () => resolve({ output, errors }));
  });
}
