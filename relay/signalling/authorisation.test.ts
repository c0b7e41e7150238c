/**
 * Who may do what: every role, every request, own and other team, own and other stream, as one table; with both sides on one relay, and
 * with each on a node of its own.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RequestName, requests } from '../protocol/messages.ts';
import { admin, commercial } from '../streams/testing/scene.ts';
import { LivePage } from './testing/live-page.ts';
import { arrived, testInAllPlaces } from './testing/live-places.ts';
import { doctorToken, LiveRelay, tokenOf } from './testing/live-relay.ts';

/** The users of the table: cleo (Nord) is live, and so is hugo (Sud); ada may hear Nord; nia may hear nobody. */
type Who = 'cleo' | 'cleo’s other page' | 'ada' | 'nia';

interface Row {
  readonly who: Who;
  readonly request: RequestName;
  readonly params: unknown;
  readonly expected: string;
}

const offer = { mode: 'connect', sdp: 'x' };
const rows: Row[] = [];

function row(request: RequestName, params: unknown, expected: Record<Who, string>): void {
  for (const who of Object.keys(expected) as Who[]) rows.push({ who, request, params, expected: expected[who] });
}

const adminsOnly = { cleo: 'forbidden', 'cleo’s other page': 'forbidden' } as const;
const commercialsOnly = { ada: 'forbidden', nia: 'forbidden' } as const;

row('publish:offer', offer, { cleo: 'ok', 'cleo’s other page': 'ok', ...commercialsOnly });
row('stream:start', {}, { cleo: 'ok', 'cleo’s other page': 'not_connected', ...commercialsOnly });
row('stream:stop', {}, { cleo: 'ok', 'cleo’s other page': 'ok', ...commercialsOnly });
row('stream:stop-elsewhere', {}, { cleo: 'ok', 'cleo’s other page': 'ok', ...commercialsOnly });
row('stream:pause', { paused: true }, { cleo: 'ok', 'cleo’s other page': 'not_streaming', ...commercialsOnly });
row(
  'stream:capture',
  { interruption: 'hidden' },
  { cleo: 'ok', 'cleo’s other page': 'not_streaming', ...commercialsOnly },
);
row('demand:seen', { version: 1 }, { cleo: 'ok', 'cleo’s other page': 'ok', ...commercialsOnly });
row('stream:voice', { level: 1 }, { cleo: 'ok', 'cleo’s other page': 'not_streaming', ...commercialsOnly });
row('help:ask', { on: true }, { cleo: 'ok', 'cleo’s other page': 'ok', ...commercialsOnly });
row('consent:give', { version: '1' }, { cleo: 'ok', 'cleo’s other page': 'ok', ...commercialsOnly });
row('roster:pace', { hidden: true }, { ...adminsOnly, ada: 'ok', nia: 'ok' });
row('listen:connect', { mode: 'connect' }, { ...adminsOnly, ada: 'ok', nia: 'ok' });
row('listen:answer', { sdp: 'x' }, { ...adminsOnly, ada: 'not_connected', nia: 'not_connected' });
row('listen:select', { commercialId: 'cleo' }, { ...adminsOnly, ada: 'ok', nia: 'ok' });
row('listen:select', { commercialId: 'hugo' }, { ...adminsOnly, ada: 'ok', nia: 'ok' });
row('listen:select', { commercialId: 'nobody' }, { ...adminsOnly, ada: 'ok', nia: 'ok' });
row('listen:select', { commercialId: 'ada' }, { ...adminsOnly, ada: 'ok', nia: 'ok' });
row('listen:opening', { commercialId: 'cleo', cannotOpen: null }, { ...adminsOnly, ada: 'ok', nia: 'ok' });
row('listen:stop', {}, { ...adminsOnly, ada: 'ok', nia: 'ok' });
row('listen:disconnect', {}, { ...adminsOnly, ada: 'ok', nia: 'ok' });
const noEar = { cleo: 'not_connected', 'cleo’s other page': 'not_connected', ...commercialsOnly };
row(
  'whisper:allow',
  { voice: true, cues: true },
  { cleo: 'whisper_not_allowed', 'cleo’s other page': 'not_streaming', ...commercialsOnly },
);
row(
  'whisper:connect',
  { mode: 'connect' },
  { cleo: 'ok', 'cleo’s other page': 'ok', ada: 'whisper_not_allowed', nia: 'whisper_not_allowed' },
);
row('whisper:answer', { sdp: 'x' }, { ...noEar, ada: 'not_connected', nia: 'not_connected' });
row('whisper:shown', { id: 'x' }, { cleo: 'ok', 'cleo’s other page': 'ok', ...commercialsOnly });
// Without the claim.
row('whisper:offer', offer, { ...adminsOnly, ada: 'forbidden', nia: 'forbidden' });
row('whisper:begin', {}, { ...adminsOnly, ada: 'forbidden', nia: 'forbidden' });
row('whisper:cue', { text: 'x' }, { ...adminsOnly, ada: 'forbidden', nia: 'forbidden' });
row('whisper:seen', { id: 'x', version: 1 }, { ...adminsOnly, ada: 'ok', nia: 'ok' });
row('whisper:stop', {}, { cleo: 'ok', 'cleo’s other page': 'ok', ada: 'ok', nia: 'ok' });
row('whisper:disconnect', {}, { cleo: 'ok', 'cleo’s other page': 'ok', ada: 'ok', nia: 'ok' });
for (const [whose, expected] of [
  [
    commercial('cleo', 'Nord'),
    { cleo: 'ok', 'cleo’s other page': 'ok', ada: 'token_user_changed', nia: 'token_user_changed' },
  ],
  [
    admin('ada'),
    { cleo: 'token_user_changed', 'cleo’s other page': 'token_user_changed', ada: 'ok', nia: 'token_user_changed' },
  ],
] as const) {
  row('session:refresh', { token: tokenOf(whose) }, expected);
}

