import { findFiles, readSource } from './source-files.mjs';

const FOLDERS = ['docs', 'relay', 'widgets', 'demo', 'test', 'tools', 'certs', 'deploy'];
const ASKS =
  /\b(?:npm|pnpm|yarn|bun|npx|deno)\s(?:[\w-]+\s+)*(?:i|install|add|exec|dlx|x|--yes|-y)?\s*[^\n`]*?(?<!:)@prospect-live\/\w+/;
const INSTALLS = /\binstall\b[^\n`]{0,40}(?<![\w`])@prospect-live\/\w+/;
const LINKS =
  /npmjs\.com\/package\/@prospect-live|(?:unpkg\.com|jsdelivr\.net\/npm|esm\.sh|skypack\.dev)\/@prospect-live/;

/**
 * Finds words that send people to a public registry for the project's packages. They are not there, and the scope is not the
 * project's: whoever registers it could give these people code of their own.
 * @returns {string[]} one line per problem
 */
export function checkRegistryNames() {
  const files = [
    ...findFiles(FOLDERS, /(?<!\.test)\.(?:md|ts|tsx|mjs|js|vue|sh|yml|yaml)$|Containerfile/),
    'README.md',
    'CHANGELOG.md',
  ];
  return files.flatMap((file) => findRegistryNames(file, readSource(file)));
}

/** The problems of one file. Exported for its test. */
export function findRegistryNames(file, text) {
  return text
    .split('\n')
    .flatMap((line, index) =>
      [ASKS, INSTALLS, LINKS].some((pattern) => pattern.test(line))
        ? [
            `${file}:${index + 1}: sends people to a public registry for @prospect-live/...; name the tarball of npm run packages`,
          ]
        : [],
    );
}
