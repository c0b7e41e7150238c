import { inRoot } from './paths.mjs';
import { SetupError, say } from './progress.mjs';
import { runLogged } from './run.mjs';

/** A network that answers nothing is given up after this many milliseconds. */
const TIMEOUT_MS = 90_000;

/**
 * Runs mediasoup's own install step, which downloads the worker that its authors built. (npm is told in package.json not
 * to run it: where the download is not possible it would fail the whole `npm ci`.)
 * @param {(path: string) => boolean} runs tells whether a worker starts on this machine
 * @returns {Promise<string | null>} where the worker is, or null when there is none to be had
 */
export async function downloadWorker(runs) {
  const path = inRoot(
    'node_modules',
    'mediasoup',
    'worker',
    'out',
    'Release',
    `mediasoup-worker${process.platform === 'win32' ? '.exe' : ''}`,
  );
  if (runs(path)) return path;
  say("downloading mediasoup's worker ...");
  // After a failed download the step would go on to install Python packages and build with them. It does that with the
  // program in PYTHON: Node does not know Python's options, and ends it there.
  const env = { ...process.env, PYTHON: process.execPath };
  try {
    await runLogged('worker-download', process.execPath, ['npm-scripts.mjs', 'postinstall'], {
      cwd: inRoot('node_modules', 'mediasoup'),
      env,
      timeoutMs: TIMEOUT_MS,
    });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
  }
  if (runs(path)) return path;
  say('the download is not possible here');
  return null;
}
