/** THREAT-MODEL.md names tests that exist, at least one for each threat. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../', import.meta.url);
const text = readFileSync(new URL('THREAT-MODEL.md', import.meta.url), 'utf8');
const TEST_FILE = /`([\w./-]+\.test\.(?:ts|mjs))`/g;

const threats = text
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\| (?:who|-+) /.test(line) && !/^\|[-\s|]+$/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('every threat has an attacker, an aim, a defence and a test', () => {
  assert.ok(threats.length > 15);
  for (const cells of threats) {
    const [, who, aim, defence, proof = ''] = cells;
    assert.ok(who && aim && defence, cells.join('|'));
    assert.ok([...proof.matchAll(TEST_FILE)].length > 0, `no test against: ${who}, ${aim}`);
  }
});

test('every test that it names exists, and has tests', () => {
  for (const [, file = ''] of text.matchAll(TEST_FILE)) {
    // Without a folder it stands beside the page.
    const path = file.includes('/') ? new URL(file, root) : new URL(file, import.meta.url);
    assert.ok(existsSync(path), `${file} does not exist`);
    assert.match(readFileSync(path, 'utf8'), /\b(?:test\w*|it)\(/, `${file} has no test`);
  }
});

test('every npm script that it names exists', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  for (const [, name = ''] of text.matchAll(/`npm run ([\w-]+)`/g)) assert.ok(scripts[name], `npm run ${name}`);
});
