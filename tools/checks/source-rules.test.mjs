import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkFile } from './source-rules.mjs';

describe('source rules', () => {
  it('accepts documented exports in a kebab-case file', () => {
    assert.deepEqual(
      checkFile('relay/http/app.ts', '/** Says a. */\nexport function a() {}\n\n/** B. */\nexport class B {}\n'),
      [],
    );
  });

  it('names the line of what is wrong', () => {
    assert.deepEqual(checkFile('relay/a.ts', 'const x = 1;\n\nexport async function a() {}\n'), [
      'relay/a.ts:3: a is exported without a doc comment',
    ]);
    assert.match(
      checkFile('relay/a.test.ts', "\nit.skip('x', () => {});\n")[0],
      /^relay\/a\.test\.ts:2: a test that is skipped/,
    );
    assert.match(checkFile('relay/bigFile.ts', '')[0], /kebab-case/);
    assert.match(checkFile('relay/a.ts', 'x\n'.repeat(401))[0], /401 lines/);
  });
});
