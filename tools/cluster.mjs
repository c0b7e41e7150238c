// `npm run cluster`: several relays as one service on this machine, with the demo host company before them.
import { demoEnvironment } from './dev/demo-environment.mjs';
import { inRoot } from './setup/paths.mjs';
import { prepare } from './setup/prepare.mjs';
import { runMain } from './setup/progress.mjs';
import { runForeground } from './setup/run.mjs';

await runMain(async () => {
  await prepare({ worker: true, certificates: true, widgets: true, hosts: true, cluster: true });
  return runForeground(process.execPath, [inRoot('test', 'harness', 'cluster', 'main.ts'), ...process.argv.slice(2)], {
    env: demoEnvironment(),
  });
});
