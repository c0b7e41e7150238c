import { execFileSync } from 'node:child_process';
import { posix } from 'node:path';
import { inRoot } from '../setup/paths.mjs';

/** How a declaration of the widgets takes types from the protocol. */
const PROTOCOL_IMPORT = /import type \{([^}]*)\} from '(?:\.\.\/)+relay\/protocol\/([\w-]+\.ts)';/g;

/**
 * What the declarations take from the relay's protocol.
 * @param {string[]} texts of declarations
 * @returns {Map<string, Set<string>>} names by module of relay/protocol
 */
export function protocolNames(texts) {
  const byModule = new Map();
  for (const [, names, file] of texts.flatMap((text) => [...text.matchAll(PROTOCOL_IMPORT)])) {
    const known = byModule.get(file) ?? new Set();
    byModule.set(file, known);
    for (const name of names.split(',').map((part) => part.trim())) if (name) known.add(name);
  }
  return byModule;
}

/**
 * A declaration whose protocol types come from a module of the package itself.
 * @param {string} file its path in the package
 * @param {string} text
 * @param {string} own the path of that module
 */
export function withOwnProtocol(file, text, own) {
  const path = posix.relative(posix.dirname(file), own);
  return text.replace(PROTOCOL_IMPORT, (_, names) => `import type {${names}} from '${path.replace(/^(?!\.)/, './')}';`);
}

/**
 * The protocol's types written out, as a declaration that needs neither the relay nor zod, from whose schemas they are inferred.
 * @param {Map<string, Set<string>>} names by module of relay/protocol
 * @returns {string}
 */
export function expandProtocolTypes(names) {
  const asked = JSON.stringify([...names].map(([file, wanted]) => [file, [...wanted]]));
  const program = inRoot('tools', 'packaging', 'expand-protocol-types.mjs');
  // A process of its own, because the compiler's may write a word to standard error when it is let go. A failure shows it.
  return execFileSync(process.execPath, [program, asked], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
