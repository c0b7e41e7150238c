// `node tools/run.mjs FILE [ARGUMENTS]`: runs a long check (bench, soak, ...) with everything it needs made ready first.
import { inRoot } from './setup/paths.mjs';
import { prepare } from './setup/prepare.mjs';
import { runMain, SetupError } from './setup/progress.mjs';
import { runForeground } from './setup/run.mjs';

await runMain(async () => {
  const [file, ...args] = process.argv.slice(2);
  if (!file) throw new SetupError('Usage: node tools/run.mjs FILE [ARGUMENTS]');
  await prepare({ worker: true, chromium: true, widgets: true });
  return runForeground(process.execPath, [inRoot(file), ...args]);
});
