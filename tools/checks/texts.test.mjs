import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkFile, checkTexts } from './texts.mjs';

/** Holes are written §{…}: the linter takes them for mistakes in texts that are no templates. */
const found = (code) =>
  checkFile('widgets/ui/x.ts', code.replaceAll('§', '$')).map((problem) => /"(.*)"$/.exec(problem)?.[1]);

describe('texts in code', () => {
  it('are found in templates, in attributes that are read out, and in strings', () => {
    assert.deepEqual(found('const a = html`<p class="wide round">Nobody <b>listens</b></p>`;'), ['Nobody', 'listens']);
    assert.deepEqual(found('const a = html`<input aria-label="Volume" title=§{t} />`;'), ['Volume']);
    assert.deepEqual(found('const a = html`<p>§{open ? html`<span>LIVE</span>` : nothing}</p>`;'), ['LIVE']);
    assert.deepEqual(found("const a: string = on ? 'Connection lost' : '';"), ['Connection lost']);
    assert.deepEqual(found('const a = `§{name} is listening`;'), ['is listening']);
    assert.deepEqual(found("const a = { label: 'Volume' };"), ['Volume']);
    assert.deepEqual(found("const a = 'لا أحد يستمع';"), ['لا أحد يستمع']);
  });

  it('names the line', () => {
    assert.match(
      checkFile('widgets/ui/x.ts', "interface A { b: string }\n\nexport const a = 'Try again';\n")[0],
      /^widgets\/ui\/x\.ts:3:/,
    );
  });

  it('are not what developers read, nor names, classes and styles', () => {
    for (const code of [
      "throw new RangeError('This is no language.');",
      "console.warn('The texts could not be loaded');",
      "if (key === 'Escape') close();",
      'const a = css`.a { content: "two words"; }`;',
      'const a = html`<button class="wide primary" part="pause" aria-label=§{label} dir="auto">§{icon(\'stop\')}</button>`;',
      "const a = words('detail_ready');",
      "// A comment of several words\nconst a = 'state_ready';",
    ])
      assert.deepEqual(found(code), [], code);
  });

  it('there are none of in the widgets', () => {
    assert.deepEqual(checkTexts(), []);
  });
});
