import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withLock } from './lock.mjs';
import { cacheDir, inRoot } from './paths.mjs';
import { SetupError, say, since } from './progress.mjs';
import { isExecutable } from './run.mjs';
import { buildWorker, canBuildWorker } from './worker-build.mjs';
import { downloadWorker } from './worker-download.mjs';
import { listFile } from './worker-libraries.mjs';

/** What the worker answers when it is started without the environment that mediasoup gives it (its main.cpp). */
const EXIT_WITHOUT_VERSION = 41;

/**
 * Finds mediasoup's worker, or makes one, and puts its path into MEDIASOUP_WORKER_BIN, where mediasoup looks first.
 * In this order: the variable as given; the cache; the download that mediasoup's install step would make, its hash checked where
 * one is known; a build with Debian's libraries.
 * The cache lies outside node_modules, so `npm ci` and other clones keep it.
 * @returns {Promise<string>} the worker's path
 */
export async function ensureWorker() {
  const given = process.env.MEDIASOUP_WORKER_BIN;
  if (given) {
    if (runs(given)) return given;
    throw new SetupError(
      `MEDIASOUP_WORKER_BIN is ${given}, but no mediasoup worker runs there. Correct it, or unset it.`,
    );
  }
  const cached = cachePath();
  if (!runs(cached)) {
    const lock = `${dirname(cached)}.lock`;
    await withLock(lock, "waiting for mediasoup's worker", async () => {
      if (!runs(cached)) await makeWorker(cached);
    });
  }
  process.env.MEDIASOUP_WORKER_BIN = cached;
  return cached;
}

/** Where the worker for this mediasoup version, platform and C library is kept. */
export function cachePath() {
  const { version } = JSON.parse(readFileSync(inRoot('node_modules', 'mediasoup', 'package.json'), 'utf8'));
  const name = [version, process.platform, process.arch, libc()].filter(Boolean).join('-');
  return join(cacheDir, 'mediasoup-worker', name, `mediasoup-worker${process.platform === 'win32' ? '.exe' : ''}`);
}

async function makeWorker(target) {
  const start = Date.now();
  // Beside its place, so that the rename at the end cannot cross file systems.
  const made = join(dirname(dirname(target)), `.new-${process.pid}`);
  mkdirSync(dirname(target), { recursive: true });
  try {
    if (await downloadWorker(made, runs)) say("the worker is the one that mediasoup's authors built");
    else if (canBuildWorker()) await buildWorker(made);
    else throw new SetupError(helpText(target));
    chmodSync(made, 0o755);
    if (!runs(made)) {
      throw new SetupError(
        `The mediasoup worker that was just made does not run (${made}). Start it by hand to see why.`,
      );
    }
    if (existsSync(listFile(made))) renameSync(listFile(made), listFile(target));
    renameSync(made, target);
    say(`mediasoup's worker is ready (${since(start)}), kept in ${dirname(target)}`);
  } finally {
    for (const file of [made, listFile(made)]) rmSync(file, { force: true });
  }
}

/** Whether the file is a worker that starts on this machine. */
function runs(path) {
  if (!isExecutable(path)) return false;
  return spawnSync(path, [], { env: {}, stdio: 'ignore', timeout: 10_000 }).status === EXIT_WITHOUT_VERSION;
}

/** "glibc2.36" or "musl" on Linux; a worker built against a newer C library does not start with an older one. */
function libc() {
  if (process.platform !== 'linux') return null;
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  const { glibcVersionRuntime } = report.header;
  return glibcVersionRuntime ? `glibc${glibcVersionRuntime}` : 'musl';
}

function helpText(target) {
  return [
    "mediasoup's worker (the program that carries the audio) is missing, and could not be had here:",
    "- its prebuilt binary could not be had from mediasoup's GitHub releases (no network, none for this platform, or refused above);",
    '- it can be built from source automatically only on Debian or Ubuntu, as root or with sudo.',
    'Do one of these, then start again:',
    '- let this machine reach https://github.com (or set MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL to a mirror);',
    '- build one as https://mediasoup.org/documentation/v3/mediasoup/installation says;',
    `- copy a worker of the same version from another machine to ${target}`,
    '  or anywhere else, with MEDIASOUP_WORKER_BIN set to its path.',
  ].join('\n');
}
