import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import jwt from 'jsonwebtoken';
import type { AuthConfig } from '../config/shape.ts';
import { RelayError } from '../errors.ts';
import { createLogger } from '../logger.ts';
import { tokenClaims } from './token-claims.ts';
import { JwtVerifier } from './verify-token.ts';

const SECRET = 'the secret of these tests, 32 bytes or more';
const ISSUER = 'https://login.example.com';
const AUDIENCE = 'prospect-live';
const logger = createLogger('silent');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject) => String(key.export({ type: 'spki', format: 'pem' }));

function verifier(changes: Partial<AuthConfig> = {}): JwtVerifier {
  const base: AuthConfig = {
    key: { kind: 'secret', secret: SECRET },
    algorithms: ['HS256'],
    issuer: ISSUER,
    audience: AUDIENCE,
    clockToleranceS: 5,
  };
  return new JwtVerifier({ ...base, ...changes }, logger);
}

const now = () => Math.floor(Date.now() / 1000);

/** Good claims with some changed; undefined leaves one out. */
function claims(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const all = {
    sub: 'c-1',
    role: 'commercial',
    name: 'Anna',
    equipe: 'nord',
    iss: ISSUER,
    aud: AUDIENCE,
    exp: now() + 60,
    ...changes,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs anything, also what jsonwebtoken would refuse to. */
function forge(
  payload: unknown,
  header: Record<string, unknown> = { alg: 'HS256', typ: 'JWT' },
  secret = SECRET,
): string {
  const signed = `${part(header)}.${part(payload)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

async function codeOf(token: unknown, changes: Partial<AuthConfig> = {}): Promise<string> {
  try {
    await verifier(changes).verify(token);
  } catch (error) {
    assert(error instanceof RelayError, String(error));
    assert.ok(error.message.length > 10);
    if (typeof token === 'string' && token.length > 20) assert.ok(!error.message.includes(token));
    return error.code;
  }
  return 'accepted';
}

describe('JwtVerifier with a secret', () => {
  it('accepts a commercial, and says until when', async () => {
    const exp = now() + 60;
    assert.deepEqual(await verifier().verify(forge(claims({ exp }))), {
      user: { role: 'commercial', id: 'c-1', name: 'Anna', equipe: 'nord' },
      expiresAt: (exp + 5) * 1000,
    });
  });

  it('accepts an admin, also one who may hear nobody', async () => {
    const { user } = await verifier().verify(
      forge(claims({ sub: 'a-1', role: 'admin', equipe: undefined, equipes: [] })),
    );
    assert.deepEqual(user, { role: 'admin', id: 'a-1', name: 'Anna', equipes: [] });
  });

  it('takes whom an admin expects, of the teams that they may hear, with names as they may be shown', async () => {
    const person = { id: 'c-1', name: 'L\u200béa', equipe: 'nord' };
    const of = (expected: unknown) => forge(claims({ role: 'admin', equipes: ['nord'], expected }));
    const { expected } = await verifier().verify(of([person, { ...person, id: 'c-2', equipe: 'sud' }]));
    assert.deepEqual(expected, [{ ...person, name: 'Léa' }]);
    assert.deepEqual((await verifier().verify(of([]))).expected, []);
    const { expected: ofCommercial } = await verifier().verify(forge(claims({ expected: [person] })));
    assert.equal(ofCommercial, undefined);
    const many = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `${i}`, name: 'A', equipe: 'é' }));
    assert.equal((await verifier().verify(of(many(130)))).expected?.length, 0);
    const wrong = [
      'all',
      [[]],
      [person, person],
      [{ ...person, id: '' }],
      [{ ...person, id: 7 }],
      [{ ...person, id: ' c-1' }],
      [{ ...person, name: '\u200b' }],
      [{ ...person, name: 'x'.repeat(201) }],
      [{ ...person, equipe: undefined }],
      [{ ...person, team: 'nord' }],
    ];
    for (const each of wrong) assert.equal(await codeOf(of(each)), 'token_claims_invalid', JSON.stringify(each));
    assert.equal(
      tokenClaims.safeParse({ ...claims({ role: 'admin', equipes: [] }), expected: many(200) }).success,
      true,
    );
    assert.equal(
      tokenClaims.safeParse({ ...claims({ role: 'admin', equipes: [] }), expected: many(201) }).success,
      false,
    );
  });

  it('accepts as many teams as docs/security.md promises, and 1000 with short names', async () => {
    const docs = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');
    const [, promised, letters] = /a token of 8 KiB holds \((\d+) with names of (\d+) letters\)/.exec(docs) ?? [];
    const teams = (count: number, length: number) =>
      Array.from({ length: count }, (_, i) => i.toString(36).padStart(length, 'é'));
    for (const equipes of [teams(Number(promised), Number(letters)), teams(1_000, 2)]) {
      const { user } = await verifier().verify(forge(claims({ role: 'admin', equipes })));
      assert.deepEqual(user.role === 'admin' && user.equipes, equipes);
    }
    assert.equal(await codeOf(forge(claims({ role: 'admin', equipes: teams(1_001, 2) }))), 'token_claims_invalid');
    assert.equal(await codeOf(forge(claims({ role: 'admin', equipes: teams(500, 12) }))), 'token_malformed');
  });

  it('accepts a fraction of a second, and says what is wrong with milliseconds', async () => {
    assert.equal(await codeOf(forge(claims({ exp: now() + 60.5 }))), 'accepted');
    for (const name of ['exp', 'nbf']) {
      await assert.rejects(
        verifier().verify(forge(claims({ [name]: Date.now() + 1000 }))),
        new RegExp(`${name}.* seems to be in milliseconds, but must be in seconds .*divide it by 1000`),
      );
    }
  });

  it('accepts a token that is valid for years, and tells of it once', async () => {
    const lines: string[] = [];
    const telling = createLogger('info', { destination: { write: (line) => void lines.push(line) } });
    const key = { kind: 'secret', secret: SECRET } as const;
    const long = new JwtVerifier(
      { key, algorithms: ['HS256'], issuer: null, audience: null, clockToleranceS: 0 },
      telling,
    );
    for (let i = 0; i < 2; i++) await long.verify(forge(claims({ exp: 4_102_444_800 })));
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /valid for very long/);
  });

  it('refuses parts that are no UTF-8, so that two persons are never one', async () => {
    const odd = Buffer.from(JSON.stringify(claims({ sub: 'c-#' })));
    odd[odd.indexOf('#')] = 0xff;
    const signed = `${part({ alg: 'HS256' })}.${odd.toString('base64url')}`;
    const token = `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
    assert.equal(await codeOf(token), 'token_malformed');
  });

  it('accepts an audience list that names the relay', async () => {
    assert.equal(await codeOf(forge(claims({ aud: ['other', AUDIENCE] }))), 'accepted');
  });

  it('accepts clocks that differ within the tolerance, and then gives a time that is still to come', async () => {
    assert.equal(await codeOf(forge(claims({ nbf: now() + 3 }))), 'accepted');
    const { expiresAt } = await verifier({ clockToleranceS: 60 }).verify(forge(claims({ exp: now() - 3 })));
    assert.ok(expiresAt > Date.now());
  });

  it('checks neither issuer nor audience when none is configured', async () => {
    assert.equal(
      await codeOf(forge(claims({ iss: undefined, aud: 'x' })), { issuer: null, audience: null }),
      'accepted',
    );
  });

  const refused: readonly (readonly [what: string, token: unknown, code: string])[] = [
    ['nothing', undefined, 'token_missing'],
    ['null', null, 'token_missing'],
    ['an empty string', '', 'token_missing'],
    ['a number', 42, 'token_malformed'],
    ['an object', { toString: () => forge(claims()) }, 'token_malformed'],
    ['an array', [forge(claims())], 'token_malformed'],
    ['words', 'not a token', 'token_malformed'],
    ['three dots', '...', 'token_malformed'],
    ['empty parts', '..', 'token_malformed'],
    ['a fourth part', `${forge(claims())}.x`, 'token_malformed'],
    ['a header that is a list', `${part([])}.${part(claims())}.AAAA`, 'token_malformed'],
    ['a header that is null', `${part(null)}.${part(claims())}.AAAA`, 'token_malformed'],
    ['a header without alg', `${part({ typ: 'JWT' })}.${part(claims())}.AAAA`, 'token_malformed'],
    ['more than 8 KiB', forge(claims({ filler: 'x'.repeat(8192) })), 'token_malformed'],
    ['a payload that is text', forge('payload'), 'token_audience_mismatch'],
    ['a payload that is null', forge(null), 'token_malformed'],
    ['a payload that is a list', forge([]), 'token_audience_mismatch'],
    [
      'extensions that must be understood',
      forge(claims(), { alg: 'HS256', crit: ['b64'], b64: false }),
      'token_malformed',
    ],
    ['alg none', `${part({ alg: 'none' })}.${part(claims())}.`, 'token_algorithm_not_allowed'],
    ['alg nOnE with a signature', forge(claims(), { alg: 'nOnE' }), 'token_algorithm_not_allowed'],
    [
      'HS512 while HS256 is configured',
      jwt.sign(claims(), SECRET, { algorithm: 'HS512' }),
      'token_algorithm_not_allowed',
    ],
    [
      'RS256 while HS256 is configured',
      jwt.sign(claims(), rsa.privateKey, { algorithm: 'RS256' }),
      'token_algorithm_not_allowed',
    ],
    ['another secret', forge(claims(), { alg: 'HS256' }, 'another secret'), 'token_signature_invalid'],
    ['no signature', forge(claims()).replace(/[^.]*$/, ''), 'token_signature_invalid'],
    [
      'claims changed after signing',
      forge(claims()).replace(/\.[^.]*\./, `.${part(claims({ sub: 'c-2' }))}.`),
      'token_signature_invalid',
    ],
    ['another issuer', forge(claims({ iss: 'https://evil.example' })), 'token_issuer_mismatch'],
    ['no issuer', forge(claims({ iss: undefined })), 'token_issuer_mismatch'],
    ['another audience', forge(claims({ aud: 'other' })), 'token_audience_mismatch'],
    ['no audience', forge(claims({ aud: undefined })), 'token_audience_mismatch'],
    ['the past', forge(claims({ exp: now() - 6 })), 'token_expired'],
    ['the future', forge(claims({ nbf: now() + 60 })), 'token_not_yet_valid'],
    ['e2ee that is not "required"', forge(claims({ e2ee: true })), 'token_claims_invalid'],
    ['no exp', forge(claims({ exp: undefined })), 'token_claims_invalid'],
    ['exp as text', forge(claims({ exp: '99999999999' })), 'token_claims_invalid'],
    ['exp in milliseconds', forge(claims({ exp: Date.now() + 60_000 })), 'token_claims_invalid'],
    ['nbf in milliseconds', forge(claims({ nbf: Date.now() - 1000 })), 'token_claims_invalid'],
    ['sub with a line end', forge(claims({ sub: 'a\nb' })), 'token_claims_invalid'],
    ['sub with half a surrogate pair', forge(claims({ sub: 'a\ud800b' })), 'token_claims_invalid'],
    ['equipe with NUL', forge(claims({ equipe: 'nord\0' })), 'token_claims_invalid'],
    ['exp beyond all dates', forge(claims({ exp: 1e300 })), 'token_claims_invalid'],
    ['nbf as text', forge(claims({ nbf: 'now' })), 'token_claims_invalid'],
    ['another role', forge(claims({ role: 'superadmin' })), 'token_claims_invalid'],
    ['no role', forge(claims({ role: undefined })), 'token_claims_invalid'],
    ['no sub', forge(claims({ sub: undefined })), 'token_claims_invalid'],
    ['sub as a number', forge(claims({ sub: 7 })), 'token_claims_invalid'],
    ['a long sub', forge(claims({ sub: 'x'.repeat(129) })), 'token_claims_invalid'],
    ['a long name', forge(claims({ name: 'x'.repeat(201) })), 'token_claims_invalid'],
    ['a name that cannot be seen', forge(claims({ name: '\u200b\u3164' })), 'token_claims_invalid'],
    ['a sub with a zero-width space', forge(claims({ sub: 'c-1\u200b' })), 'token_claims_invalid'],
    ['a team that reads from right to left', forge(claims({ equipe: '\u202edron' })), 'token_claims_invalid'],
    [
      'teams with a blank that is no space',
      forge(claims({ role: 'admin', equipes: ['nord', 'su\u00a0d'] })),
      'token_claims_invalid',
    ],
    ['a commercial without equipe', forge(claims({ equipe: undefined })), 'token_claims_invalid'],
    ['an admin without equipes', forge(claims({ role: 'admin' })), 'token_claims_invalid'],
    ['equipes as text', forge(claims({ role: 'admin', equipes: 'nord' })), 'token_claims_invalid'],
  ];
  for (const [what, token, code] of refused) {
    it(`refuses ${what} as ${code}`, async () => assert.equal(await codeOf(token), code));
  }

  it('names the claim that is wrong, without its value', async () => {
    await assert.rejects(verifier().verify(forge(claims({ role: 'boss-7', sub: undefined }))), /role: /);
    await assert.rejects(verifier().verify(forge(claims({ equipe: 'e'.repeat(300) }))), (error: Error) => {
      assert.match(error.message, /equipe: /);
      assert.doesNotMatch(error.message, /eee/);
      return true;
    });
  });

  it('takes out of a name what hides in it, and says which character of an id does', async () => {
    const { user } = await verifier().verify(forge(claims({ name: ' \u202eAnna\u2066\n\n B.\u{e0041} ' })));
    assert.equal(user.name, 'Anna B.');
    await assert.rejects(
      verifier().verify(forge(claims({ sub: 'c\u2060-1' }))),
      /sub: holds U\+2060.*write it without/,
    );
    await assert.rejects(
      verifier().verify(forge(claims({ role: 'admin', equipes: ['a', 'b\u00ad'] }))),
      /equipes\.1: holds U\+00AD/,
    );
  });

  it('answers whatever comes with a code', async () => {
    const good = forge(claims());
    const anything = fc.oneof(
      fc.anything(),
      fc.string({ unit: 'binary' }),
      fc.array(fc.base64String(), { minLength: 3, maxLength: 3 }).map((parts) => parts.join('.')),
      fc
        .tuple(fc.json(), fc.json())
        .map(
          ([header, payload]) =>
            `${Buffer.from(header).toString('base64url')}.${Buffer.from(payload).toString('base64url')}.x`,
        ),
      fc.object().map((payload) => forge(payload)),
      fc
        .dictionary(fc.constantFrom('alg', 'kid', 'crit', 'typ', 'jku', 'x5u', 'jwk'), fc.anything())
        .map((header) => forge(claims(), { alg: 'HS256', ...header })),
      fc
        .tuple(fc.nat(good.length - 1), fc.string({ minLength: 1, maxLength: 1 }))
        .map(([at, char]) => good.slice(0, at) + char + good.slice(at + 1)),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (token) => {
        assert.match(await codeOf(token), /^(token_[a-z_]+|accepted)$/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('JwtVerifier with a public key', () => {
  const withRsa = { key: { kind: 'public-key', pem: pem(rsa.publicKey) }, algorithms: ['RS256'] } as const;

  it('accepts what the private key signed', async () => {
    assert.equal(await codeOf(jwt.sign(claims(), rsa.privateKey, { algorithm: 'RS256' }), withRsa), 'accepted');
    const withEc = { key: { kind: 'public-key', pem: pem(ec.publicKey) }, algorithms: ['ES256'] } as const;
    assert.equal(await codeOf(jwt.sign(claims(), ec.privateKey, { algorithm: 'ES256' }), withEc), 'accepted');
  });

  it('refuses HS256 signed with the public key, in every spelling of that key', async () => {
    const text = pem(rsa.publicKey);
    for (const secret of [text, text.trim(), text.replaceAll('\n', '\r\n')]) {
      assert.equal(await codeOf(forge(claims(), { alg: 'HS256' }, secret), withRsa), 'token_algorithm_not_allowed');
      // Even if HS256 got into the list: the key knows that it is a public one.
      const lax = { ...withRsa, algorithms: ['RS256', 'HS256'] };
      assert.equal(await codeOf(forge(claims(), { alg: 'HS256' }, secret), lax), 'token_algorithm_not_allowed');
    }
  });

  it('refuses another key, another algorithm of the same key, and none', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
    assert.equal(
      await codeOf(jwt.sign(claims(), other.privateKey, { algorithm: 'RS256' }), withRsa),
      'token_signature_invalid',
    );
    assert.equal(
      await codeOf(jwt.sign(claims(), rsa.privateKey, { algorithm: 'PS256' }), withRsa),
      'token_algorithm_not_allowed',
    );
    assert.equal(await codeOf(`${part({ alg: 'none' })}.${part(claims())}.`, withRsa), 'token_algorithm_not_allowed');
  });

  it('refuses an algorithm that the key cannot do', async () => {
    const lax = { ...withRsa, algorithms: ['RS256', 'ES256'] };
    assert.equal(
      await codeOf(jwt.sign(claims(), ec.privateKey, { algorithm: 'ES256' }), lax),
      'token_algorithm_not_allowed',
    );
  });
});
