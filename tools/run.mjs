// `node tools/run.mjs FILE [ARGUMENTS]`: runs a program (the relay, bench, soak, ...) with what it needs made ready first.
import { inRoot } from './setup/paths.mjs';
import { prepare } from './setup/prepare.mjs';
import { runMain, SetupError } from './setup/progress.mjs';
import { runForeground } from './setup/run.mjs';

await runMain(async () => {
  const [file, ...args] = process.argv.slice(2);
  if (!file) throw new SetupError('Usage: node tools/run.mjs FILE [ARGUMENTS]');
  // The relay's own programs need no pages, and what only prints needs nothing but the packages.
  const prints =
    args.includes('--help') ||
    (file === 'relay/main.ts' && ['token', 'status', 'drain', 'load', '--version'].includes(args[0]));
  if (prints) await prepare();
  else await prepare({ worker: true, chromium: file.startsWith('demo/'), widgets: true });
  return runForeground(process.execPath, [inRoot(file), ...args]);
});
