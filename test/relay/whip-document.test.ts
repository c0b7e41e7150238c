/** docs/whip.md and what stands behind it: every requirement has a test, every code its row. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ERROR_CODES } from '../../relay/protocol/error-codes.ts';
import { WISH_CODES } from '../../relay/wish/problems.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const page = read('docs/whip.md');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );

for (const [what, file, number] of [
  ['RFC', 'test/relay/whip.test.ts', String.raw`\d+`],
  ['draft for players', 'test/relay/whep-draft.test.ts', String.raw`E\d+`],
] as const) {
  test(`every requirement of the ${what} that the page names has a test of its number, and the other way round`, () => {
    const numbered = new RegExp(`^${number}$`);
    const required = rows.filter(([no = '', section = '']) => numbered.test(no) && /^4\.\d/.test(section));
    const proved = [...read(file).matchAll(new RegExp(`^ {2}it\\('\\[(${number})\\] `, 'gm'))].map(([, no]) => no);
    assert.ok(proved.length > 15);
    assert.deepEqual(
      required.map(([no]) => no),
      proved,
    );
  });
}

test('every code of WHIP and WHEP stands in the page with its status and meaning, and is none of the protocol', () => {
  const listed = rows.filter(([code = '', status = '']) => /^`[a-z_]+`$/.test(code) && /^\d{3}$/.test(status));
  assert.deepEqual(
    listed,
    Object.entries(WISH_CODES).map(([code, { status, meaning }]) => [`\`${code}\``, String(status), meaning]),
  );
  for (const code of Object.keys(WISH_CODES)) assert.ok(!(code in ERROR_CODES), code);
});

test('every test that the page names exists', () => {
  const files = [...page.matchAll(/`((?:test|relay)\/[\w./-]+\.test\.ts)`/g)].map(([, file = '']) => file);
  assert.ok(files.length > 2);
  for (const file of files) assert.ok(existsSync(new URL(file, root)), file);
});
