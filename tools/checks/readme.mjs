import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
  const elements = manifest.modules.flatMap(({ declarations }) => declarations.filter((one) => one.customElement));
  const variables = execFileSync(process.execPath, [inRoot('relay', 'main.ts'), '--variables-table'], {
    encoding: 'utf8',
  });
  return {
    ...Object.fromEntries(elements.map((element) => [element.tagName, elementTables(element)])),
    'relay-variables': variables,
  };
}

function elementTables(element) {
  const attributes = new Map((element.attributes ?? []).map((attribute) => [attribute.name, attribute]));
  const members = (element.members ?? []).filter(({ static: isStatic, privacy }) => !isStatic && privacy !== 'private');
  const plain = members.filter((member) => member.kind === 'field' && !attributes.has(member.attribute));
  const methods = members.filter((member) => member.kind === 'method');
  return [
    table(['Attribute', 'Type', 'Meaning'], [...attributes.values()].map(typed)),
    table(['Property', 'Type', 'Meaning'], plain.map(typed)),
    table(
      ['Method', 'Meaning'],
      methods.map((one) => [
        code(`${one.name}(${(one.parameters ?? []).map(({ name }) => name).join(', ')})`),
        one.description,
      ]),
    ),
    table(
      ['Event', 'Meaning'],
      (element.events ?? []).map((event) => [code(event.name), event.description]),
    ),
    table(
      ['CSS part', 'What it is'],
      (element.cssParts ?? []).map((part) => [code(`::part(${part.name})`), part.description]),
    ),
    table(
      ['CSS property', 'Default', 'What it sets'],
      (element.cssProperties ?? []).map((one) => [
        code(one.name),
        one.default ? code(one.default) : '',
        one.description,
      ]),
    ),
  ]
    .filter(Boolean)
    .join('\n\n');
}

const typed = (one) => [code(one.name), one.type?.text ? code(one.type.text) : '', one.description];

function table(head, rows) {
  if (rows.length === 0) return '';
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

const code = (text) => `\`${text}\``;
const cell = (text) => `${text ?? ''}`.replace(/\s*\n\s*/g, ' ').replace(/(?<!\\)\|/g, '\\|');
