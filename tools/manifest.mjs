// `npm run manifest`: custom-elements.json anew from the elements' doc comments, and the typings and editor data made of it.
import { writeFileSync } from 'node:fs';
import { prepare } from './setup/prepare.mjs';
import { runMain } from './setup/progress.mjs';

await runMain(async () => {
  await prepare();
  const { makeManifest, manifestFile } = await import('./checks/manifest.mjs');
  writeFileSync(manifestFile, await makeManifest());
  const typings = new URL('../widgets/types/', import.meta.url);
  const { generate } = await import(new URL('generate.mjs', typings).href);
  for (const [file, text] of generate()) writeFileSync(new URL(file, typings), text);
});
