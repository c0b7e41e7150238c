// vue-tsc with TypeScript 6: TypeScript 7's compiler has no interface for it yet. `node vue-tsc.mjs -p FOLDER`.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
require('vue-tsc').run(require.resolve('typescript6/lib/tsc'));
