// `npm run setup`: everything that `npm start` and `npm test` would make ready by themselves, ahead of time.
import { prepare } from './setup/prepare.mjs';
import { runMain, say, since } from './setup/progress.mjs';

await runMain(async () => {
  const start = Date.now();
  await prepare({ worker: true, chromium: true, certificates: true, widgets: true, hosts: true });
  say(`everything is ready (${since(start)})`);
});
