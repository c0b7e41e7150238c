import { BUDGETS_KB, checkBundleSize } from '../checks/bundle-size.mjs';
import { checkBundlesRegister } from '../checks/bundles-register.mjs';
import { checkImportCycles } from '../checks/import-cycles.mjs';
import { checkImportDirection } from '../checks/import-direction.mjs';
import { checkImportParts } from '../checks/import-parts.mjs';
import { checkManifestDocs, checkManifestFresh } from '../checks/manifest.mjs';
import { checkReadmeFresh } from '../checks/readme.mjs';
import { checkRegistryNames } from '../checks/registry-names.mjs';
import { findFiles } from '../checks/source-files.mjs';
import { checkSourceRules } from '../checks/source-rules.mjs';
import { checkTexts } from '../checks/texts.mjs';
import { checkGeneratedDocs } from '../docs/generated.mjs';
import { installSampleLanguages } from '../docs/samples/install-languages.mjs';
import { inRoot } from '../setup/paths.mjs';
import { broken, runAsOneCheck, runCheck, runCounted, together } from './counted-run.mjs';

const bin = (name) => inRoot('node_modules', '.bin', name);
/** By its path: the demo has an older TypeScript besides, and either may be the `tsc` of .bin. */
const TSC = inRoot('node_modules', 'typescript', 'bin', 'tsc');

const FIREFOX = /^test\/e2e\/firefox(?:-states)?\.e2e\.test\.ts$/;
/** These break networks of their own and judge times, so they run one after another. */
const FAULTS = /^test\/(?:faults\/(?!cluster\/)|harness\/network\/).*\.test\.ts$/;
/** One cluster and one browser for all of it, and times are judged. */
const CLUSTER = /^test\/faults\/cluster\/.*\.e2e\.test\.ts$/;
/** These use real pages, ports and time. They mostly wait for sound and seconds to pass, so two files share the machine. */
const E2E = /^(?!test\/faults\/).*\.e2e\.test\.ts$/;
/** This has three browsers at once, and the machine for itself. */
const SEVERAL = /^test\/e2e\/several\.e2e\.test\.ts$/;
/** These run what is documented for operators, with the programs of others. */
const DEPLOY = /^test\/deploy\/.*\.test\.ts$/;
/** These install the npm packages, which takes the registry. */
const PACKAGES = /^tools\/packaging\/.*\.test\.mjs$/;
const BROWSER = /\.browser\.test\.ts$/;
const NODE_TEST = /\.test\.(?:ts|mjs)$/;
/** Samples are compiled against the packages, which have to be built for it. */
const DOCS = /^tools\/docs\/.*\.test\.mjs$/;

/**
 * The suites of `npm test`, in their order: what fails fast first.
 * @type {{ name: string, title: string, needs?: object, run: () => Promise<import('./counted-run.mjs').Counts> }[]}
 */
