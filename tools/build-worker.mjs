// `node tools/build-worker.mjs FILE`: mediasoup's worker from the source in its npm package, with Debian's libraries, and beside
// it FILE.libraries.json, which names them. For images (deploy/image/Containerfile) and closed networks: it needs Debian, root,
// and node_modules/mediasoup, and nothing else of node_modules.
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { runMain, SetupError } from './setup/progress.mjs';
import { buildWorker, canBuildWorker } from './setup/worker-build.mjs';

await runMain(async () => {
  const [file] = process.argv.slice(2);
  if (!file) throw new SetupError('Say where the worker goes: node tools/build-worker.mjs FILE');
  if (!canBuildWorker()) throw new SetupError('The worker is built on Debian or Ubuntu, as root or with sudo.');
  const output = resolve(file);
  mkdirSync(dirname(output), { recursive: true });
  await buildWorker(output);
  console.log(output);
});
