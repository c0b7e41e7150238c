// `npm start`: the demo host company and the relay on this machine, with whatever they need.
import { demoEnvironment } from './dev/demo-environment.mjs';
import { inRoot } from './setup/paths.mjs';
import { prepare } from './setup/prepare.mjs';
import { runMain } from './setup/progress.mjs';
import { runForeground } from './setup/run.mjs';

await runMain(async () => {
  await prepare({ worker: true, certificates: true, widgets: true, hosts: true });
  return runForeground(process.execPath, [inRoot('demo', 'start.ts'), ...process.argv.slice(2)], {
    env: demoEnvironment(),
  });
});
