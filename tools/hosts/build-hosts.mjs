import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages } from '../packaging/build-packages.mjs';
import { withLock } from '../setup/lock.mjs';
import { inRoot } from '../setup/paths.mjs';

const folder = inRoot('demo', 'hosts');
const dist = join(folder, 'dist');
const stampFile = join(dist, '.built-from');
/** Whatever the hosts are made of; the widgets as npm delivers them. */
const SOURCES = ['demo/hosts', 'tools/hosts', 'widgets/package.json', 'widgets/dist/modules', 'package-lock.json'];

/**
 * What is built: one host each, or one more time in another way. React's development build is the one with StrictMode's
 * double mount; the server-rendered host has a half for the server.
 * @type {readonly { host: string, name?: string, mode?: string, ssr?: string }[]}
 */
const BUILDS = [
  { host: 'react' },
  { host: 'react', name: 'react-development', mode: 'development' },
  { host: 'react18' },
  { host: 'vue' },
  { host: 'ssr' },
  { host: 'ssr', name: 'ssr-development', mode: 'development' },
  { host: 'ssr', name: 'ssr-server', ssr: 'src/entry-server.tsx' },
];

/**
 * Builds the host applications that have a build into demo/hosts/dist, unless they were built from exactly these sources.
 * Takes a few seconds; next to nothing when nothing changed. The npm packages are made first (tools/packaging): the hosts
 * take the widgets from there, as everybody would.
 * @param {(line: string) => void} [say] is told what happens
 */
export async function buildHosts(say = () => {}) {
  await ensurePackages();
  await withLock(inRoot('.cache', 'hosts.lock'), 'waiting for the host applications', async () => {
    const wanted = hashSources();
    if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
    const start = Date.now();
    say('building the host applications ...');
    rmSync(dist, { recursive: true, force: true });
    for (const build of BUILDS) await buildHost(build);
    writeFileSync(stampFile, wanted);
    say(`host applications built in ${((Date.now() - start) / 1000).toFixed(1)} s`);
  });
}

/** @param {{ host: string, name?: string, mode?: string, ssr?: string }} build one of BUILDS */
async function buildHost({ host, name = host, mode = 'production', ssr }) {
  const { build } = await import('vite');
  // Vite leaves a NODE_ENV that is set alone, and React chooses its build by it.
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = mode;
  try {
    await build({
      configFile: join(folder, host, 'vite.config.mjs'),
      mode,
      base: `/hosts/${name}/`,
      build: { outDir: join(dist, name), ...(ssr && { ssr }) },
      // On the server, packages stay packages: Node imports them itself.
      ...(ssr && { ssr: { external: ['@prospect-live/widgets'] } }),
    });
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

function hashSources() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesOf(source)) hash.update(`${file}\0`).update(readFileSync(inRoot(file)));
  }
  return hash.digest('hex');
}

function filesOf(path) {
  if (/\.\w+$/.test(path)) return [path];
  return readdirSync(inRoot(path), { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist' && !name.includes('.test.'))
    .flatMap((entry) => (entry.isDirectory() ? filesOf(`${path}/${entry.name}`) : [`${path}/${entry.name}`]))
    .sort();
}
