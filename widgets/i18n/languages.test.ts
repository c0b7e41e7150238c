import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import type { Texts } from '../locales/catalogue.ts';
import { chosenLocale, closestLanguage, onLanguageChange, registerTexts, setLocale, wordsFor } from './languages.ts';

describe('languages that are loaded when needed', () => {
  it('speak English until they are here, and tell when they are', async () => {
    const told = new Promise<void>((resolve) => {
      const end = onLanguageChange(() => {
        end();
        resolve();
      });
    });
    const before = wordsFor('es-MX');
    assert.deepEqual([before.lang, before('stop')], ['en', 'Stop']);
    await told;
    const after = wordsFor('es-MX');
    assert.deepEqual([after.lang, after.locale, after.dir, after('stop')], ['es', 'es-MX', 'ltr', 'Detener']);
    assert.equal(wordsFor('es-MX'), after);
  });

  it('are chosen for the page, once they are here', async () => {
    await setLocale('ar_EG');
    assert.equal(chosenLocale(), 'ar-EG');
    assert.deepEqual([wordsFor('ar-EG').dir, wordsFor('ar-EG')('stop')], ['rtl', 'إيقاف']);
    await setLocale(null);
    assert.equal(chosenLocale(), null);
  });

  it('that there are none of are refused', async () => {
    await assert.rejects(setLocale('ja'), RangeError);
    await assert.rejects(setLocale(''), RangeError);
    assert.equal(chosenLocale(), null);
  });

  it('leave English in their place when they cannot be loaded, say so once, and are asked for anew by the host', async () => {
    const warn = mock.method(console, 'warn', () => undefined);
    let asked = 0;
    registerTexts('nl', async () => {
      asked += 1;
      if (asked < 3) throw new Error('404');
      return { stop: 'Stoppen' };
    });
    for (let round = 0; round < 3; round += 1) {
      assert.equal(wordsFor('nl')('stop'), 'Stop');
      await new Promise((resolve) => setTimeout(resolve));
    }
    assert.deepEqual([asked, warn.mock.callCount()], [1, 1]);
    assert.match(String(warn.mock.calls[0]?.arguments[0]), /language "nl" could not be loaded.*404/);
    await assert.rejects(setLocale('nl'), /404/);
    await setLocale('nl');
    assert.deepEqual([asked, wordsFor('nl')('stop')], [3, 'Stoppen']);
    await setLocale(null);
    warn.mock.restore();
  });
});

describe('texts of the host', () => {
  it('take the place of some, and leave the others', () => {
    registerTexts('fr', { title: 'Téléacteurs' });
    assert.deepEqual([wordsFor('fr')('title'), wordsFor('fr')('stop')], ['Téléacteurs', 'Arrêter']);
    registerTexts('fr', { stop: 'Terminer' });
    assert.deepEqual([wordsFor('fr')('title'), wordsFor('fr')('stop')], ['Téléacteurs', 'Terminer']);
  });

  it('for a region stand on those of the language', () => {
    registerTexts('fr-CA', { mute: 'Couper le micro' });
    assert.deepEqual([wordsFor('fr-CA')('mute'), wordsFor('fr-CA')('search')], ['Couper le micro', 'Nom ou équipe']);
    assert.equal(wordsFor('fr-FR')('mute'), 'Couper le son');
  });

  it('bring a language, with English for what is not there; at once, or when it is first wanted', async () => {
    assert.equal(closestLanguage('de-DE'), null);
    registerTexts('de', { stop: 'Beenden', listeners: { one: '{n} Zuhörer', other: '{n} Zuhörende' } });
    const words = wordsFor('de-DE');
    assert.deepEqual(
      [words('stop'), words('listeners', { n: 1234 }), words('mute')],
      ['Beenden', '1.234 Zuhörende', 'Mute'],
    );
    const load = mock.fn(async () => ({ default: { stop: 'Ferma' } }));
    registerTexts('it', load);
    assert.equal(load.mock.callCount(), 0);
    await Promise.all([setLocale('it-CH'), setLocale('it')]);
    assert.deepEqual([wordsFor('it')('stop'), load.mock.callCount()], ['Ferma', 1]);
    await setLocale(null);
  });

  it('are read strictly', () => {
    assert.throws(() => registerTexts('not a tag', {}), RangeError);
    for (const text of [1, null, [], { one: 'x' }, { other: 2 }])
      assert.throws(() => registerTexts('en', JSON.parse(JSON.stringify({ stop: text })) as Texts), TypeError);
    assert.equal(wordsFor('en')('stop'), 'Stop');
  });

  it('know their direction by their script', () => {
    for (const [tag, dir] of [
      ['he', 'rtl'],
      ['fa-IR', 'rtl'],
      ['ur', 'rtl'],
      ['uz-Arab', 'rtl'],
      ['uz', 'ltr'],
      ['zh-Hant', 'ltr'],
    ] as const) {
      registerTexts(tag, {});
      assert.equal(wordsFor(tag).dir, dir, tag);
    }
  });
});
