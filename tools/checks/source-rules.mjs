import { SOURCE_FOLDERS } from './imports.mjs';
import { findFiles, readSource } from './source-files.mjs';

/** Most files have 60 to 250 lines; one of more than this has more than one job. */
const MAX_LINES = 400;

/**
 * Texts that must not be in the sources. The first is about tests that would count without proving anything.
 * @type {[RegExp, string][]}
 */
const FORBIDDEN = [
  [
    /\b(?:describe|it|test|suite)\.(?:only|skip|todo)\(|\bxit\(|\bxdescribe\(/,
    'a test that is skipped, or that leaves others out',
  ],
  [/\b(?:TODO|FIXME|XXX)\b/, 'something left to be done'],
  [/@ts-(?:ignore|nocheck)\b/, 'a type check that is switched off'],
  [/\bas unknown as\b/, 'a cast past the type check'],
  [/(?:^|[\s'"`(])\/(?:home|root|Users)\/\w/m, "a path of somebody's machine"],
];

/** Every exported function or class, with the text before it. */
const EXPORT = /(^|\n)(.*)\n(export (?:default )?(?:abstract )?(?:async )?(?:function\*?|class) (\w+))/g;

/**
 * Finds sources against the project's house rules: names in kebab-case, files that stay readable, exported functions and
 * classes with a doc comment, no leftovers.
 * @returns {string[]} one line per problem
 */
export function checkSourceRules() {
  return findFiles(SOURCE_FOLDERS, /\.(?:ts|mjs|js)$/).flatMap((file) => checkFile(file, readSource(file)));
}

/** The problems of one file. Exported for its test. */
export function checkFile(file, source) {
  const problems = [];
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (!/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(name)) problems.push(`${file}: file names are in kebab-case`);
  const lines = source.split('\n').length - 1;
  if (lines > MAX_LINES) problems.push(`${file}: ${lines} lines; over ${MAX_LINES} a file has more than one job`);
  // This module has to name what it forbids.
  if (!file.startsWith('tools/checks/source-rules.')) {
    for (const [pattern, what] of FORBIDDEN) {
      const found = pattern.exec(source);
      if (found) problems.push(`${file}:${lineOf(source, found.index)}: ${what} ("${found[0].trim()}")`);
    }
  }
  if (!/\.test\.|\/(?:testing|fixtures)\//.test(file)) {
    for (const match of source.matchAll(EXPORT)) {
      if (!/\*\/\s*$|^\s*\/\/ biome-ignore/.test(match[2])) {
        problems.push(
          `${file}:${lineOf(source, match.index + match[0].length)}: ${match[4]} is exported without a doc comment`,
        );
      }
    }
  }
  return problems;
}

function lineOf(source, index) {
  return source.slice(0, index).split('\n').length;
}
