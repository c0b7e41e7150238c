/** Every sample of README.md and docs/ is run, compiled or parsed; every link and name in them leads somewhere. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { checkChartValues } from './samples/chart.mjs';
import { checkCss } from './samples/css.mjs';
import { checkHtml } from './samples/html.mjs';
import { readAllPages, readKnown, readPages } from './samples/known.mjs';
import { checkLinks } from './samples/links.mjs';
import { checkNames } from './samples/names.mjs';
import { checkAlerts, checkCoturn, checkNginx, checkUnit } from './samples/operations.mjs';
import { checkPolicy } from './samples/policy.mjs';
import { checkPolicyFile } from './samples/policy-file.mjs';
import { checkEnv, checkJson, checkWholeEnv } from './samples/settings.mjs';
import { checkShell } from './samples/shell.mjs';
import { isHere, LANGUAGES, runSample, verify } from './samples/tokens.mjs';
import { checkTypes, HOST_NAMES } from './samples/types.mjs';

const known = readKnown();
const pages = readPages();
const blocks = pages.flatMap((page) => page.blocks);
const at = ({ file, line, lang }) => `${file}:${line} (${lang || 'no language'})`;
const scripts = ['js', 'ts', 'tsx', 'vue'];

/** What is done with a sample of a language; those that are compiled or run have tests of their own below. */
const CHECKS = {
  html: ({ code }) => checkHtml(code, known).problems,
  css: ({ code }) => checkCss(code, known),
  sh: ({ code }) => checkShell(code, known),
  env: ({ code }) => checkEnv(code),
  json: ({ code, options }) => checkJson(code, 'claims' in options),
  http: ({ code, options }) => checkPolicy(code, 'cdn' in options),
  nginx: ({ code }) => checkNginx(code),
  ini: ({ code }) => checkUnit(code),
  conf: ({ code }) => checkCoturn(code),
  yaml: ({ code, options }) => {
    if ('policy' in options) return checkPolicyFile(code);
    return 'chart' in options ? checkChartValues(code) : checkAlerts(code, known.metrics);
  },
  // Drawings.
  text: () => [],
};

describe('samples', () => {
  test('every block says what it is, so that it is tested', () => {
    const languages = [...Object.keys(CHECKS), ...scripts, ...Object.keys(LANGUAGES)];
    for (const block of blocks)
      assert.ok(languages.includes(block.lang), `${at(block)} is of no language that is tested`);
    assert.ok(blocks.length > 30, `${blocks.length} blocks`);
  });

  for (const block of blocks.filter(({ lang }) => Object.hasOwn(CHECKS, lang))) {
    test(at(block), () => assert.deepEqual(CHECKS[block.lang](block) ?? [], []));
  }
});

describe('scripts are compiled with the real types', { timeout: 180_000 }, () => {
  for (const host of HOST_NAMES) {
    test(`those for the host “${host}”`, async () => {
      const samples = blocks.flatMap((block) => sourcesOf(block)).filter((sample) => sample.host === host);
      assert.ok(samples.length > 0, 'there is no sample for this host');
      assert.equal(await checkTypes(host, samples), '');
    });
  }

  test('every script is for a host that is known', () => {
    for (const { host, path } of blocks.flatMap((block) => sourcesOf(block)))
      assert.ok(HOST_NAMES.includes(host), path);
  });
});

/** The files to compile that a block makes: itself, or the scripts in its HTML. The path tells where it stands. */
function sourcesOf(block) {
  const { file, line, lang, options, code } = block;
  const folder = file.replace(/^docs\/|\.md$/g, '').toLowerCase();
  const host = options.host ?? 'page';
  if (lang === 'html') {
    return checkHtml(code, known).scripts.map((script, index) => ({
      host,
      path: `${folder}/line-${line}-${index}.js`,
      code: script,
    }));
  }
  return scripts.includes(lang) ? [{ host, path: `${folder}/${options.file ?? `line-${line}.${lang}`}`, code }] : [];
}

/** The name as samples write it whose language quotes as JSON does. */
const NAME = '"Léa Martin"';

describe('samples that mint tokens', { timeout: 180_000 }, () => {
  const samples = blocks.filter(({ options }) => 'token' in options);

  test('there is one of each language', () => {
    for (const lang of Object.keys(LANGUAGES))
      assert.ok(
        samples.some((sample) => sample.lang === lang),
        lang,
      );
  });

  for (const [lang, language] of Object.entries(LANGUAGES)) {
    const skip = isHere(language) ? false : `${language.name} is not on this machine`;
    for (const block of samples.filter((sample) => sample.lang === lang)) {
      test(`${at(block)}: the relay takes what it prints`, { skip }, async () => {
        const code =
          lang === 'js' && !block.code.includes('console.log') ? `${block.code}\nconsole.log(token);` : block.code;
        const { user, expiresAt } = await verify(runSample(lang, code));
        assert.deepEqual(user, { role: 'commercial', id: 'lea-martin', name: 'Léa Martin', equipe: 'Lyon Est' });
        const minutes = (expiresAt - Date.now()) / 60_000;
        assert.ok(minutes > 8 && minutes < 11, `it lasts ${minutes} minutes`);
      });

      if (!block.code.includes(NAME)) continue;
      test(`${at(block)}: names may hold anything`, { skip }, async () => {
        const name = 'Zoë "Z" O\'Neil \\ 3 < 4\t€';
        const code = block.code.replace(NAME, () => JSON.stringify(name));
        // The relay shows a tab as a space; that it arrived at all is what the sample's quoting is for.
        assert.equal((await verify(runSample(lang, code))).user.name, name.replace('\t', ' '));
      });
    }
  }
});

describe('settings', () => {
  let files;
  before(async () => {
    const { certificateFiles, ensureCertificates } = await import('../setup/certificates.mjs');
    await ensureCertificates();
    files = certificateFiles;
  });

  for (const block of blocks.filter(({ options }) => 'whole' in options)) {
    test(`${at(block)}: once filled in the relay starts with it and has nothing to warn of, and not before`, () => {
      assert.deepEqual(checkWholeEnv(block.code, files), []);
    });
  }
});

describe('text', () => {
  test('links lead to files and headings that are there', () => assert.deepEqual(checkLinks(readAllPages()), []));

  for (const { file, prose } of pages) {
    test(`${file}: variables, metrics, elements, events and CSS properties exist`, () => {
      assert.deepEqual(checkNames(prose, known), []);
    });
  }
});
