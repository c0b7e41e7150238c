// `node widgets/types/generate.mjs`: writes the typings for React and Vue and the editors' data from custom-elements.json.
// The editors' data comes from two kept generators. Those for JSX and Vue were tried and left: of an attribute without a property
// (`theme`, `placement`) they make a prop named "undefined", and they name event types that they do not import.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { generateJetBrainsWebTypes } from 'custom-element-jet-brains-integration';
import { generateVsCodeCustomElementData } from 'custom-element-vs-code-integration';

const root = new URL('../../', import.meta.url);
const HEADER = '// Made by generate.mjs from custom-elements.json: do not edit.';

/**
 * All generated files, by name.
 * @returns {Map<string, string>}
 */
export function generate() {
  const manifest = JSON.parse(readFileSync(new URL('custom-elements.json', root), 'utf8'));
  const elements = manifest.modules
    .flatMap(({ declarations }) => declarations)
    .filter(({ customElement }) => customElement)
    .sort((a, b) => a.tagName.localeCompare(b.tagName));
  const files = [['react.d.ts', reactTypes(elements)], ['vue.d.ts', vueTypes(elements)], ...editorData(manifest)];
  return new Map(files.map(([file, text]) => [file, format(file, text)]));
}

function format(file, text) {
  const biome = fileURLToPath(new URL('node_modules/@biomejs/biome/bin/biome', root));
  const args = [biome, 'format', `--stdin-file-path=widgets/types/${file}`];
  return execFileSync(process.execPath, args, { cwd: fileURLToPath(root), input: text, encoding: 'utf8' });
}

function reactTypes(elements) {
  return `${HEADER}
/**
 * JSX types of the elements, for React 19 and 18: \`import type {} from '@prospect-live/widgets/react';\` once in the project.
 * Attribute names are used, because they work before the element is defined, on the server, and in React 18. The \`onprospect-...\`
 * props are React 19's; React 18 ignores them and needs \`addEventListener\`.
 */

${typeImports(elements)}import type { DetailedHTMLProps, HTMLAttributes } from 'react';

${elements.map((element) => propsInterface(element, `DetailedHTMLProps<HTMLAttributes<${element.name}>, ${element.name}>`, 'on')).join('\n')}
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
${elements.map(({ tagName, name }) => `      '${tagName}': ${name}Props;`).join('\n')}
    }
  }
}
`;
}

function vueTypes(elements) {
  return `${HEADER}
/**
 * Template types of the elements, for Vue 3 with vue-tsc: \`import type {} from '@prospect-live/widgets/vue';\` once in the project.
 * The compiler must be told too: \`isCustomElement: (tag) => tag.startsWith('prospect-')\`.
 */

${typeImports(elements)}import type { EmitFn, HTMLAttributes, PublicProps } from 'vue';

${elements.map((element) => propsInterface(element, "HTMLAttributes, Omit<PublicProps, 'class' | 'style'>")).join('\n')}
${elements
  .map(
    ({ name, tagName, events }) => `/** What \`<${tagName}>\` tells. */
export type ${name}Emits = {
${events.map((event) => `${doc(event.description, '  ')}  '${event.name}': (event: ${eventType(event, name)}) => void;`).join('\n')}
};
`,
  )
  .join('\n')}
declare module 'vue' {
  interface GlobalComponents {
${elements.map(({ tagName, name }) => `    '${tagName}': new () => ${name} & { $props: ${name}Props; $emit: EmitFn<${name}Emits> };`).join('\n')}
  }
}
`;
}

/** The state-change event is generic over the element's states. */
function eventType(event, element) {
  const { text } = event.type;
  return text === 'ProspectStateChangeEvent' ? `${text}<${element}['state']>` : text;
}

function typeImports(elements) {
  const names = elements.flatMap(({ name, events, members }) => [
    name,
    'TokenProvider',
    ...(members.some(({ name: member }) => member === 'expected') ? ['ExpectedPerson'] : []),
    ...(members.some(({ name: member }) => member === 'e2eeKeys') ? ['E2eeKey', 'E2eeRotation'] : []),
    ...events.map(({ type }) => type.text),
  ]);
  const sorted = [...new Set(names)].sort();
  return `import type {\n${sorted.map((name) => `  ${name},`).join('\n')}\n} from '@prospect-live/widgets';\n`;
}

function propsInterface({ name, tagName, attributes, members, events }, base, eventPrefix) {
  const attributeProps = attributes
    .filter((attribute) => !isReadOnly(attribute))
    .map(
      ({ name: attribute, type, description }) =>
        `${doc(description, '  ')}  ${eventPrefix ? key(attribute) : camelCase(attribute)}?: ${propType(type.text)} | undefined;`,
    );
  // React 19 and Vue set a property where the element has one of this name.
  const properties = members
    .filter(({ kind, attribute, readonly, static: ofClass }) => kind === 'field' && !attribute && !readonly && !ofClass)
    .map(
      ({ name: property, type, description }) => `${doc(description, '  ')}  ${property}?: ${type.text} | undefined;`,
    );
  const eventProps = eventPrefix
    ? events.map(
        (event) =>
          `${doc(event.description, '  ')}  '${eventPrefix}${event.name}'?: ((event: ${eventType(event, name)}) => void) | undefined;`,
      )
    : [];
  const reactProps = eventPrefix
    ? [
        `${doc('Classes, in React 18, which knows no `className` on custom elements.', '  ')}  class?: string | undefined;`,
      ]
    : [];
  return `/** What \`<${tagName}>\` may be given. */
export interface ${name}Props extends ${base} {
${[...reactProps, ...attributeProps, ...properties, ...eventProps].join('\n')}
}
`;
}

/** \`state\` is told by the element, never to it. */
const isReadOnly = ({ name }) => name === 'state';

/** Vue's template checker knows `relay-url` by this name. */
const camelCase = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

const key = (name) => (/^\w+$/.test(name) ? name : `'${name}'`);

/** Attributes may be written as text too: \`volume="0.5"\`. */
const propType = (text) => (text === 'number' ? 'number | string' : text);

const doc = (description, indent) => `${indent}/** ${description} */\n`;

/** VS Code's custom data and JetBrains' web-types, as their generators write them. */
function editorData(manifest) {
  const outdir = mkdtempSync(join(tmpdir(), 'prospect-types-'));
  const { version } = JSON.parse(readFileSync(new URL('widgets/package.json', root), 'utf8'));
  // The styles have data of their own; in the tags' texts they would be a wall.
  const options = { outdir, hideLogs: true, hideCssPartsDocs: true, hideCssPropertiesDocs: true };
  try {
    generateVsCodeCustomElementData(structuredClone(manifest), options);
    generateJetBrainsWebTypes(structuredClone(manifest), { ...options, packageJson: false });
    const read = (file) => JSON.parse(readFileSync(join(outdir, file), 'utf8'));
    const webTypes = { ...read('web-types.json'), name: '@prospect-live/widgets', version };
    return [
      ['vscode.html-custom-data.json', json(read('vscode.html-custom-data.json'))],
      ['vscode.css-custom-data.json', json(read('vscode.css-custom-data.json'))],
      ['web-types.json', json(webTypes)],
    ];
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [file, text] of generate()) writeFileSync(new URL(file, import.meta.url), text);
}
