/** What the button says in every combination of its state: no two of its sentences contradict each other, and none contradicts the state. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubleOf } from '../i18n/fault-words.ts';
import type { Words } from '../i18n/words.ts';
import type { AnyTextKey } from '../locales/catalogue.ts';
import english from '../locales/en.ts';
import type { StreamingState, StreamingStatus } from '../sessions/state.ts';
import { NOT_STREAMING } from '../sessions/streaming-parts.ts';
import { buttonView, isRunning } from './view.ts';

const ANNE = { id: 'a', name: 'Anne' };
const VALUES = {
  status: [
    'idle',
    'connecting',
    'ready',
    'starting',
    'live',
    'paused',
    'interrupted',
    'reconnecting',
    'stopping',
  ] satisfies StreamingStatus[],
  fault: [null, 'microphone_denied', 'token_expired', 'relay_unreachable', 'no_team', 'capacity', 'time_limit'].map(
    (code) => code && { code, message: '' },
  ),
  elsewhere: [null, 'live', 'paused', 'interrupted'].map((status) => status && { status, startedAt: 1 }),
  ended: [null, 'stopped', 'reload'],
  replaced: [false, true],
  uncertain: [false, true],
  asking: [false, true],
  needsTap: [false, true],
  sending: [false, true],
  listeners: [[], [ANNE]],
  newListeners: [[], [ANNE]],
  invited: [false, true],
};

type Situation = StreamingState & { readonly invited: boolean };

/** Every combination. */
function* situations(names = Object.keys(VALUES) as (keyof typeof VALUES)[]): IterableIterator<object> {
  const [name, ...others] = names;
  if (name === undefined) {
    yield {};
    return;
  }
  for (const rest of situations(others)) for (const value of VALUES[name]) yield { ...rest, [name]: value };
}

/** The texts by their names, in place of what they say. */
const words: Words = Object.assign((key: AnyTextKey, ..._values: unknown[]) => `<${key}>`, {
  locale: 'en',
  lang: 'en',
  dir: 'ltr',
} as const);

/** Names of the texts that are shown, the title first. */
function said(situation: Situation): AnyTextKey[] {
  const { title, fault, lines, news, sentence } = buttonView(situation, words, 'Chrome', situation);
  const text = [title, fault, ...lines, news, sentence].join(' ');
  return [...text.matchAll(/<(\w+)>/g)].map(([, key]) => key as AnyTextKey);
}

/** What must not stand together. */
const APART: readonly (readonly [RegExp, RegExp])[] = [
  [/^(detail_ready|detail_idle|nobody|not_sent|invited|replaced|stopped|reloaded)$/, /^elsewhere/],
  [/^(nobody|not_sent)$/, /^(listening|waiting|goes_on|uncertain)/],
  [/^listening$/, /^(uncertain|waiting|was_listening|detail_ready|detail_paused)/],
  [/^detail_starting$/, /^(fail_|error_|not_live)/],
  [/^resumes$/, /^(tap|error_token|error_no_team|error_microphone|fail_)/],
  [/^(detail_ready|detail_idle|invited)$/, /^(fail_|error_|state_live|state_paused|stopped|reloaded|replaced)/],
  [/^not_live$/, /^(state_|listening|uncertain|goes_on)/],
  [/^goes_on$/, /^(detail_paused|state_paused|state_reconnecting|state_interrupted)/],
];

test('no combination of state makes two sentences that contradict each other, or a title that is not so', () => {
  let count = 0;
  for (const patch of situations()) {
    const situation: Situation = { ...NOT_STREAMING, invited: false, startedAt: null, ...patch };
    // Those who are new are some of those who listen.
    if (situation.newListeners.length > situation.listeners.length) continue;
    const keys = said(situation);
    const about = (): string => `${keys.join(', ')} in ${JSON.stringify(patch)}`;
    const [title] = keys;
    const { status, fault, asking, uncertain, sending, elsewhere, ended } = situation;
    count += 1;
    for (const [one, other] of APART) {
      assert.ok(!(keys.some((key) => one.test(key)) && keys.some((key) => other.test(key))), about());
    }
    assert.ok(!keys.includes('state_ready') && !keys.includes('state_idle'), about());
    assert.equal(keys.includes('detail_starting'), status === 'starting' && asking && !fault, about());
    if (sending) assert.ok(!keys.includes('not_sent'), about());
    if (!isRunning(status) && status !== 'stopping') {
      if (fault && fault.code !== 'time_limit') assert.match(title ?? '', /^fail_/, about());
      else if (elsewhere && !(ended === 'reload' && elsewhere.status === 'interrupted')) {
        assert.equal(title, `elsewhere_${elsewhere.status}`, about());
      } else assert.equal(title, status === 'connecting' ? 'state_connecting' : 'not_live', about());
    } else if (status === 'live') assert.equal(title, uncertain ? 'uncertain' : 'state_live', about());
    else assert.match(title ?? '', /^state_/, about());
    if (uncertain && isRunning(status)) assert.ok(!keys.includes('listening') && !keys.includes('waiting'), about());
  }
  assert.ok(count > 100_000, `${count}`);
});

test('the title of each failure fits who can mend it', () => {
  for (const name of Object.keys(english)) {
    const [, code] = /^error_(?!unknown|busy|outdated|unsupported)(.*)/.exec(name) ?? [];
    if (!code || /^(time_limit|policy_|purpose_|consent_)/.test(code)) continue;
    const [title] = said({ ...NOT_STREAMING, invited: false, fault: { code, message: '' } });
    const trouble = troubleOf(code);
    if (trouble === 'network' || trouble === 'service') assert.equal(title, `fail_${trouble}`, code);
    else assert.match(title ?? '', /^fail_(microphone|sign_in|here)$/, code);
  }
});
