// `npm run readme`: the README's tables anew from the manifest and the relay's variables.
import { writeFileSync } from 'node:fs';
import { prepare } from './setup/prepare.mjs';
import { runMain } from './setup/progress.mjs';

await runMain(async () => {
  await prepare();
  const { makeReadme, readmeFile } = await import('./checks/readme.mjs');
  writeFileSync(readmeFile, makeReadme());
});
