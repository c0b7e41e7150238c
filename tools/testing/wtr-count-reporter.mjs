import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/**
 * A reporter for @web/test-runner, beside the default one, which shows failures only: one line per file that passed, and how
 * many tests passed and failed as JSON in a file. Files that could not be loaded or that broke off, and skipped tests,
 * count as failed.
 * @param {string} file
 * @returns {import('@web/test-runner-core').Reporter}
 */
export function countReporter(file) {
  return {
    reportTestFileResults({ logger, sessionsForTestFile, testFile }) {
      const { passed, failed } = count(sessionsForTestFile);
      if (failed === 0) logger.log(`✔ ${relative(process.cwd(), testFile)}  ${passed} passed`);
    },
    stop({ sessions }) {
      writeFileSync(file, JSON.stringify(count(sessions)));
    },
  };
}

function count(sessions) {
  const counts = { passed: 0, failed: 0, names: [] };
  for (const session of sessions) {
    const before = counts.failed;
    const path = relative(process.cwd(), session.testFile);
    if (session.testResults) countSuite(session.testResults, counts, path);
    if (!session.passed && counts.failed === before) addFailure(counts, path);
  }
  return counts;
}

function countSuite(suite, counts, path) {
  for (const test of suite.tests) {
    if (test.passed && !test.skipped) counts.passed += 1;
    else addFailure(counts, `${path}: ${test.name}`);
  }
  for (const inner of suite.suites) countSuite(inner, counts, path);
}

function addFailure(counts, name) {
  counts.failed += 1;
  counts.names.push(name);
}
