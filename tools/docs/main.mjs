// `npm run docs`: docs/api-widgets.md and docs/api-relay.md anew from the sources, the README's tables, and in deploy/ the lists of
// the relay's variables.
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
  say('docs/api-widgets.md, docs/api-relay.md, the tables of README.md and the lists in deploy/ are written');
});
