import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_AUDIT_POLICY, policyFile } from './policy-schema.ts';
import { type PolicyReader, policyWords, WORDS_LANGUAGES } from './policy-words.ts';
import { NO_POLICY, policyOf } from './team-policy.ts';

const file = policyFile.parse({
  version: 1,
  audit: { retentionDays: 90, whenStorageFails: 'stop' },
  teams: {
    '*': {
      hours: {
        timeZone: 'Europe/Paris',
        days: { mon: ['09:00-12:30', '13:30-18:00'], sat: ['22:00-06:00'] },
        closed: ['2026-12-25'],
      },
      limits: {
        longestStream: '4h',
        longestListening: '20m',
        restBetween: '10m',
        heardPerDay: '90m',
        oneAdminPerDay: '30m',
        maxListeners: 2,
        warnBefore: '3m',
      },
      purposes: [{ id: 'training', label: { fr: 'Formation', en: 'Training' } }],
      nobodyMayHear: ['rep-17', 'rep-23'],
      consent: { version: '2026-01', text: { fr: 'On peut vous écouter.', en: 'You may be heard.' } },
    },
  },
});
const policy = policyOf(file, 'nord');
const stored = { audit: file.audit, trailIsStored: true };
const lines = (lang: 'fr' | 'en', reader: PolicyReader = { role: 'admin', id: 'ada' }) =>
  new Map(
    policyWords(policy, stored, lang, reader).map(({ id, lines: said }) => [
      id,
      said.join('\n').replaceAll('\u00a0', ' '),
    ]),
  );

describe('a policy in the words of those whom it concerns', () => {
  it('says every rule, in English', () => {
    const said = lines('en');
    for (const [section, parts] of Object.entries({
      hours: ['Monday: 09:00–12:30, 13:30–18:00', 'Saturday: 22:00–06:00', 'Europe/Paris', 'December 25, 2026'],
      limits: [
        '4 h',
        '20 min at a stretch',
        'for 10 min',
        '1 h 30 min a day',
        '30 min a day',
        'At most 2',
        '3 min before',
      ],
      purposes: ['Training'],
      protected: ['2 people'],
      notice: ['before the first word', 'a soft tone and a vibration', 'card'],
      text: ['2026-01', 'You may be heard.'],
      journal: ['Nothing that is said', '90 days', 'nobody is heard'],
    })) {
      for (const part of parts)
        assert.ok(said.get(section as never)?.includes(part), `${section} does not say ${part}`);
    }
  });

  it('says the same in French', () => {
    const said = [...lines('fr').values()].join('\n');
    for (const part of [
      'Lundi : 09:00–12:30, 13:30–18:00',
      '25 décembre 2026',
      'au plus 4 h',
      'au plus 1 h 30 min par jour',
      'Formation',
      'On peut vous écouter.',
      '90 jours',
      'personne n’est écouté',
    ]) {
      assert.ok(said.includes(part), `it does not say ${part}`);
    }
    assert.ok(!/undefined|null|NaN/.test(said));
  });

  it('names protected people to auditors alone, and tells each whether they are one', () => {
    const of = (reader: PolicyReader) => lines('en', reader).get('protected');
    assert.match(of({ role: 'auditor', id: 'council' }) ?? '', /rep-17, rep-23/);
    assert.match(of({ role: 'commercial', id: 'rep-17' }) ?? '', /You are among them/);
    for (const reader of [
      { role: 'commercial', id: 'rep-1' },
      { role: 'admin', id: 'rep-17' },
    ] as const) {
      assert.equal(of(reader), '2 people are protected: nobody may hear them.');
    }
  });

  it('claims that nobody listens unseen only where no device may be heard, and tells of whispering', () => {
    const notice = (changes: object, lang: 'fr' | 'en') =>
      policyWords({ ...policy, ...changes }, stored, lang, { role: 'admin', id: 'ada' })
        .find(({ id }) => id === 'notice')
        ?.lines.join('\n') ?? '';
    assert.match(notice({}, 'en'), /no hidden listening/);
    assert.match(notice({}, 'fr'), /aucune écoute cachée/);
    assert.doesNotMatch(notice({}, 'en'), /device|ear of/);
    const devices = { devicesMayBeHeard: true, whisper: true };
    assert.doesNotMatch(notice(devices, 'en'), /no hidden listening/);
    assert.doesNotMatch(notice(devices, 'fr'), /aucune écoute cachée/);
    assert.match(notice(devices, 'en'), /does not show who listens[\s\S]*ear of the person/);
    assert.match(notice(devices, 'fr'), /ne montre pas qui écoute[\s\S]*à l’oreille/);
    assert.match(notice(devices, 'en'), /see who speaks, and do not hear it/);
    assert.match(notice(devices, 'fr'), /voient qui lui parle, et ne l’entendent pas/);
    const heard = { whisper: true, whispersHeard: true };
    assert.match(notice(heard, 'en'), /may hear what is said into the ear; the page of who speaks names them first/);
    assert.match(notice(heard, 'fr'), /peuvent entendre ce qui lui est dit/);
    assert.doesNotMatch(notice(heard, 'en'), /do not hear it/);
  });

  it('says what nobody has stated as well, with a sentence for each part in each language', () => {
    for (const lang of WORDS_LANGUAGES) {
      const sections = policyWords(NO_POLICY, { audit: DEFAULT_AUDIT_POLICY, trailIsStored: false }, lang, {
        role: 'commercial',
        id: 'lea',
      });
      assert.equal(sections.length, 7);
      for (const { title, lines: said } of sections) assert.ok(title && said.length > 0 && said.every(Boolean), title);
    }
  });
});
