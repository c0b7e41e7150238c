import { existsSync, readFileSync } from 'node:fs';
import { inRoot } from '../setup/paths.mjs';

const MARK = '<!-- Made by "npm run docs": do not edit. -->';

/**
 * The pages of docs/ that are made from the sources, and the files of deploy/ that are in part.
 * @returns {Promise<Map<string, string>>} their texts by their paths in the project
 */
export async function makeGeneratedDocs() {
  const { makeApiWidgets } = await import('./api-widgets.mjs');
  const { makeApiRelay } = await import('./api-relay.mjs');
  const { makeKits } = await import('./kits.mjs');
  return new Map([
    ['docs/api-widgets.md', page(await makeApiWidgets())],
    ['docs/api-relay.md', page(await makeApiRelay())],
    ...makeKits(),
  ]);
}

/** @returns {Promise<string[]>} problems */
export async function checkGeneratedDocs() {
  const pages = await makeGeneratedDocs();
  return [...pages]
    .filter(([path, text]) => !existsSync(inRoot(path)) || readFileSync(inRoot(path), 'utf8') !== text)
    .map(([path]) => `${path} is not what the sources say: run "npm run docs" and commit it`);
}

const page = (text) => `${MARK}\n${text.trim()}\n`;
