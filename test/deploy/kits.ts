/** What the tests of the deployment kits share: their files, and the relay's own judgement of the values in them. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnvFile } from '../../relay/config/env-file.ts';
import { variables } from '../../relay/config/variables.ts';
import { ConfigError, type Environment, readConfig } from '../../relay/config.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A path in the project. */
export const inRoot = (...parts: readonly string[]): string => join(root, ...parts);

/** A file of deploy/. */
export const readKit = (path: string): string => readFileSync(inRoot('deploy', path), 'utf8');

/** Every file of a folder of deploy/, however deep, by its path below deploy/. */
export function kitFiles(folder: string): string[] {
  return readdirSync(inRoot('deploy', folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(inRoot('deploy').length + 1));
}

/** Every variable of the relay, in order. */
export const variableNames: readonly string[] = Object.keys(variables).sort();

/** The least time that a relay has to be given to stop, in seconds: its drain, and what it says it needs beside that. */
export const STOP_S = variables.DRAIN_TIME.schema.parse(variables.DRAIN_TIME.default) / 1_000 + 10;

/** For a test's `skip`: false where the program is here, else why not. */
export function without(program: string): string | false {
  return spawnSync('sh', ['-c', 'command -v "$0"', program]).status === 0 ? false : `${program} is not on this machine`;
}

/** Runs a program to its end. */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(command, [...args], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ...env },
  });
  return { status, output: `${stdout}${stderr}` };
}

/** What a reader has to fill in, and what this test fills in. */
const FILLED_IN: Record<string, () => string> = {
  JWT_SECRET: () => randomBytes(48).toString('base64'),
  METRICS_TOKEN: () => randomBytes(32).toString('hex'),
  TURN_SECRET: () => randomBytes(32).toString('hex'),
  CLUSTER_SECRET: () => randomBytes(48).toString('base64'),
  CLUSTER_URL: () => `redis://prospect:${randomBytes(32).toString('hex')}@10.0.0.11:6379`,
  ANNOUNCED_ADDRESS: () => '1.2.3.4',
};

/** The variables that a kit leaves to its reader, filled in. */
export function fillIn(env: Environment): Environment {
  const entries = Object.entries(env).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, FILLED_IN[name]?.() ?? value]));
}

/** What the relay says of an environment: every problem and every warning. */
export function judge(env: Environment): readonly string[] {
  try {
    return readConfig(env).warnings;
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** The settings of an env file, and, with `commented`, those that stand in it as comments too. */
export function readEnv(text: string, commented = false): Record<string, string> {
  return { ...parseEnvFile(commented ? text.replace(/^#(?=[A-Z][A-Z0-9_]*=)/gm, '') : text) };
}
