import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { elementsOf, elementTables } from '../docs/tables.mjs';
import { inRoot } from '../setup/paths.mjs';
import { manifestFile } from './manifest.mjs';

/** The README, whose tables between `<!-- generated: NAME -->` and `<!-- end -->` come from the sources. */
export const readmeFile = inRoot('README.md');

const GENERATED = /(<!-- generated: ([\w-]+) -->\n)[\s\S]*?(<!-- end -->)/g;

/** The README with its tables as the sources say now. */
export function makeReadme(text = readFileSync(readmeFile, 'utf8')) {
  const tables = makeTables();
  return text.replace(GENERATED, (_, start, name, end) => {
    const table = tables[name];
    if (table === undefined) throw new Error(`README.md asks for a table that nobody makes: ${name}`);
    return `${start}\n${table.trim()}\n\n${end}`;
  });
}

/** @returns {string[]} problems */
export function checkReadmeFresh() {
  return readFileSync(readmeFile, 'utf8') === makeReadme()
    ? []
    : ['the tables of README.md are stale: run "npm run readme" and commit it'];
}

function makeTables() {
  const elements = elementsOf(JSON.parse(readFileSync(manifestFile, 'utf8')));
  return {
    ...Object.fromEntries(elements.map((element) => [element.tagName, joined(element)])),
    'relay-variables': relayVariables(),
  };
}

const joined = (element) =>
  elementTables(element)
    .map(({ text }) => text)
    .join('\n\n');

/** The tables of the relay's environment variables, as the relay prints them. */
export function relayVariables() {
  return execFileSync(process.execPath, [inRoot('relay', 'main.ts'), '--variables-table'], { encoding: 'utf8' });
}
