import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { MediaConfig } from '../../config/shape.ts';
import { createLogger } from '../../logger.ts';
import { type Finding, failed, ok, skipped, wordsOf } from './finding.ts';

const LDD_TIMEOUT_MS = 10_000;

/** mediasoup's worker: the libraries that it wants, and whether it really starts and opens a port. */
export async function checkWorker(media: MediaConfig): Promise<Finding[]> {
  let workerBin: string;
  let version: string;
  try {
    ({ workerBin, version } = await import('mediasoup'));
  } catch (error) {
    return [failed('worker', `mediasoup cannot be loaded: ${wordsOf(error)}.`, 'Install the package anew.')];
  }
  const started = await tryStart(media, workerBin, version);
  return started.status === 'ok' ? [started] : [started, await checkLibraries(workerBin)];
}

async function tryStart(media: MediaConfig, workerBin: string, version: string): Promise<Finding> {
  const { AudioWorker } = await import('../../media/audio-worker.ts');
  const alone: MediaConfig = { ...media, basePort: 0, listen: [{ ip: '127.0.0.1', announcedAddress: null }] };
  const began = performance.now();
  try {
    const worker = await AudioWorker.start(0, alone, createLogger('silent'), () => undefined);
    const took = Math.round(performance.now() - began);
    await worker.close();
    return ok('worker', `${workerBin} (mediasoup ${version}) started in ${took} ms, opened a port, and ended.`);
  } catch (error) {
    return failed('worker', wordsOf(error), 'What it says is what to do; without a worker there is no sound.');
  }
}

/** What the dynamic linker misses; asked only of a program that did not start, since the linker may run it. */
async function checkLibraries(workerBin: string): Promise<Finding> {
  const id = 'worker-libraries';
  try {
    const { stdout } = await promisify(execFile)('ldd', [workerBin], { timeout: LDD_TIMEOUT_MS });
    const missing = [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name);
    if (missing.length === 0) return ok(id, `${workerBin} finds all its libraries.`);
    return failed(
      id,
      `${workerBin} lacks ${missing.join(', ')}.`,
      'Install the packages that hold them, or take a worker for this system.',
    );
  } catch {
    return skipped(id, `ldd says nothing about ${workerBin}.`);
  }
}
