import { writeFileSync } from 'node:fs';
import { WORKER_TEXT, workerTextModule } from './bundling/worker-text.mjs';
import { inRoot } from './setup/paths.mjs';
import { say } from './setup/progress.mjs';

writeFileSync(inRoot(WORKER_TEXT), workerTextModule());
say(`${WORKER_TEXT} is written`);
