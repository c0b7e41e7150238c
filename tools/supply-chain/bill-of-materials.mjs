import { readFileSync } from 'node:fs';
import { inRoot } from '../setup/paths.mjs';
import { npmJson } from './npm.mjs';
import { addWorker } from './worker-components.mjs';

/** Workspaces that are installed by others, with their packages. */
const SHIPPED = ['relay', 'widgets'];

/**
 * Makes the software bill of materials from the lock file (CycloneDX 1.5, JSON), and adds mediasoup's worker with the C and C++
 * libraries in it, which npm does not know of. It asks no registry.
 * @param {{ all?: boolean, worker?: string | null }} [options] `all`: everything that building and testing use too; `worker`: the
 *   path of one that was built here, whose libraries are Debian's; else those that mediasoup's own build names
 * @returns {Promise<any>}
 * @throws {Error} when npm cannot make it
 */
export async function makeBillOfMaterials({ all = false, worker = null } = {}) {
  const bom = await npmJson(['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only']);
  if (bom?.bomFormat !== 'CycloneDX' || !Array.isArray(bom.components)) {
    throw new Error(`npm sbom made no bill of materials: ${JSON.stringify(bom).slice(0, 400)}`);
  }
  return addWorker(all ? bom : onlyShipped(bom, shippedPackages()), worker);
}

/** One line for people: how many components, by licence. */
export function summarise(bom) {
  const byLicence = new Map();
  for (const { licenses = [] } of bom.components) {
    const first = licenses[0];
    const licence = first?.license?.id ?? first?.license?.name ?? first?.expression ?? 'not stated in the lock file';
    byLicence.set(licence, (byLicence.get(licence) ?? 0) + 1);
  }
  const counts = [...byLicence].sort(([, a], [, b]) => b - a).map(([licence, count]) => `${licence} ${count}`);
  return `${bom.components.length} components: ${counts.join(', ')}`;
}

/** Not with `npm sbom --omit dev`: it also leaves out what ships when some tool needs it too (zod, debug). */
function onlyShipped(bom, shipped) {
  const components = bom.components.filter((component) => shipped.has(component['bom-ref']));
  const refs = new Set([bom.metadata.component['bom-ref'], ...components.map((component) => component['bom-ref'])]);
  const dependencies = bom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));
  return { ...bom, components, dependencies };
}

/** `name@version` of the shipped workspaces and of every package that they need when they run. */
function shippedPackages() {
  const { packages } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
  const paths = new Set(SHIPPED);
  for (const from of paths) {
    // A set grows while it is walked, so this ends when everything was followed.
    const { dependencies = {}, optionalDependencies = {} } = packages[from];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = resolve(packages, from, name);
      if (found) paths.add(found);
    }
  }
  return new Set(
    [...paths].map((path) => `${packages[path].name ?? path.split('node_modules/').at(-1)}@${packages[path].version}`),
  );
}

/** Where a package finds another, as Node looks for it: its own node_modules, then those of the folders above. */
function resolve(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/'), 0))) {
    const path = `${folder && `${folder}/`}node_modules/${name}`;
    if (packages[path]) return path;
    if (folder === '') return null;
  }
}
