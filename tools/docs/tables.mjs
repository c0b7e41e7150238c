/** Markdown tables of what the sources describe, for README.md and docs/. */

/** A table; an empty text without rows. @param {string[]} head @param {(string | undefined)[][]} rows */
export function table(head, rows) {
  if (rows.length === 0) return '';
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

/** The text as code. @param {string} text */
export const code = (text) => `\`${text}\``;

/** A text as one line, as it stands in a table. @param {string | undefined} text */
export const cell = (text) => `${text ?? ''}`.replace(/\s*\n\s*/g, ' ').replace(/(?<!\\)\|/g, '\\|');

/**
 * The elements of a manifest (https://custom-elements-manifest.open-wc.org), the button first.
 * @param {{ modules: { declarations: any[] }[] }} manifest
 */
export function elementsOf(manifest) {
  return manifest.modules
    .flatMap(({ declarations }) => declarations.filter((one) => one.customElement))
    .sort((a, b) => b.tagName.localeCompare(a.tagName));
}

/**
 * What a host may use of an element, one table per kind; kinds without an entry are left out.
 * @returns {{ title: string, text: string }[]}
 */
export function elementTables(element) {
  const attributes = new Map((element.attributes ?? []).map((attribute) => [attribute.name, attribute]));
  const members = (element.members ?? []).filter(({ static: isStatic, privacy }) => !isStatic && privacy !== 'private');
  const plain = members.filter((member) => member.kind === 'field' && !attributes.has(member.attribute));
  const methods = members.filter((member) => member.kind === 'method');
  const described = (list, name = code) => (list ?? []).map((one) => [name(one.name), one.description]);
  return [
    { title: 'Attributes', text: table(['Attribute', 'Type', 'Meaning'], [...attributes.values()].map(typed)) },
    { title: 'Properties', text: table(['Property', 'Type', 'Meaning'], plain.map(typed)) },
    {
      title: 'Methods',
      text: table(
        ['Method', 'Meaning'],
        methods.map((one) => [
          code(`${one.name}(${(one.parameters ?? []).map(({ name }) => name).join(', ')})`),
          one.description,
        ]),
      ),
    },
    { title: 'Events', text: table(['Event', 'Meaning'], described(element.events)) },
    {
      title: 'CSS parts',
      text: table(
        ['CSS part', 'What it is'],
        described(element.cssParts, (name) => code(`::part(${name})`)),
      ),
    },
    {
      title: 'CSS properties',
      text: table(
        ['CSS property', 'Default', 'What it sets'],
        (element.cssProperties ?? []).map((one) => [
          code(one.name),
          one.default ? code(one.default) : '',
          one.description,
        ]),
      ),
    },
  ].filter(({ text }) => text !== '');
}

const typed = (one) => [code(one.name), one.type?.text ? code(one.type.text) : '', one.description];
