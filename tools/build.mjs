// `npm run build`: the widgets' bundles in widgets/dist, and what `npm pack` puts into both packages (widgets/dist/modules,
// relay/dist); each built only when its sources changed.
import { prepare } from './setup/prepare.mjs';
import { runMain } from './setup/progress.mjs';

await runMain(() => prepare({ widgets: true, packages: true }));
