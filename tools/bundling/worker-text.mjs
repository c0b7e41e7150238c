import { buildSync } from 'esbuild';
import { inRoot } from '../setup/paths.mjs';

/** Where the worker's script stands as text, for pages whose policy lets a worker be made of it. */
export const WORKER_TEXT = 'widgets/e2ee/worker-text.ts';

/**
 * The worker of sealed streams as one script that needs nothing else.
 * @returns {string}
 */
export function workerScript() {
  const [{ text }] = buildSync({
    entryPoints: [inRoot('widgets', 'e2ee', 'worker.ts')],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    tsconfig: inRoot('tsconfig.json'),
    write: false,
  }).outputFiles;
  return text.trim();
}

/**
 * The module that holds it.
 * @returns {string}
 */
export function workerTextModule() {
  const text = workerScript().replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n');
  return `/** The script of worker.ts; made by \`npm run e2ee-worker\`, a test keeps it fresh. */\nexport const WORKER_TEXT =\n  '${text}';\n`;
}
