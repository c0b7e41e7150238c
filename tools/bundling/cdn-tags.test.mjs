import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { cdnTags } from './cdn-tags.mjs';

const ENTRY = { file: 'prospect-live-0123456789abcdef.js', integrity: 'sha384-abc', bytes: 3, map: 'm.js.map' };
const MANIFEST = { version: '1.0.0', files: { 'prospect-live.js': ENTRY } };
const FOLDER = 'https://cdn.example.com/prospect-live/';

describe('tags for a CDN', () => {
  it('pin the file, ask for it without cookies, and name it for the page’s own modules', () => {
    const { script, importMap, stable } = cdnTags(FOLDER, MANIFEST);
    const url = `${FOLDER}${ENTRY.file}`;
    assert.equal(script, `<script type="module" crossorigin="anonymous" src="${url}" integrity="sha384-abc"></script>`);
    assert.deepEqual(JSON.parse(importMap.replace(/<[^>]+>/g, '')), {
      imports: { '@prospect-live/widgets/prospect-live.js': url },
      integrity: { [url]: 'sha384-abc' },
    });
    assert.equal(stable, `<script type="module" crossorigin="anonymous" src="${FOLDER}prospect-live.js"></script>`);
  });

  it('the policy’s source for the import map is the hash of what stands between its tags', () => {
    const { importMap, scriptSources } = cdnTags(FOLDER, MANIFEST);
    const text = importMap.slice(importMap.indexOf('>') + 1, importMap.lastIndexOf('</script>'));
    const hash = createHash('sha256').update(text).digest('base64');
    assert.deepEqual(scriptSources, [FOLDER, `'sha256-${hash}'`]);
  });

  it('a place without a slash at its end is a folder all the same', () => {
    assert.deepEqual(cdnTags(FOLDER.slice(0, -1), MANIFEST), cdnTags(FOLDER, MANIFEST));
    assert.match(cdnTags('http://127.0.0.1:9000/x', MANIFEST).script, /src="http:\/\/127\.0\.0\.1:9000\/x\/prospect/);
  });

  it('other places, and bundles that are not there, are refused', () => {
    for (const base of [
      '',
      'cdn.example.com',
      '/x/',
      'http://cdn.example.com/',
      'https://u:p@c.example/',
      `${FOLDER}?v=1`,
    ])
      assert.throws(() => cdnTags(base, MANIFEST), /is not the place/, base);
    assert.throws(() => cdnTags(FOLDER, MANIFEST, 'toString'), /no bundle toString.*prospect-live\.js/);
  });
});
