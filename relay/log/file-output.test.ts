import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { FileOutput } from './file-output.ts';

async function scene(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'relay-file-output-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'relay.log');
  const troubles: (string | null)[] = [];
  const output = await FileOutput.open({ path, maxBytes: 100_000, keep: 2 }, ({ reason }) => troubles.push(reason));
  const line = async (text: string) => {
    output.write(`${text}\n`);
    await output.written(1_000);
  };
  const until = async (found: () => boolean, what: string) => {
    for (let round = 0; !found(); round += 1) {
      assert.ok(round < 200, what);
      await sleep(25);
    }
  };
  return { path, output, troubles, line, until };
}

const textOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

describe('the log file as an output', () => {
  for (const [what, remove, before] of [
    ['moved (logrotate)', (path: string) => renameSync(path, `${path}.1`), (path: string) => textOf(`${path}.1`)],
    ['removed', (path: string) => rmSync(path), () => 'one\n'],
  ] as const) {
    it(`that was ${what} is opened anew by itself, and says so`, async (t) => {
      const { path, output, troubles, line, until } = await scene(t);
      await line('one');
      remove(path);
      await until(() => existsSync(path), 'there is no new one');
      await line('two');
      assert.match(textOf(path), /^\{"level":"warn".*moved or removed.*\}\ntwo\n$/);
      assert.equal(before(path), 'one\n');
      assert.deepEqual([troubles, output.dropped], [[], 0]);
    });
  }

  it('is opened anew when asked, at once, and without a word', async (t) => {
    const { path, output, line } = await scene(t);
    await line('one');
    renameSync(path, `${path}.1`);
    output.write('still the old one\n');
    output.reopen();
    await line('two');
    assert.equal(textOf(path), 'two\n');
    assert.equal(textOf(`${path}.1`), 'one\nstill the old one\n');
  });
});
