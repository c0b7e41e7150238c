import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeBillOfMaterials, summarise } from './bill-of-materials.mjs';

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
