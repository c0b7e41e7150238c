// `npm run sbom [-- --all]`: the software bill of materials of what ships (CycloneDX, JSON) in dist/sbom.cdx.json; with
// `--all`, of everything that building and testing use too. It comes from the lock file; no registry is asked. It names the C
// libraries of mediasoup's worker: those of the prebuilt one, or with `--worker FILE` of one that was built here.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { inRoot } from './setup/paths.mjs';
import { runMain, SetupError } from './setup/progress.mjs';
import { listFile } from './setup/worker-libraries.mjs';
import { makeBillOfMaterials, summarise } from './supply-chain/bill-of-materials.mjs';

await runMain(async () => {
  const at = process.argv.indexOf('--worker');
  const worker = at > 0 ? (process.argv[at + 1] ?? '') : null;
  if (worker !== null && !existsSync(listFile(worker)))
    throw new SetupError(`There is no ${listFile(worker)}, which tools/build-worker.mjs writes beside the worker.`);
  const bom = await makeBillOfMaterials({ all: process.argv.includes('--all'), worker });
  mkdirSync(inRoot('dist'), { recursive: true });
  writeFileSync(inRoot('dist', 'sbom.cdx.json'), `${JSON.stringify(bom, null, 2)}\n`);
  console.log(summarise(bom));
  console.log('Made from the lock file alone (no registry was asked): dist/sbom.cdx.json');
  console.log('Known vulnerabilities are another question, which only the registry can answer: npm run audit');
});
