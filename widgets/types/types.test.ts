/** The generated typings and editors' data are what the manifest says, and name everything in it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

interface Generator {
  generate(): Map<string, string>;
}
interface Named {
  readonly name: string;
}
interface Declaration {
  readonly tagName?: string;
  readonly attributes?: readonly Named[];
  readonly events?: readonly Named[];
}

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
const { modules } = JSON.parse(read('../../custom-elements.json')) as { modules: { declarations: Declaration[] }[] };
const elements = modules.flatMap(({ declarations }) => declarations).filter(({ tagName }) => tagName);

test('the committed files are what the generator writes', async () => {
  // Not by a fixed path: the generator is plain JavaScript, which this project's types do not reach.
  const { generate } = (await import(new URL('./generate.mjs', import.meta.url).href)) as Generator;
  for (const [file, text] of generate()) {
    assert.equal(read(file), text, `${file} is stale: node widgets/types/generate.mjs`);
  }
});

for (const file of ['react.d.ts', 'vue.d.ts', 'web-types.json', 'vscode.html-custom-data.json']) {
  test(`${file} names every element, every attribute that can be set, and every event`, () => {
    const text = read(file);
    assert.equal(elements.length, 2);
    for (const { tagName, attributes = [], events = [] } of elements) {
      assert.ok(text.includes(tagName ?? ''), tagName);
      for (const { name } of [...attributes, ...events].filter((item) => item.name !== 'state')) {
        const camelCase = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
        assert.ok(text.includes(name) || text.includes(camelCase), `${tagName} ${name}`);
      }
    }
    assert.doesNotMatch(text, /"undefined"|\bundefined\?/);
  });
}
