import { IMPORTING, importsIn, SOURCE_FOLDERS } from './imports.mjs';
import { findFiles, readSource } from './source-files.mjs';

/**
 * Finds circles of imports, of types alone too: files in a circle can only be read, moved and tested together.
 * @returns {string[]} one line per circle
 */
export function checkImportCycles() {
  const files = findFiles(SOURCE_FOLDERS, IMPORTING);
  return findCycles(new Map(files.map((file) => [file, importsOf(file, readSource(file))]))).map(
    (circle) =>
      `${circle.join(' -> ')} -> ${circle[0]}: a circle of imports; move what both need into a file of its own`,
  );
}

/** The project's files that a source imports, as paths from the root. Exported for its test. */
export function importsOf(file, source) {
  return importsIn(file, source)
    .map(({ path }) => path)
    .filter((path) => path !== null);
}

/**
 * Circles, each the shortest way from a file back to itself, until every file that is in one has been shown. Exported for its test.
 * @param {Map<string, string[]>} graph
 * @returns {string[][]}
 */
export function findCycles(graph) {
  const inCircle = new Set();
  const circles = [];
  for (const start of graph.keys()) {
    if (inCircle.has(start)) continue;
    const circle = wayBack(graph, start);
    if (!circle) continue;
    for (const file of circle) inCircle.add(file);
    circles.push(circle);
  }
  return circles;
}

/** Breadth first, so that the shortest way is found; null when no way leads back. */
function wayBack(graph, start) {
  const cameFrom = new Map();
  const queue = [start];
  for (const file of queue) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) {
        const circle = [file];
        while (circle[0] !== start) circle.unshift(cameFrom.get(circle[0]));
        return circle;
      }
      if (cameFrom.has(next) || !graph.has(next)) continue;
      cameFrom.set(next, file);
      queue.push(next);
    }
  }
  return null;
}
