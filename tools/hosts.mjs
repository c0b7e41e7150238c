// `npm run hosts`: the host applications of the demo, built into demo/hosts/dist where their sources changed.
import { prepare } from './setup/prepare.mjs';
import { runMain } from './setup/progress.mjs';

await runMain(() => prepare({ hosts: true }));
