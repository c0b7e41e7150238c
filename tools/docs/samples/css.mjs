import { spawnSync } from 'node:child_process';
import { inRoot } from '../../setup/paths.mjs';

/**
 * Checks a style sheet: its syntax, and that custom properties, parts and states of the elements exist.
 * @param {string} css
 * @param {{ elements: any[], states: Record<string, string[]> }} known
 * @returns {string[]} problems
 */
export function checkCss(css, { elements, states }) {
  const biome = inRoot('node_modules', '.bin', 'biome');
  const parsed = spawnSync(biome, ['format', '--stdin-file-path=sample.css'], { input: css, encoding: 'utf8' });
  const problems = parsed.status === 0 ? [] : [parsed.stderr.trim()];
  return [...problems, ...unknownNames(css, elements), ...unknownParts(css, elements), ...unknownStates(css, states)];
}

function unknownNames(css, elements) {
  const known = new Set(elements.flatMap(({ cssProperties }) => cssProperties.map(({ name }) => name)));
  const used = [...css.matchAll(/--prospect-[\w-]+/g)].map(([name]) => name);
  return used.filter((name) => !known.has(name)).map((name) => `no element reads ${name}`);
}

function unknownParts(css, elements) {
  return [...css.matchAll(/(prospect-[\w-]+)[^\s{,]*::part\(([\w -]+)\)/g)].flatMap(([, tag, parts]) => {
    const element = elements.find(({ tagName }) => tagName === tag);
    const known = new Set((element?.cssParts ?? []).map(({ name }) => name));
    return parts
      .split(' ')
      .filter((part) => !known.has(part))
      .map((part) => `<${tag}> has no part ${part}`);
  });
}

function unknownStates(css, states) {
  return [...css.matchAll(/(prospect-[\w-]+)[^\s{,]*\[state=['"]?([\w-]+)/g)]
    .filter(([, tag, state]) => !states[tag]?.includes(state))
    .map(([, tag, state]) => `<${tag}> has no state ${state}`);
}
