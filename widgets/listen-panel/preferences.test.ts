import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { NO_PREFERENCES, rememberedPreferences, rememberPreferences, toggled } from './preferences.ts';

const kept = new Map<string, string>();
const given = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');

describe('what the panel remembers', () => {
  before(() => {
    const localStorage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => kept.set(key, text),
    };
    Object.defineProperty(globalThis, 'localStorage', { value: localStorage, configurable: true });
  });
  after(() => {
    if (given) Object.defineProperty(globalThis, 'localStorage', given);
    else Reflect.deleteProperty(globalThis, 'localStorage');
  });

  it('belongs to the user who chose it', () => {
    const chosen = { ...NO_PREFERENCES, pins: ['c1'], sort: 'newest', byTeam: true, sound: true } as const;
    rememberPreferences('a1', chosen);
    assert.deepEqual(rememberedPreferences('a1'), chosen);
    assert.deepEqual(rememberedPreferences('a2'), NO_PREFERENCES);
  });

  it('is nothing where it cannot be read', () => {
    for (const text of ['{', '5', '"x"', '{"pins":"c1","sort":"size","byTeam":1}', '{"watched":[1,null]}']) {
      kept.set('prospect-live:panel:a3', text);
      assert.deepEqual(rememberedPreferences('a3'), NO_PREFERENCES, text);
    }
  });

  it('is bounded', () => {
    const many = Array.from({ length: 300 }, (_, index) => `c${index}`);
    rememberPreferences('a4', { ...NO_PREFERENCES, watched: many });
    assert.deepEqual(rememberedPreferences('a4').watched, many.slice(-200));
    assert.equal(toggled(many.slice(0, 200), 'new').length, 200);
    assert.deepEqual(toggled(['a', 'b'], 'a'), ['b']);
  });
});
