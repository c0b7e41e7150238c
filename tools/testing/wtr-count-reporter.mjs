import { writeFileSync } from 'node:fs';

/**
 * A reporter for @web/test-runner that writes how many tests passed and failed to a JSON file. Files that could not be
 * loaded or that broke off, and skipped tests, count as failed.
 * @param {string} file
 * @returns {import('@web/test-runner-core').Reporter}
 */
export function countReporter(file) {
  return {
    stop({ sessions }) {
      const counts = { passed: 0, failed: 0 };
      for (const session of sessions) {
        const before = counts.failed;
        if (session.testResults) countSuite(session.testResults, counts);
        if (!session.passed && counts.failed === before) counts.failed += 1;
      }
      writeFileSync(file, JSON.stringify(counts));
    },
  };
}

function countSuite(suite, counts) {
  for (const test of suite.tests) {
    if (test.passed && !test.skipped) counts.passed += 1;
    else counts.failed += 1;
  }
  for (const inner of suite.suites) countSuite(inner, counts);
}
