import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { listFile } from '../setup/worker-libraries.mjs';
import { makeBillOfMaterials, summarise } from './bill-of-materials.mjs';
import { addWorker } from './worker-components.mjs';

test('the bill of materials names what ships, with version and hash, and nothing that only builds or tests', async () => {
  const bom = await makeBillOfMaterials();
  assert.equal(bom.bomFormat, 'CycloneDX');
  const byName = new Map(bom.components.map((component) => [component.name, component]));
  for (const name of ['mediasoup', 'socket.io', 'socket.io-client', 'jsonwebtoken', 'zod', 'lit']) {
    const component = byName.get(name);
    assert.ok(component, `${name} is missing`);
    assert.match(component.purl, new RegExp(`^pkg:npm/${name}@${component.version}$`));
    assert.ok(component.hashes?.length > 0, `${name} has no hash`);
  }
  for (const name of ['typescript', 'puppeteer-core', '@web/test-runner', '@biomejs/biome']) {
    assert.equal(byName.has(name), false, `${name} does not ship`);
  }
  assert.match(summarise(bom), /^\d+ components: MIT \d+/);
});

test('it names the C libraries of the worker: those of the prebuilt one, with the hash of their source', async () => {
  const bom = await makeBillOfMaterials();
  const byName = new Map(bom.components.map((component) => [component.name, component]));
  for (const name of ['openssl', 'libuv', 'libsrtp3', 'flatbuffers', 'abseil-cpp', 'unordered-dense']) {
    const component = byName.get(name);
    assert.match(component?.version ?? '', /^\d+(?:\.\d+)+|^\d{8}\.\d$/, name);
    assert.match(component.externalReferences[0].hashes[0].content, /^[0-9a-f]{64}$/, name);
    assert.ok(component.licenses.length > 0, name);
  }
  for (const name of ['catch2', 'wingetopt']) assert.equal(byName.has(name), false, `${name} is not in the worker`);
  const refs = new Set(bom.components.map((component) => component['bom-ref']));
  const worker = bom.dependencies.find(({ ref }) => ref.startsWith('mediasoup-worker@'));
  assert.ok(worker.dependsOn.length >= 6);
  for (const ref of worker.dependsOn) assert.ok(refs.has(ref), ref);
  const mediasoup = bom.dependencies.find(({ ref }) => ref.startsWith('mediasoup@'));
  assert.ok(mediasoup.dependsOn.includes(worker.ref));
});

test('it names Debian’s libraries for a worker that was built here', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'prospect-sbom-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const worker = join(folder, 'mediasoup-worker');
  const openssl = { name: 'openssl', version: '3.0.17-1~deb12u3', linked: 'static', debianPackage: 'libssl-dev' };
  writeFileSync(listFile(worker), JSON.stringify([openssl]));
  const small = () => ({
    components: [{ name: 'mediasoup', version: '3.0.0', 'bom-ref': 'mediasoup@3.0.0' }],
    dependencies: [{ ref: 'mediasoup@3.0.0', dependsOn: [] }],
  });
  const [, , component, ...others] = addWorker(small(), worker).components;
  assert.equal(component.purl, 'pkg:deb/debian/libssl-dev@3.0.17-1~deb12u3');
  assert.deepEqual(component.properties, [{ name: 'prospect-live:linked', value: 'static' }]);
  assert.deepEqual(others, []);
  assert.throws(() => addWorker(small(), join(folder, 'other')), /ENOENT/);
});
