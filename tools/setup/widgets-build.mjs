import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, root } from './paths.mjs';
import { say, since } from './progress.mjs';
import { runLogged } from './run.mjs';

const stampFile = inRoot('widgets', 'dist', '.built-from');
/** The last that the build writes. */
const cdnManifest = inRoot('widgets', 'dist', 'cdn', 'manifest.json');
/** Whatever the bundles are made of; tests and results are left out below. */
const SOURCES = [
  'widgets',
  'relay/protocol',
  'rollup.config.mjs',
  'tools/bundling',
  'tsconfig.json',
  'package-lock.json',
];

/** Builds the widgets' bundles into widgets/dist, and for a CDN into widgets/dist/cdn, unless they were built from exactly these sources. */
export async function ensureWidgets() {
  const wanted = hashSources();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted && existsSync(cdnManifest)) return;
  const start = Date.now();
  say('building the widgets ...');
  await runLogged(
    'widgets-build',
    process.execPath,
    [inRoot('node_modules', 'rollup', 'dist', 'bin', 'rollup'), '-c'],
    { cwd: root },
  );
  writeFileSync(stampFile, wanted);
  say(`widgets built in ${since(start)}`);
}

function hashSources() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesOf(source)) {
      hash.update(`${file}\0`).update(readFileSync(inRoot(file)));
    }
  }
  return hash.digest('hex');
}

function filesOf(path) {
  if (!existsSync(inRoot(path))) return [];
  if (/\.\w+$/.test(path)) return [path];
  return readdirSync(inRoot(path), { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist' && !/\.test\.(?:ts|mjs)$/.test(name))
    .flatMap((entry) => (entry.isDirectory() ? filesOf(join(path, entry.name)) : [join(path, entry.name)]))
    .sort();
}
