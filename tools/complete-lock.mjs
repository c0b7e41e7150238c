// `node tools/complete-lock.mjs`: adds to package-lock.json the optional packages of other platforms that npm left out.
// A mirror of the registry may lack some of them; npm then writes a lock file that its own `npm ci` refuses, here and
// elsewhere. Run it after `npm install` on such a network. (An entry without a hash is completed by the next `npm install`
// on the open internet.)
import { readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from './setup/paths.mjs';

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const file = inRoot('package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = Object.values(lock.packages).flatMap((parent) =>
  Object.entries(parent.optionalDependencies ?? {})
    .filter(([name, version]) => /^\d/.test(version) && !lock.packages[`node_modules/${name}`])

    .map(([name, version]) => /** @type {const} */ ([`node_modules/${name}`, describe(name, version, parent)])),
);
lock.packages = Object.fromEntries(
  [...Object.entries(lock.packages), ...missing].sort(([a], [b]) => a.localeCompare(b, 'en')),
);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(
  `${missing.length} packages added: ${missing.map(([path]) => path.slice('node_modules/'.length)).join(', ')}`,
);

/** The lock entry of a platform's package, whose name says which platform it is for. */
function describe(name, version, { dev, license }) {
  const words = name.split(/[/-]/);
  const os = OS.filter((word) => words.includes(word));
  const cpu = CPU.filter((word) => words.includes(word));
  if (os.length !== 1 || cpu.length !== 1)
    throw new Error(`The name of ${name} does not say for which platform it is.`);
  const libc = os[0] === 'linux' && words.some((word) => word.startsWith('musl')) ? ['musl'] : undefined;
  return { version, cpu, ...(dev && { dev }), ...(libc && { libc }), license, optional: true, os };
}
