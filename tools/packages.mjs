// `npm run packages`: makes the tarballs of both npm packages, in dist/ of this repository, and says how to install them.
import { mkdirSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { inRoot } from './setup/paths.mjs';
import { prepare } from './setup/prepare.mjs';
import { runMain } from './setup/progress.mjs';

await runMain(async () => {
  await prepare({ packages: true });
  const { pack } = await import('./packaging/pack.mjs');
  const folder = inRoot('dist');
  // Those of an older version would only be mistaken for these.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const { widgets, relay } = pack(folder);
  console.log(
    [widgets, relay].map((path) => relative(inRoot(), path)).join('\n') +
      '\n\nCopy them and install them by their file names: the relay with the widgets beside it, an application the widgets alone.\n' +
      'Never by "@prospect-live/...": the public npm registry has no such packages, and the scope there may be anybody\'s.',
  );
});