for (const { who, request, params, expected } of rows) {
  const what = `${who}: ${request} ${request === 'session:refresh' ? '' : JSON.stringify(params)} -> ${expected}`;
  testInAllPlaces(what, async ({ commercials, admins }) => {
    const cleo = await commercials.live(commercial('cleo', 'Nord'));
    const hugo = await commercials.live(commercial('hugo', 'Sud'));
    const pages: Record<Who, () => Promise<LivePage>> = {
      cleo: () => Promise.resolve(cleo),
      'cleo’s other page': () => admins.join(commercial('cleo', 'Nord')),
      ada: async () => {
        const ada = await admins.join(admin('ada', ['Nord']));
        await ada.untilRow('cleo', ({ status }) => status === 'live');
        return ada;
      },
      nia: () => admins.join(admin('nia', [])),
    };
    const page = await pages[who]();
    const ack = await page.raw(request, params);
    assert.equal(ack.ok ? 'ok' : ack.error.code, expected);
    await arrived();
    // Whatever was asked, somebody else's stream goes on.
    const hugoLive = commercials.signalling.status.detail((equipe) => equipe === 'Sud')[0];
    assert.equal(hugoLive?.status, 'live');
    assert.equal(hugo.all('stream:ended').length, 0);
    // The user's own other page may end it; nobody else.
    if (who !== 'cleo' && !(who === 'cleo’s other page' && request === 'stream:stop-elsewhere')) {
      assert.equal(commercials.signalling.status.detail((equipe) => equipe === 'Nord')[0]?.status, 'live');
      assert.equal(cleo.all('stream:ended').length, 0);
    }
  });
}

test('the table names every request', () => {
  assert.deepEqual([...new Set(rows.map(({ request }) => request))].sort(), Object.keys(requests).sort());
});

testInAllPlaces(
  'nobody sees a roster row, a listener or an audio source of a team that their token does not name',
  async ({ commercials, admins }) => {
    const nia = await admins.join(admin('nia', []));
    const ada = await admins.join(admin('ada', ['Sud']));
    const cleo = await commercials.live(commercial('cleo', 'Nord'));
    await commercials.live(commercial('hugo', 'Sud'));
    await ada.untilRow('hugo', ({ status }) => status === 'live');
    for (const page of [ada, nia]) await page.request('listen:select', { commercialId: 'cleo' });
    await arrived();
    assert.ok(!JSON.stringify(ada.heard).includes('cleo'));
    assert.deepEqual(
      nia.heard.map(({ name }) => name),
      ['session:ready', 'roster:snapshot'],
    );
    assert.ok(!cleo.heard.some(({ name }) => name.startsWith('roster:') || name.startsWith('listen:')));
    assert.deepEqual(
      cleo.all('demand:changed').flatMap(({ joined }) => joined),
      [],
    );
    for (const { media } of [commercials, admins]) assert.equal(media.gauges().consumers, 0);
  },
);

/** Which door a token opens. At the loop-back everybody hears themselves alone; the role doctor gets no further. */
const DOORS = [
  ['a commercial', tokenOf(commercial('cleo', 'Nord')), { session: 'session:ready', doctor: 'loopback:ready' }],
  ['an admin', tokenOf(admin('ada', ['Nord'])), { session: 'session:ready', doctor: 'loopback:ready' }],
  ['an admin of no team', tokenOf(admin('nia', [])), { session: 'session:ready', doctor: 'loopback:ready' }],
  ['the role doctor', doctorToken('sam'), { session: 'token_claims_invalid', doctor: 'loopback:ready' }],
  ['no token', undefined, { session: 'token_missing', doctor: 'token_missing' }],
] as const;

for (const [who, token, doors] of DOORS) {
  for (const door of ['session', 'doctor'] as const) {
    test(`${who} at the door of ${door === 'doctor' ? 'the loop-back' : 'sessions'}: ${doors[door]}`, async (t) => {
      const relay = await LiveRelay.start(t);
      const url = `http://127.0.0.1:${relay.ports[0]}${door === 'doctor' ? '/doctor' : ''}`;
      const page = LivePage.dial(url, token === undefined ? {} : { token });
      t.after(() => void page.socket.disconnect());
      assert.equal(await page.atDoor(), doors[door]);
    });
  }
}

test('a session is not refreshed by a token of the role doctor', async (t) => {
  const relay = await LiveRelay.start(t);
  const page = await relay.join(commercial('sam', 'Nord'));
  assert.equal(await page.refused('session:refresh', { token: doctorToken('sam') }), 'token_claims_invalid');
});

for (const request of Object.keys(requests)) {
  test(`the role doctor: ${request} -> unknown_request`, async (t) => {
    const relay = await LiveRelay.start(t);
    const page = LivePage.dial(`http://127.0.0.1:${relay.ports[0]}/doctor`, { token: doctorToken('sam') });
    t.after(() => void page.socket.disconnect());
    await page.atDoor();
    assert.equal(await page.refused(request, {}), 'unknown_request');
  });
}
