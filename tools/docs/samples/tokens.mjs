import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JwtVerifier } from '../../../relay/auth/verify-token.ts';
import { readConfig } from '../../../relay/config.ts';
import { createLogger } from '../../../relay/logger.ts';
import { inRoot } from '../../setup/paths.mjs';

/** The secret of the tests; in base64, as the pages say to make one. */
const SECRET = Buffer.from('a secret that is only for these tests, 48 bytes!').toString('base64');
const SETTINGS = { JWT_SECRET: SECRET, JWT_ISSUER: 'my-app', JWT_AUDIENCE: 'prospect-live' };

/** How the samples of each language are run. `probe` tells whether the language is here, by ending with code 0. */
export const LANGUAGES = {
  js: { name: 'Node', file: 'mint.mjs', command: process.execPath, args: [], probe: ['--version'] },
  python: { name: 'Python 3', file: 'mint.py', command: 'python3', args: [], probe: ['--version'] },
  php: { name: 'PHP', file: 'mint.php', command: 'php', args: [], probe: ['--version'] },
  // Runs a source file by itself since Java 11; needs the compiler, so a JDK.
  java: {
    name: 'a Java development kit (11 or later)',
    file: 'Mint.java',
    command: 'java',
    // Older ones read sources in the system's encoding.
    args: ['-Xmx64m', '-Dfile.encoding=UTF-8'],
    probe: ['--describe-module', 'jdk.compiler'],
  },
};

/** Whether the language's samples can be run here. */
export const isHere = ({ command, probe }) =>
  spawnSync(command, probe, { stdio: 'ignore', timeout: 30_000 }).status === 0;

/**
 * Runs a sample that prints a token.
 * @param {string} lang
 * @param {string} code
 * @returns {string} what it printed
 */
export function runSample(lang, code) {
  const { file, command, args } = LANGUAGES[lang];
  const folder = mkdtempSync(join(tmpdir(), 'prospect-sample-'));
  try {
    writeFileSync(join(folder, file), code);
    symlinkSync(inRoot('node_modules'), join(folder, 'node_modules'));
    const env = { ...process.env, JWT_SECRET: SECRET };
    const { status, stdout, stderr } = spawnSync(command, [...args, file], {
      cwd: folder,
      env,
      encoding: 'utf8',
      timeout: 60_000,
    });
    if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
    return stdout.trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * What the relay reads out of a token, with the settings that the samples are for.
 * @returns {Promise<import('../../../relay/auth/user.ts').VerifiedUser>}
 */
export function verify(token) {
  return new JwtVerifier(readConfig(SETTINGS).config.auth, createLogger('silent')).verify(token);
}
