// `npm run build`: the widgets' bundles in widgets/dist, built only when their sources changed.
import { prepare } from './setup/prepare.mjs';
import { runMain } from './setup/progress.mjs';

await runMain(() => prepare({ widgets: true }));
