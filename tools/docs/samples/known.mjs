import { readFileSync } from 'node:fs';
import { variables } from '../../../relay/config/variables.ts';
import { BUDGETS_KB } from '../../checks/bundle-size.mjs';
import { manifestFile } from '../../checks/manifest.mjs';
import { findFiles, readSource } from '../../checks/source-files.mjs';
import { unionValues } from '../doc-comments.mjs';
import { elementsOf } from '../tables.mjs';
import { parseMarkdown } from './markdown.mjs';
import { OTHER_VARIABLES } from './settings.mjs';

/** What the samples may name. */
export function readKnown() {
  const states = readSource('widgets/sessions/state.ts');
  const union = (name) => unionValues(states, name).map(({ value }) => value);
  return {
    elements: elementsOf(JSON.parse(readFileSync(manifestFile, 'utf8'))),
    states: {
      'prospect-stream-button': union('StreamingStatus'),
      'prospect-listen-panel': union('ListeningStatus'),
    },
    widgetFiles: Object.keys(BUDGETS_KB),
    variables: [...Object.keys(variables), ...OTHER_VARIABLES],
    metrics: [...readSource('docs/api-relay.md').matchAll(/`(prospect_relay_\w+)`/g)].map(([, name]) => name),
    commands: Object.keys(JSON.parse(readSource('relay/package.json')).bin),
    scripts: JSON.parse(readSource('package.json')).scripts,
    suites: [...readSource('tools/testing/suites.mjs').matchAll(/^ {4}name: '(\w+)',$/gm)].map(([, name]) => name),
  };
}

/** READMEs of the npm packages: what people see there before anything else. */
const PACKAGE_PAGES = ['relay/README.md', 'widgets/README.md'];

/** Every page whose samples are tested: the README, those of the packages, and docs/. */
export function readPages() {
  return ['README.md', ...PACKAGE_PAGES, ...findFiles(['docs'], /\.md$/)].map((file) =>
    parseMarkdown(file, readSource(file)),
  );
}

/** Every Markdown page of the project, for the links between them. */
export function readAllPages() {
  const others = findFiles(['certs', 'demo', 'relay', 'tools', 'widgets'], /\.md$/).filter(
    (file) => !file.includes('/dist/') && !PACKAGE_PAGES.includes(file),
  );
  return [...readPages(), ...['CHANGELOG.md', ...others].map((file) => parseMarkdown(file, readSource(file)))];
}
