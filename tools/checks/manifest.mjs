import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { inRoot, root } from '../setup/paths.mjs';
import { findFiles, readSource } from './source-files.mjs';

/** The committed manifest of both elements: https://custom-elements-manifest.open-wc.org */
export const manifestFile = inRoot('custom-elements.json');

/** The manifest that the sources give now, as text. */
export async function makeManifest() {
  const { cli } = await import('@custom-elements-manifest/analyzer/cli.js');
  const manifest = await cli({ argv: ['analyze', '--quiet'], cwd: root, noWrite: true });
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/**
 * Compares the committed manifest with the sources.
 * @returns {Promise<string[]>} problems
 */
export async function checkManifestFresh() {
  if (readCommitted() === (await makeManifest())) return [];
  return ['custom-elements.json is missing or stale: run "npm run manifest" and commit it'];
}

/**
 * Looks for parts of the elements' public face without a description: attributes, events, CSS parts and properties,
 * members; and for parts, properties and events that the sources have and the doc comments do not name.
 * @returns {Promise<string[]>} problems
 */
export async function checkManifestDocs() {
  const elements = JSON.parse(await makeManifest()).modules.flatMap(({ path, declarations }) =>
    declarations.filter(({ customElement }) => customElement).map((element) => ({ path, element })),
  );
  if (elements.length < 2) return [`the manifest has ${elements.length} of the two elements`];
  return [
    ...elements.flatMap(({ path, element }) => [...undescribed(element), ...unnamed(path, element)]),
    ...unnamedInTheme(elements.flatMap(({ element }) => element.cssProperties ?? [])),
  ];
}

function readCommitted() {
  try {
    return readFileSync(manifestFile, 'utf8');
  } catch {
    return null;
  }
}

function undescribed(element) {
  const problems = [];
  const where = element.name;
  if (!element.tagName) problems.push(`${where}: no @tag`);
  if (!element.summary) problems.push(`${where}: no @summary`);
  if (!element.description) problems.push(`${where}: no description`);
  for (const kind of ['attributes', 'events', 'cssParts', 'cssProperties', 'slots', 'members']) {
    for (const { name, description, type } of element[kind] ?? []) {
      if (!name) problems.push(`${where}: one of its ${kind} has no name`);
      else if (!description) problems.push(`${where}: ${name} (${kind}) has no description`);
      if (kind === 'events' && !type?.text) problems.push(`${where}: event ${name} has no type`);
    }
  }
  return problems;
}

/** What the element's own folder uses but its doc comment does not list. */
function unnamed(path, element) {
  const source = sourceOf(dirname(path));
  const used = {
    cssParts: [...source.matchAll(/\spart="([^"$]+)"/g)].flatMap(([, names]) => names.split(/\s+/)),
    cssProperties: cssPropertiesIn(source),
    // Events are classes, named after the event: ProspectStateChangeEvent is prospect-state-change.
    events: [...source.matchAll(/new (Prospect\w+)Event\(/g)].map(([, name]) => kebab(name)),
  };
  return Object.entries(used).flatMap(([kind, names]) => {
    const listed = new Set((element[kind] ?? []).map(({ name }) => name));
    return [...new Set(names)]
      .filter((name) => !listed.has(name))
      .map((name) => `${element.name}: ${name} (${kind}) is not documented`);
  });
}

/** The theme is shared: each of its properties is some element's. */
function unnamedInTheme(documented) {
  const listed = new Set(documented.map(({ name }) => name));
  return cssPropertiesIn(sourceOf('widgets/ui'))
    .filter((name) => !listed.has(name))
    .map((name) => `widgets/ui: ${name} is not documented at any element`);
}

function sourceOf(folder) {
  return findFiles([folder], /(?<!\.test)\.ts$/)
    .map(readSource)
    .join('\n');
}

function cssPropertiesIn(source) {
  return [...new Set([...source.matchAll(/var\(\s*(--prospect-[\w-]+)/g)].map(([, name]) => name))];
}

function kebab(name) {
  return name.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
