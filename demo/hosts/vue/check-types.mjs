// `node demo/hosts/vue/check-types.mjs`: vue-tsc with TypeScript 6, beside the project's TypeScript 7, whose compiler has no interface for it
// yet. A Vue application with TypeScript 6 of its own runs `vue-tsc --noEmit`.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
process.argv.push('-p', fileURLToPath(new URL('./', import.meta.url)));
require('vue-tsc').run(require.resolve('typescript6/lib/tsc'));
