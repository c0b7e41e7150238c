// `npm run manifest`: custom-elements.json anew from the elements' doc comments.
import { writeFileSync } from 'node:fs';
import { prepare } from './setup/prepare.mjs';
import { runMain } from './setup/progress.mjs';

await runMain(async () => {
  await prepare();
  const { makeManifest, manifestFile } = await import('./checks/manifest.mjs');
  writeFileSync(manifestFile, await makeManifest());
});
