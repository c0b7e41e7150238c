import { posix } from 'node:path';

/** Where a declaration names another module: `from './x.ts'`, `import './x.ts'`, `import("./x.ts")`. */
const SPECIFIER = /(\bfrom\s+|\bimport\s+|\bimport\()(['"])([^'"]+)\2/g;

/**
 * Relative imports of a compiled declaration with the ending that the package has: the compiler rewrites them in JavaScript,
 * not here.
 * @param {string} text
 */
export function withJsEndings(text) {
  return text.replace(SPECIFIER, (whole, before, quote, target) =>
    target.startsWith('.') ? `${before}${quote}${target.replace(/(?<!\.d)\.ts$/, '.js')}${quote}` : whole,
  );
}

/**
 * The modules that a declaration imports.
 * @param {string} text
 * @returns {string[]} as written
 */
export function importsOf(text) {
  // Comments show how to import the package itself.
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '');
  return [...code.matchAll(SPECIFIER)].map((match) => match[3]);
}

/**
 * The declarations that a host can come to from the package's entries; of everything else, it needs no types.
 * @param {string[]} entries declaration files, as paths from the package's folder
 * @param {(file: string) => string} read
 * @returns {string[]} the entries and whatever they lead to
 */
export function reachable(entries, read) {
  const found = new Set();
  const follow = (file) => {
    if (found.has(file)) return;
    found.add(file);
    for (const target of importsOf(read(file))) {
      if (target.startsWith('.')) follow(posix.join(posix.dirname(file), target.replace(/(?<!\.d)\.[jt]s$/, '.d.ts')));
    }
  };
  for (const entry of entries) follow(entry);
  return [...found].sort();
}
