import { addressesIn, IMPORTING, importsIn, SOURCE_FOLDERS } from './imports.mjs';
import { findFiles, readSource } from './source-files.mjs';

/** What each part of the project may take from the others. What is to be delivered or shown knows nothing of tools and tests. */
const MAY_TAKE = {
  relay: [],
  widgets: ['relay'],
  demo: [],
  test: ['relay', 'widgets', 'demo'],
  tools: ['relay', 'widgets', 'demo'],
};

/** Programs of another part that a part starts, as anybody would: by a command line. */
const MAY_START = { demo: ['relay/main.ts'], test: ['tools/cdn.mjs', 'test/load/main.ts'] };

/** Tests stand beside the code they test, and may use what only tests need. */
const TEST = /\.test(?:-d)?\.\w+$/;
const MAY_TAKE_IN_TESTS = { relay: ['test', 'tools'], widgets: ['test', 'tools'], demo: ['relay', 'test', 'tools'] };

/**
 * Finds imports between the parts of the project, and between the suites under test/, that make one depend on what it
 * must not need.
 * @returns {string[]} one line per problem
 */
export function checkImportParts() {
  return findFiles(SOURCE_FOLDERS, IMPORTING).flatMap((file) => checkFile(file, readSource(file)));
}

/** The problems of one file. Exported for its test. */
export function checkFile(file, source) {
  const imported = importsIn(file, source)
    .map(({ path }) => path)
    .filter((path) => path !== null);
  const named = addressesIn(file, source).filter((path) => !MAY_START[partOf(file)]?.includes(path));
  return [...imported, ...named].flatMap((path) => {
    const problem = problemOf(file, path);
    return problem ? [`${file}: uses ${path}, but ${problem} (tools/checks/import-parts.mjs)`] : [];
  });
}

function problemOf(file, path) {
  const from = partOf(file);
  const to = partOf(path);
  const allowed = [from, ...MAY_TAKE[from], ...(TEST.test(file) ? (MAY_TAKE_IN_TESTS[from] ?? []) : [])];
  if (!SOURCE_FOLDERS.includes(to)) return null;
  if (!allowed.includes(to)) return `${from}/ must not depend on ${to}/`;
  if (to !== 'test') return null;
  const suite = suiteOf(path);
  if (suite === 'harness' || (from === 'test' && suite === suiteOf(file))) return null;
  if (from !== 'test') return 'tests beside the code take from test/ the harness only';
  return `what test/${suiteOf(file)} and test/${suite} both need belongs into test/harness, which imports no suite`;
}

const partOf = (path) => path.split('/')[0];
const suiteOf = (path) => path.split('/')[1];
