import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { countReporter } from './tools/testing/wtr-count-reporter.mjs';

/**
 * Widget tests in a real Chromium: `widgets/**\/*.browser.test.ts`. CHROMIUM_BIN is the browser (`npm test` finds it);
 * PROSPECT_TEST_COUNTS is the file for the number of tests passed and failed, where `npm test` wants it.
 */
export default {
  files: ['widgets/**/*.browser.test.ts', '!**/node_modules/**'],
  rootDir: import.meta.dirname,
  // The same code as in the bundles, not the packages' development builds.
  nodeResolve: { browser: true, exportConditions: ['production'] },
  plugins: [esbuildPlugin({ ts: true, target: 'es2022', tsconfig: 'tsconfig.json' })],
  browsers: [
    chromeLauncher({
      launchOptions: {
        executablePath: process.env.CHROMIUM_BIN,
        args: [
          // Chromium's sandbox cannot start as root, nor in most containers.
          '--no-sandbox',
          '--use-fake-ui-for-media-stream',
          '--use-fake-device-for-media-stream',
          '--disable-background-networking',
        ],
      },
    }),
  ],
  // A page behind another one has no focus, and some tests are about focus.
  concurrency: 1,
  testFramework: { config: { timeout: '10000' } },
  testsStartTimeout: 60_000,
  testsFinishTimeout: 240_000,
  // Without a terminal, no cursor movements in the log.
  staticLogging: process.stdout.isTTY !== true,
  reporters: [
    defaultReporter({ reportTestResults: true, reportTestProgress: process.stdout.isTTY === true }),
    ...(process.env.PROSPECT_TEST_COUNTS ? [countReporter(process.env.PROSPECT_TEST_COUNTS)] : []),
  ],
};
