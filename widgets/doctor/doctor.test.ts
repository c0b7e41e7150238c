import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LoopBackReady } from '../../relay/protocol/loop-back.ts';
import { MicrophoneError } from '../audio/microphone-failure.ts';
import { DOCTOR_WORDS, doctorLanguage, doctorWords } from './doctor-words.ts';
import { CHECKS, nothingYet } from './finding.ts';
import {
  cameBack,
  judgeClock,
  judgeConnection,
  judgeEcho,
  judgeLevel,
  judgeMicrophone,
  judgeNoEcho,
  judgePath,
} from './judgements.ts';
import { keepOnly } from './path-trial.ts';
import { renderReport } from './report.ts';
import { readShownClaims } from './token-claims.ts';

const tokenOf = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

describe('the words of the page /doctor', () => {
  it('are there for each check, in two languages that differ, with the same figures', () => {
    for (const name of CHECKS) assert.ok(`c_${name}` in DOCTOR_WORDS);
    for (const [key, [en, fr]] of Object.entries(DOCTOR_WORDS)) {
      assert.ok(en && fr, key);
      assert.equal(en.includes('{n}'), fr.includes('{n}'), key);
      assert.doesNotMatch(fr, / [:;!?»]|« /, `${key}: no-break spaces in French`);
    }
    assert.equal(doctorWords('fr')('n_days', 12), 'encore 12 jours');
  });
});

describe('the language of the page /doctor', () => {
  it('is the first of the browser’s that it speaks', () => {
    assert.equal(doctorLanguage(['de', 'fr-CA', 'en']), 'fr');
    assert.equal(doctorLanguage(['en-GB', 'fr']), 'en');
    assert.equal(doctorLanguage(['fro', 'de']), 'en');
  });
});

describe('a token’s claims', () => {
  it('are read as far as they may be told on', () => {
    const claims = {
      sub: 'lea',
      name: 'Léa',
      role: 'admin',
      equipes: ['Nord', 'Élan'],
      iss: 'i',
      aud: ['a', 'b'],
      exp: 17,
    };
    const shown = readShownClaims(` ${tokenOf(claims)}\n`);
    assert.deepEqual(shown, { role: 'admin', teams: ['Nord', 'Élan'], issuer: 'i', audience: 'a, b', expiresAt: 17 });
    assert.deepEqual(readShownClaims(tokenOf({}))?.teams, []);
  });

  it('of what is none are null', () => {
    for (const text of ['', 'abc', 'a.b', 'a.b.c', 'a.!!.c', `${tokenOf({})}.d.e`, tokenOf(7), tokenOf(null)])
      assert.equal(readShownClaims(text), null, text);
  });
});

describe('candidates', () => {
  const SDP =
    'v=0\r\na=candidate:1 1 udp 1 192.0.2.1 44400 typ host\r\na=candidate:2 1 tcp 1 2001:db8::1 44400 typ host tcptype passive\r\na=end\r\n';
  it('of one protocol are kept, and told', () => {
    assert.deepEqual(keepOnly(SDP, 'udp'), {
      sdp: 'v=0\r\na=candidate:1 1 udp 1 192.0.2.1 44400 typ host\r\na=end\r\n',
      to: ['192.0.2.1:44400'],
    });
    assert.deepEqual(keepOnly(SDP, 'tcp').to, ['[2001:db8::1]:44400']);
  });
});

