// `npm run docs`: docs/api-widgets.md and docs/api-relay.md anew from the sources, and the README's tables.
import { writeFileSync } from 'node:fs';
import { inRoot } from '../setup/paths.mjs';
import { prepare } from '../setup/prepare.mjs';
import { runMain, say } from '../setup/progress.mjs';

await runMain(async () => {
  await prepare();
  const { makeReadme, readmeFile } = await import('../checks/readme.mjs');
  const { makeGeneratedDocs } = await import('./generated.mjs');
  writeFileSync(readmeFile, makeReadme());
  for (const [path, text] of await makeGeneratedDocs()) writeFileSync(inRoot(path), text);
  say('docs/api-widgets.md, docs/api-relay.md and the tables of README.md are written');
});
