import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../../setup/paths.mjs';

/** As strict as hosts may be; declarations of packages are checked too. */
const STRICT = {
  target: 'ES2023',
  lib: ['ES2023', 'DOM', 'DOM.Iterable'],
  jsx: 'react-jsx',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  noEmit: true,
};

/** The two ways in which TypeScript finds ES modules: as bundlers do, and as Node does. */
export const RESOLUTIONS = [
  { module: 'ESNext', moduleResolution: 'bundler' },
  { module: 'NodeNext', moduleResolution: 'NodeNext' },
];

/**
 * Compiles files in a folder where packages are installed.
 * @param {string} folder
 * @param {Record<string, string>} files names and contents
 * @param {object} options for the compiler, besides strict ones
 * @returns {string[]} the errors, without those inside the declarations of other makers' packages
 */
export function typeCheck(folder, files, options) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const config = { compilerOptions: { ...STRICT, ...options }, files: Object.keys(files) };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = inRoot('node_modules', 'typescript', 'bin', 'tsc');
  const { stdout, stderr, error } = spawnSync(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (error) throw error;
  return `${stdout}${stderr}`
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s|^node_modules\/(?!@prospect-live\/)/.test(line));
}

/** A file that hosts' code could be: tools/packaging/testing/consumer. */
export function consumerFile(name) {
  return readFileSync(inRoot('tools', 'packaging', 'testing', 'consumer', name), 'utf8');
}

/**
 * The TypeScript samples of a package's README, as files.
 * @param {'widgets' | 'relay'} name
 * @returns {Record<string, string>}
 */
export function readmeSamples(name) {
  const text = readFileSync(inRoot(name, 'README.md'), 'utf8');
  const samples = [...text.matchAll(/^```tsx?(?: [^\n]*)?\n([\s\S]*?)^```$/gm)].map(([, code], at) => [
    `readme-${at + 1}.tsx`,
    code,
  ]);
  if (samples.length === 0) throw new Error(`${name}/README.md shows no TypeScript.`);
  return Object.fromEntries(samples);
}