describe('judgements', () => {
  const ready: LoopBackReady = {
    relayVersion: '1',
    protocol: 3,
    role: 'commercial',
    tokenExpiresInMs: 599_000,
    iceServers: [],
    limitMs: 1,
  };
  it('tell a refused token from a connection that is not there', () => {
    const refused = (code: string) => judgeConnection({ claims: null, refusal: { code, message: 'why' }, ms: 5 });
    assert.equal(refused('token_expired').socket?.status, 'ok');
    assert.equal(refused('token_expired').token?.fix, 'f_token_expired');
    assert.equal(refused('token_malformed').token?.fix, 'f_token');
    assert.match(refused('token_claims_invalid').token?.detail ?? '', /why/);
    assert.equal(refused('token_missing').token?.status, 'skipped');
    assert.deepEqual(
      [refused('relay_unreachable').socket?.status, refused('relay_unreachable').token?.status],
      ['failed', 'skipped'],
    );
    assert.equal(refused('capacity').socket?.fix, 'f_busy');
    assert.equal(refused('origin_not_allowed').socket?.fix, 'f_origin');
    const good = judgeConnection({ claims: null, ready, ms: 12.4 });
    assert.deepEqual(good.socket?.told, { text: 'n_reached', n: 12 });
    assert.deepEqual(good.token?.told, { text: 'n_left', n: 9 });
  });

  it('of clocks, microphones and ways', () => {
    assert.equal(judgeClock(null).status, 'skipped');
    assert.deepEqual(judgeClock(-1), { status: 'ok', told: { text: 'n_right' } });
    assert.deepEqual(judgeClock(-29), { status: 'ok', told: { text: 'n_off', n: -29 } });
    assert.equal(judgeClock(31).fix, 'f_clock');
    assert.equal(judgeMicrophone(new MicrophoneError('microphone_in_use')).fix, 'f_microphone_in_use');
    assert.equal(judgeMicrophone(new Error('x')).fix, 'f_microphone');
    const way = { ms: 3, to: ['192.0.2.1:1'], refused: null };
    assert.equal(judgePath('udp', { ...way, connected: true }).status, 'ok');
    assert.deepEqual(judgePath('tcp', { ...way, connected: false }), {
      status: 'failed',
      detail: '192.0.2.1:1',
      fix: 'f_tcp',
    });
    assert.equal(judgePath('turn', { ...way, connected: false, refused: '401 Unauthorized' }).fix, 'f_turn_refused');
  });
});

describe('a browser that neither measures nor plays', () => {
  const unheard = { packets: 9, level: null, roundTripMs: null };
  it('is not taken for a microphone without sound', () => {
    assert.deepEqual(judgeLevel(null), { status: 'skipped', told: { text: 'n_not_measured' } });
    assert.equal(judgeLevel(0).fix, 'f_microphone_silent');
    assert.equal(judgeLevel(0.1).status, 'ok');
    assert.equal(judgeNoEcho({ ...unheard, packets: 0 }, null).fix, 'f_loop');
    assert.equal(judgeNoEcho({ ...unheard, packets: 0 }, 0).fix, 'f_microphone_silent');
  });

  it('tells by what was received whether sound came back, and that nobody hears it', () => {
    assert.ok(!cameBack({ ...unheard, packets: 0 }));
    assert.ok(cameBack(unheard));
    assert.ok(!cameBack({ ...unheard, level: 0 }), 'where it is played, what is played says it');
    const heard = judgeEcho({ ...unheard, roundTripMs: 3 }, 80.4);
    assert.deepEqual(heard, {
      status: 'warning',
      told: { text: 'n_heard', n: 80 },
      detail: 'RTT 3 ms',
      fix: 'f_autoplay',
    });
    assert.equal(judgeEcho({ ...unheard, level: 0.1 }, 80).status, 'ok');
  });
});

describe('the report', () => {
  it('has each check on a line, and what to do', () => {
    const findings = { ...nothingYet(), udp: { status: 'failed', detail: '192.0.2.1:44400', fix: 'f_udp' } as const };
    const text = renderReport(findings, { address: 'https://relay.example/', browser: 'B', at: new Date(0) });
    assert.match(text, /^udp: failed \(192\.0\.2\.1:44400; -> UDP does not pass here\./m);
    for (const name of CHECKS) assert.match(text, new RegExp(`^${name}: `, 'm'));
  });
});
