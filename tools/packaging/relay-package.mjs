import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot } from '../setup/paths.mjs';
import { compile, filesIn } from './compile.mjs';
import { reachable, withJsEndings } from './declarations.mjs';

/** The modules that `exports` of relay/package.json names, without ending. */
const ENTRIES = ['index', 'protocol/index'];

/** Makes relay/dist: the relay as JavaScript, the declarations of its public modules, and the protocol document. */
export async function buildRelayPackage() {
  const compiled = await compile('relay');
  const dist = inRoot('relay', 'dist');
  rmSync(dist, { recursive: true, force: true });
  const write = (file, text) => {
    mkdirSync(dirname(join(dist, file)), { recursive: true });
    writeFileSync(join(dist, file), text);
  };
  const read = (file) => readFileSync(join(compiled, file), 'utf8');
  for (const file of filesIn(compiled).filter((path) => path.endsWith('.js'))) write(file, read(file));
  const entries = ENTRIES.map((entry) => `${entry}.d.ts`);
  for (const file of reachable(entries, read)) write(file, withJsEndings(read(file)));
  write('PROTOCOL.md', protocolDocument());
}

/** Its links lead to the sources, which the package does not have. */
function protocolDocument() {
  const text = readFileSync(inRoot('relay', 'protocol', 'PROTOCOL.md'), 'utf8');
  return text.replace(/\]\(([\w-]+)\.ts\)/g, '](protocol/$1.d.ts)');
}
