import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot } from './paths.mjs';
import { SetupError, say } from './progress.mjs';
import { runLogged } from './run.mjs';
import { WORKER_SHA256 } from './worker-hashes.mjs';

/** A network that answers nothing is given up after this many milliseconds. */
const TIMEOUT_MS = 90_000;

/** Far more than a worker has (about 4 MB packed), in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Downloads the worker that mediasoup's authors built, as mediasoup's own install step does, but for this: what came is never
 * run unless its hash is the known one, where one is known (worker-hashes.mjs) or given in MEDIASOUP_WORKER_SHA256. Where none is
 * known, that is said. (npm is told in package.json not to run that step.)
 * @param {string} target the file to write
 * @param {(path: string) => boolean} runs tells whether a worker starts on this machine
 * @param {{ version?: string, platform?: string, hashes?: Record<string, Record<string, string>> }} [of] the worker's; this
 *   machine's by default
 * @returns {Promise<boolean>} false when there is none to be had, or it was refused
 */
export async function downloadWorker(target, runs, of = {}) {
  const { version = mediasoup().version, platform = platformName(), hashes = WORKER_SHA256 } = of;
  const name = `mediasoup-worker-${version}-${platform}.tgz`;
  const url = `${baseUrl()}/${version}/${name}`;
  say("downloading mediasoup's worker ...");
  const archive = await download(url);
  if (archive === null) return false;
  const work = mkdtempSync(join(tmpdir(), 'prospect-worker-'));
  try {
    const worker = await unpack(archive, work);
    if (worker === null || !isTrusted(worker, name, hashes[version]?.[platform])) return false;
    chmodSync(worker, 0o755);
    if (!runs(worker)) {
      say('the prebuilt worker does not run on this machine');
      return false;
    }
    copyFileSync(worker, target);
    return true;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The platform as mediasoup's archives name it. */
export function platformName() {
  const kernel = process.platform === 'linux' ? `-kernel${release().split('.')[0]}` : '';
  return `${process.platform}-${process.arch}${kernel}`;
}

function isTrusted(worker, name, known) {
  const hash = createHash('sha256').update(readFileSync(worker)).digest('hex');
  const given = process.env.MEDIASOUP_WORKER_SHA256?.trim().toLowerCase();
  const expected = given || known;
  if (!expected) {
    say(
      `not verified: no hash is known for the worker in ${name} (tools/setup/worker-hashes.mjs). Its SHA-256 is ${hash}`,
    );
    return true;
  }
  if (hash === expected) {
    say(`the worker's SHA-256 is ${given ? 'the one in MEDIASOUP_WORKER_SHA256' : 'the known one'} (${hash})`);
    return true;
  }
  say(`REFUSED: the worker in ${name} has the SHA-256 ${hash}, not ${expected}`);
  say('if you know that it is right, set MEDIASOUP_WORKER_SHA256 to it');
  return false;
}

async function download(url) {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal });
    if (!response.ok || response.body === null) {
      say(`the download is not possible here: ${url} answers ${response.status}`);
      return null;
    }
    const parts = [];
    let bytes = 0;
    for await (const part of response.body) {
      bytes += part.length;
      if (bytes > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (error) {
    say(`the download is not possible here (${error.cause?.code ?? error.message})`);
    return null;
  }
}

/** The one file of the archive, or null when it is none. */
async function unpack(archive, work) {
  const packed = join(work, 'worker.tgz');
  writeFileSync(packed, archive);
  const file = `mediasoup-worker${process.platform === 'win32' ? '.exe' : ''}`;
  try {
    await runLogged('worker-unpack', 'tar', ['-xzf', packed, '-C', work, file]);
    return join(work, file);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say('what was downloaded is no archive with a worker in it');
    return null;
  }
}

function mediasoup() {
  return JSON.parse(readFileSync(inRoot('node_modules', 'mediasoup', 'package.json'), 'utf8'));
}

function baseUrl() {
  const given = process.env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL;
  if (given) return given.replace(/\/+$/, '');
  const repository = mediasoup()
    .repository.url.replace(/^git\+/, '')
    .replace(/\.git$/, '');
  return `${repository}/releases/download`;
}