export const SUITES = [
  {
    name: 'lint',
    title: 'Lint and format',
    run: () => runAsOneCheck('lint', bin('biome'), ['check', '--error-on-warnings', '.']),
  },
  {
    name: 'types',
    title: 'Types',
    run: () =>
      inTurn(
        () => runAsOneCheck('types', process.execPath, [TSC, '-p', 'tsconfig.json']),
        () => runAsOneCheck('types of the tools', process.execPath, [TSC, '-p', 'tsconfig.tools.json']),
      ),
  },
  {
    name: 'sources',
    title: 'Import direction and house rules',
    run: () =>
      inTurn(
        () => runCheck('imports go one way', checkImportDirection),
        () =>
          runCheck(
            'relay, widgets and demo need no tests and tools; suites share by the harness alone',
            checkImportParts,
          ),
        () => runCheck('no imports go in a circle', checkImportCycles),
        () => runCheck('nobody is sent to a public registry for the packages', checkRegistryNames),
        () => runCheck('names, sizes, doc comments, no leftovers', checkSourceRules),
        () => runCheck('no text for people outside the catalogues', checkTexts),
      ),
  },
  {
    name: 'unit',
    title: 'Unit tests',
    needs: { worker: true, widgets: true, namespaces: true, cluster: true },
    run: () => {
      const files = findFiles(['relay', 'widgets', 'demo', 'test', 'tools'], NODE_TEST);
      return runNodeTests(
        'unit',
        files.filter(
          (file) => ![E2E, FAULTS, CLUSTER, DEPLOY, PACKAGES, BROWSER, DOCS].some((other) => other.test(file)),
        ),
        3,
      );
    },
  },
  {
    name: 'build',
    title: 'Bundles: their sizes, and their elements in Chromium',
    needs: { chromium: true, widgets: true },
    run: () =>
      inTurn(...Object.keys(BUDGETS_KB).map((name) => () => runSizeCheck(name)), () =>
        runCheck('each bundle registers its elements', checkBundlesRegister),
      ),
  },
  {
    name: 'manifest',
    title: 'Custom elements manifest, README and reference',
    run: () =>
      inTurn(
        () => runCheck('custom-elements.json is what the sources say', checkManifestFresh),
        () => runCheck('everything public is documented', checkManifestDocs),
        () => runCheck('the tables of README.md are what the sources say', checkReadmeFresh),
        () => runCheck('the reference in docs/ is what the sources say', checkGeneratedDocs),
      ),
  },
  {
    name: 'docs',
    title: 'Documentation: samples, names and links',
    needs: { packages: true },
    run: async () => {
      await installSampleLanguages();
      return runNodeTests('docs', findFiles(['tools/docs'], DOCS), 1);
    },
  },
  {
    name: 'packages',
    title: 'npm packages, checked and installed elsewhere',
    needs: { worker: true, packages: true },
    run: () => runNodeTests('packages', findFiles(['tools'], PACKAGES), 2),
  },
  {
    name: 'widgets',
    title: 'Widget tests in Chromium',
    needs: { chromium: true },
    run: async () =>
      findFiles(['widgets'], BROWSER).length > 0
        ? runCounted('widgets', process.execPath, [inRoot('node_modules', '@web', 'test-runner', 'dist', 'bin.js')])
        : broken('there are no widget tests (widgets/**/*.browser.test.ts)'),
  },
  {
    name: 'e2e',
    title: 'End to end: relay, workers, pages, a real voice',
    needs: { worker: true, chromium: true, widgets: true, hosts: true, cluster: true },
    run: () => {
      const files = findFiles(['test'], E2E).filter((file) => !FIREFOX.test(file));
      return inTurn(
        () =>
          runNodeTests(
            'e2e',
            files.filter((file) => !SEVERAL.test(file)),
            2,
          ),
        () =>
          runNodeTests(
            'e2e-several',
            files.filter((file) => SEVERAL.test(file)),
            1,
          ),
      );
    },
  },
  {
    name: 'deploy',
    title: 'Deployment: what is documented for operators, read and run by the programs that it is for, and Chromium',
    needs: { worker: true, chromium: true, widgets: true, cluster: true, deploy: true },
    run: () => runNodeTests('deploy', findFiles(['test'], DEPLOY), 2),
  },
  {
    name: 'firefox',
    title: 'The main job in Firefox',
    // It runs in a network namespace, which needs Linux and root; elsewhere the test says so and is skipped.
    needs: { worker: true, widgets: true, firefox: process.platform === 'linux' && process.getuid?.() === 0 },
    run: () => runNodeTests('firefox', findFiles(['test'], FIREFOX), 1),
  },
  {
    name: 'faults',
    title: 'Faults of the network',
    needs: { worker: true, chromium: true, widgets: true },
    run: () => runNodeTests('faults', findFiles(['test'], FAULTS), 1),
  },
  {
    name: 'cluster',
    title: 'Three relays, real Redis, HAProxy and pages',
    needs: { worker: true, chromium: true, widgets: true, cluster: true },
    run: () => runNodeTests('cluster', findFiles(['test'], CLUSTER), 1),
  },
];

/** @param {number} concurrency how many files at the same time; 1 for those that need the machine for themselves */
async function runNodeTests(name, files, concurrency) {
  if (files.length === 0) return broken(`there are no ${name} tests`);
  // A fault alone may last minutes, and rounds of a page on a busy machine.
  process.env.PROSPECT_TEST_STALL_MS = String(concurrency === 1 ? 600_000 : 300_000);
  return runCounted(name, process.execPath, [
    '--test',
    `--test-concurrency=${concurrency}`,
    `--test-reporter=${inRoot('tools', 'testing', 'node-reporter.mjs')}`,
    '--test-reporter-destination=stdout',
    ...files,
  ]);
}

function runSizeCheck(name) {
  const { problems, note } = checkBundleSize(name);
  return runCheck(name, () => problems, note);
}

async function inTurn(...runs) {
  let total = { passed: 0, failed: 0 };
  for (const run of runs) total = together(total, await run());
  return total;
}
