/** The checks of the samples find what is wrong: otherwise a page full of mistakes would pass. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkCss } from './css.mjs';
import { checkHtml } from './html.mjs';
import { checkLinks } from './links.mjs';
import { parseMarkdown, slugOf } from './markdown.mjs';
import { checkNames } from './names.mjs';
import { checkAlerts, checkCoturn, checkNginx, checkUnit } from './operations.mjs';
import { checkPolicy } from './policy.mjs';
import { checkEnv, checkJson, checkWholeEnv } from './settings.mjs';
import { checkShell } from './shell.mjs';
import { checkTypes } from './types.mjs';

const known = {
  elements: [
    {
      tagName: 'prospect-stream-button',
      attributes: [{ name: 'token' }, { name: 'state' }, { name: 'theme', type: { text: "'light' | 'dark'" } }],
      events: [{ name: 'prospect-error' }],
      cssParts: [{ name: 'badge' }],
      cssProperties: [{ name: '--prospect-accent' }],
    },
  ],
  states: { 'prospect-stream-button': ['live'] },
  widgetFiles: ['prospect-live.js'],
  variables: ['JWT_SECRET'],
  metrics: ['prospect_relay_streams'],
  scripts: { build: 'x', test: 'x' },
  suites: ['unit'],
  commands: ['prospect-live'],
};

const html = (text) => checkHtml(text, known).problems;
const good = (problems) => assert.deepEqual(problems, []);
const bad = (problems, pattern) => assert.match(problems.join('\n'), pattern);

describe('checks of samples', () => {
  it('HTML: tags, attributes, values, files of the relay', () => {
    good(html('<!doctype html><p>a<br>b</p><prospect-stream-button token="x" theme="dark"></prospect-stream-button>'));
    good(html('<script type="module" src="https://r/widgets/prospect-live.js"></script>'));
    bad(html('<p>a'), /<p> is not closed/);
    bad(html('<b><p></b></p>'), /<\/b> closes <p>/);
    bad(html('<prospect-stream-button tokn="x"></prospect-stream-button>'), /no attribute tokn/);
    bad(html('<prospect-stream-button theme="pink"></prospect-stream-button>'), /one of light, dark/);
    bad(html('<prospect-stream-button state="live"></prospect-stream-button>'), /read-only/);
    bad(html('<prospect-stream-button />'), /does not close in HTML/);
    bad(html('<prospect-buton></prospect-buton>'), /no element <prospect-buton>/);
    bad(html('<script src="/widgets/prospect.js"></script>'), /serves no \/widgets\/prospect\.js/);
    bad(html('<p class="x>a</p>'), /begins no tag|not closed/);
    assert.deepEqual(checkHtml('<script>const a = "<p>";</script>', known).scripts, ['const a = "<p>";']);
  });

  it('HTML: integrity values are whole, asked for without cookies, and of files that an import map leads to', () => {
    const value = `sha384-${'aB3/'.repeat(16)}`;
    const tag = (rest) => `<script type="module" src="https://c/a.js" ${rest}></script>`;
    good(html(tag(`crossorigin="anonymous" integrity="${value}"`)));
    bad(html(tag(`integrity="${value}"`)), /crossorigin/);
    bad(html(tag(`crossorigin="anonymous" integrity="${value}x"`)), /not an integrity value/);
    const map = (imports, integrity) => `<script type="importmap">${JSON.stringify({ imports, integrity })}</script>`;
    good(html(map({ a: 'https://c/a.js' }, { 'https://c/a.js': value })));
    bad(html(map({ a: 'https://c/b.js' }, { 'https://c/a.js': value })), /does not lead to/);
    bad(html('<script type="importmap">{</script>'), /the import map: /);
    assert.deepEqual(checkHtml(map({}, {}), known).scripts, []);
  });

  it('CSS: syntax, properties, parts, states', () => {
    good(checkCss("prospect-stream-button[state='live']::part(badge) { --prospect-accent: red; }", known));
    bad(checkCss('prospect-stream-button { color: red', known), /parse/);
    bad(checkCss('a { --prospect-acent: red; }', known), /--prospect-acent/);
    bad(checkCss('prospect-stream-button::part(bagde) { color: red; }', known), /no part bagde/);
    bad(checkCss("prospect-stream-button[state='alive'] { color: red; }", known), /no state alive/);
  });

  it('shell: syntax, programs, scripts, suites, variables, files', () => {
    good(
      checkShell(
        'JWT_SECRET=… npm run build # makes both\nnpm test -- unit\ndocker build -f deploy/image/Containerfile .',
        known,
      ),
    );
    bad(checkShell('if true; then', known), /bash -n/);
    bad(checkShell('frobnicate --now', known), /unknown program frobnicate/);
    bad(checkShell('npm run biuld', known), /no script biuld/);
    bad(checkShell('npm test -- untis', known), /no suite untis/);
    bad(checkShell('JWT_SECRTE=x npm test', known), /variable JWT_SECRTE/);
    bad(checkShell('npx prospect-lvie', known), /no package has the command prospect-lvie/);
    bad(checkShell('docker build -f relay/Dokcerfile .', known), /no relay\/Dokcerfile/);
  });

  it('settings of the relay', () => {
    good(checkEnv('HTTP_PORT=8081'));
    bad(checkEnv('HTTP_PROT=8081'), /no variable HTTP_PROT/);
    bad(checkEnv('HTTP_PORT=http'), /a port from/);
    bad(checkWholeEnv('NODE_ENV=production', { cert: '', key: '' }), /ANNOUNCED_ADDRESS/);
    bad(checkJson('{"role":"admin","sub":"a","name":"A","exp":1}', true), /equipes/);
    bad(checkJson('{"a":}', false), /JSON/);
  });

  it('policies', () => {
    const relay = 'https://relay.example.com:8443';
    good(
      checkPolicy(`Content-Security-Policy: script-src ${relay}; connect-src ${relay} wss://relay.example.com:8443`),
    );
    bad(checkPolicy(`Content-Security-Policy: script-src ${relay}; connect-src ${relay}`), /connect-src lacks wss:/);
    bad(checkPolicy(`Content-Security-Policy: script-src 'unsafe-inline'`), /unsafe/);
    const fromCdn = `Content-Security-Policy: script-src https://cdn.example.com/prospect-live/; connect-src ${relay} wss://relay.example.com:8443`;
    good(checkPolicy(fromCdn, true));
    bad(checkPolicy(fromCdn), /script-src lacks https:\/\/relay/);
    bad(checkPolicy(fromCdn.replace('cdn.', 'other.'), true), /script-src lacks https:\/\/cdn/);
    bad(checkPolicy('Permissions-Policy: microphone=()'), /not permitted/);
  });

  it('settings of other programs', () => {
    bad(checkUnit('[Unit]\nDescription=x\n'), /no \[Service\]/);
    bad(checkNginx('server {\n  listen 443\n}'), /does not end with/);
    bad(checkNginx('server {\n  listen 443;\n'), /braces/);
    bad(checkCoturn('use-auth-secret\nthis is none'), /not a setting/);
    bad(checkAlerts('a: prospect_relay_streems > 1', known.metrics), /no metric prospect_relay_streems/);
    bad(checkAlerts('a prospect_relay_streams', known.metrics), /not a line of YAML/);
  });

  it('names in the text', () => {
    good(checkNames('`JWT_SECRET`, `prospect-error`, <prospect-stream-button>, --prospect-accent', known));
    for (const wrong of [
      '`JWT_SCRET`',
      '`prospect-eror`',
      '<prospect-button>',
      '--prospect-color',
      'prospect_relay_x',
    ]) {
      assert.equal(checkNames(wrong, known).length, 1, wrong);
    }
  });

  it('links to files and headings', () => {
    const page = (text) => parseMarkdown('docs/README.md', text);
    good(checkLinks([page('# A `<b>` c\n[a](#a-b-c) [b](../README.md) [c](https://example.com/#x) `[d](none.md)`')]));
    bad(checkLinks([page('[a](#nowhere)')]), /no heading #nowhere/);
    bad(checkLinks([page('[a](nowhere.md)')]), /no docs\/nowhere\.md/);
    assert.equal(slugOf('HTTP, and “more”: `x`'), 'http-and-more-x');
  });

  it('Markdown: blocks with their options and lines, also indented ones', () => {
    const { blocks } = parseMarkdown('a.md', 'x\n\n```js host=node token\na;\n```\n\n- y\n\n  ```sh\n  b\n  ```\n');
    assert.deepEqual(
      blocks.map(({ line, lang, options, code }) => ({ line, lang, options, code })),
      [
        { line: 4, lang: 'js', options: { host: 'node', token: '' }, code: 'a;\n' },
        { line: 10, lang: 'sh', options: {}, code: 'b\n' },
      ],
    );
  });

  it('types: an attribute, an event and a field that do not exist', { timeout: 120_000 }, async () => {
    const wrong = `import type {} from '@prospect-live/widgets/react';
      export const a = <prospect-stream-button tokn="x" />;
      export const b = <prospect-stream-button onprospect-error={({ cod }) => cod} />;`;
    const said = await checkTypes('react', [{ path: 'wrong.tsx', code: wrong }]);
    assert.match(said, /tokn/);
    assert.match(said, /cod\b/);
  });
});
