// `npm run sbom [-- --all]`: the software bill of materials of what ships (CycloneDX, JSON) in dist/sbom.cdx.json; with
// `--all`, of everything that building and testing use too. It comes from the lock file; no registry is asked.
import { mkdirSync, writeFileSync } from 'node:fs';
import { inRoot } from './setup/paths.mjs';
import { runMain } from './setup/progress.mjs';
import { makeBillOfMaterials, summarise } from './supply-chain/bill-of-materials.mjs';

await runMain(async () => {
  const bom = await makeBillOfMaterials({ all: process.argv.includes('--all') });
  mkdirSync(inRoot('dist'), { recursive: true });
  writeFileSync(inRoot('dist', 'sbom.cdx.json'), `${JSON.stringify(bom, null, 2)}\n`);
  console.log(summarise(bom));
  console.log('Made from the lock file alone (no registry was asked): dist/sbom.cdx.json');
  console.log('Known vulnerabilities are another question, which only the registry can answer: npm run audit');
});
