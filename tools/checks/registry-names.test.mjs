import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findRegistryNames } from './registry-names.mjs';

const problems = (line) => findRegistryNames('README.md', `first\n${line}`);

describe('names on public registries', () => {
  it('refuses every way to ask for a package by its name alone', () => {
    const lines = [
      'npm install @prospect-live/widgets',
      'With a build: `npm i -D @prospect-live/widgets@1.2`.',
      'pnpm add @prospect-live/relay',
      'yarn add react @prospect-live/widgets',
      'npx @prospect-live/relay',
      'or install @prospect-live/widgets@1.2, or',
      'a [relay](https://www.npmjs.com/package/@prospect-live/relay)',
      '<script src="https://unpkg.com/@prospect-live/widgets"></script>',
    ];
    for (const line of lines) assert.match(problems(line)[0] ?? line, /^README\.md:2: /);
  });

  it('lets tarballs, imports and the tied scope be', () => {
    const lines = [
      'npm install ./prospect-live-widgets-0.1.0.tgz ./prospect-live-relay-0.1.0.tgz',
      "import '@prospect-live/widgets/define';",
      '@prospect-live:registry=https://npm.example.com/',
      'the npm package `@prospect-live/widgets`',
    ];
    for (const line of lines) assert.deepEqual(problems(line), []);
  });
});
