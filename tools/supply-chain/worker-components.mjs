import { librariesOfBuiltWorker, librariesOfPrebuiltWorker } from '../setup/worker-libraries.mjs';

/** The licences of what is in the worker, by SPDX: npm's licence fields do not tell of it. */
const LICENCES = {
  'abseil-cpp': 'Apache-2.0',
  flatbuffers: 'Apache-2.0',
  libsrtp: 'BSD-3-Clause',
  libsrtp3: 'BSD-3-Clause',
  libuv: 'MIT',
  openssl: 'Apache-2.0',
  'unordered-dense': 'MIT',
};

/**
 * Adds mediasoup's worker and its libraries to a bill of materials (CycloneDX), below the package mediasoup.
 * @param {any} bom
 * @param {string | null} builtWorker the path of one that was built here; null: the prebuilt one
 * @returns {any} the same, made longer
 * @throws {Error} when the bill has no mediasoup
 */
export function addWorker(bom, builtWorker) {
  const mediasoup = bom.components.find(({ name }) => name === 'mediasoup');
  if (!mediasoup) throw new Error('The bill of materials has no mediasoup.');
  const libraries = builtWorker ? librariesOfBuiltWorker(builtWorker) : librariesOfPrebuiltWorker();
  const components = libraries.map(describe);
  const worker = {
    'bom-ref': `mediasoup-worker@${mediasoup.version}`,
    type: 'application',
    name: 'mediasoup-worker',
    version: mediasoup.version,
    description: builtWorker
      ? 'built from the source in the npm package, with Debian’s libraries'
      : 'as mediasoup’s authors build it; a worker that was built here has other libraries (npm run sbom -- --worker FILE)',
    licenses: [{ license: { id: 'ISC' } }],
  };
  bom.components.push(worker, ...components);
  const ofMediasoup = bom.dependencies.find(({ ref }) => ref === mediasoup['bom-ref']);
  ofMediasoup.dependsOn = [...(ofMediasoup.dependsOn ?? []), worker['bom-ref']];
  bom.dependencies.push({ ref: worker['bom-ref'], dependsOn: components.map((one) => one['bom-ref']) });
  for (const component of components) bom.dependencies.push({ ref: component['bom-ref'], dependsOn: [] });
  return bom;
}

function describe({ name, version, linked, sha256, url, debianPackage }) {
  const purl = debianPackage
    ? `pkg:deb/debian/${debianPackage}@${encodeURIComponent(version)}`
    : `pkg:generic/${name}@${version}${url ? `?download_url=${encodeURIComponent(url)}` : ''}`;
  return {
    'bom-ref': `mediasoup-worker/${name}@${version}`,
    type: 'library',
    name,
    version,
    purl,
    ...(LICENCES[name] && { licenses: [{ license: { id: LICENCES[name] } }] }),
    ...(sha256 && {
      externalReferences: [{ type: 'distribution', url, hashes: [{ alg: 'SHA-256', content: sha256 }] }],
    }),
    properties: [{ name: 'prospect-live:linked', value: linked }],
  };
}
