import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkFile } from './import-parts.mjs';

const problems = (file, source) => checkFile(file, source).length;

describe('parts of the project', () => {
  it('relay, widgets and demo take nothing from tests and tools', () => {
    for (const folder of ['relay/http', 'widgets/audio', 'demo/hosts', 'relay/media/testing']) {
      assert.equal(problems(`${folder}/a.ts`, `import { b } from '${up(folder)}test/harness/wait.ts';`), 1, folder);
      assert.equal(problems(`${folder}/a.mjs`, `export * from '${up(folder)}tools/setup/lock.mjs';`), 1, folder);
    }
    assert.equal(
      problems('demo/hosts/vue/src/a.vue', "<script>\nimport b from '../../../../tools/a.mjs';\n</script>"),
      1,
    );
    assert.equal(problems('demo/start.ts', "import { a } from '../relay/config.ts';"), 1);
  });

  it('tests beside the code may use the harness, and no suite', () => {
    assert.equal(problems('relay/media/a.test.ts', "import { b } from '../../test/harness/wait.ts';"), 0);
    assert.equal(problems('demo/a.test.ts', "import { b } from '../tools/packaging/build-packages.mjs';"), 0);
    assert.equal(problems('relay/media/a.test.ts', "import { b } from '../../test/soak/rounds.ts';"), 1);
  });

  it('suites share by the harness alone, which knows none of them', () => {
    assert.equal(problems('test/faults/rig/a.ts', "import { b } from '../../harness/wait.ts';"), 0);
    assert.equal(problems('test/faults/rig/a.ts', "import { b } from '../cases/b.ts';"), 0);
    assert.equal(problems('test/faults/rig/a.ts', "import { b } from '../../../relay/config.ts';"), 0);
    assert.equal(problems('test/faults/rig/a.ts', "import type { B } from '../../e2e/b.ts';"), 1);
    assert.equal(problems('test/harness/a.ts', "import { b } from '../soak/rounds.ts';"), 1);
    assert.equal(problems('test/harness/a.test.ts', "import { b } from '../soak/rounds.ts';"), 1);
  });

  it('tools and tests stand apart', () => {
    assert.equal(problems('tools/docs/a.mjs', "import { b } from '../../test/harness/wait.ts';"), 1);
    assert.equal(problems('tools/docs/a.mjs', "import { b } from '../../relay/config.ts';"), 0);
    assert.equal(problems('test/hosts/a.ts', "import { b } from '../../tools/hosts/build-hosts.mjs';"), 1);
  });

  it('what is named by its address counts too; the demo starts the relay as anybody would', () => {
    const named = (path) => `const PROGRAM = fileURLToPath(new URL('${path}', import.meta.url));`;
    assert.equal(problems('demo/relay-process.ts', named('../relay/main.ts')), 0);
    assert.equal(problems('demo/relay-process.ts', named('../relay/relay-server.ts')), 1);
    assert.equal(problems('test/bench/main.ts', named('../soak/main.ts')), 1);
    assert.equal(problems('test/bench/main.ts', named('../../bench-results/')), 0);
  });
});

function up(folder) {
  return '../'.repeat(folder.split('/').length);
}
