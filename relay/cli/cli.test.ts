import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { JwtVerifier } from '../auth/verify-token.ts';
import type { RelayConfig } from '../config/shape.ts';
import { readConfig } from '../config.ts';
import { createLogger } from '../logger.ts';
import { describeDevelopment, developmentEnvironment } from './development.ts';
import { runTokenCommand } from './token-command.ts';
import { UsageError } from './usage-error.ts';

const SECRET = 'kD9vQ2xW8zR4tY6uI1oP3aS5dF7gH0jKlZ2xC4vB6nM8qW0eR1tY3uI5oP7aS9dF';

/** Runs the command with this configuration, and verifies what it prints as the relay does. */
async function verified(line: readonly string[], env: Record<string, string> = {}) {
  const { auth } = readConfig({ JWT_SECRET: SECRET, ...env }).config;
  const token = runTokenCommand(line, () => auth);
  assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  return new JwtVerifier(auth, createLogger('silent')).verify(token.trim());
}

const LEA = ['--role', 'commercial', '--sub', 'lea', '--name', 'Léa Martin', '--equipe', 'Lyon Est'];

describe('the command token', () => {
  it('mints one that the relay takes, for both roles', async () => {
    const { user, expiresAt } = await verified(LEA);
    assert.deepEqual(user, { role: 'commercial', id: 'lea', name: 'Léa Martin', equipe: 'Lyon Est' });
    const left = (expiresAt - Date.now()) / 60_000;
    assert.ok(left > 9 && left < 11, String(left));
    const admin = await verified([
      '--role',
      'admin',
      '--sub',
      'sophie',
      '--equipe',
      'A',
      '--equipe',
      'B',
      '--expires',
      '2h',
    ]);
    assert.deepEqual(admin.user, { role: 'admin', id: 'sophie', name: 'sophie', equipes: ['A', 'B'] });
    assert.ok(admin.expiresAt > Date.now() + 7_000_000);
  });

  it('mints one that opens the page /doctor, and no session', async () => {
    const { auth } = readConfig({ JWT_SECRET: SECRET, JWT_AUDIENCE: 'prospect-live' }).config;
    const token = runTokenCommand(['--role', 'doctor', '--sub', 'lea'], () => auth).trim();
    const verifier = new JwtVerifier(auth, createLogger('silent'));
    const { role, id } = await verifier.verifyVisitor(token);
    assert.deepEqual([role, id], ['doctor', 'lea']);
    await assert.rejects(verifier.verify(token), /role: doctor opens the page \/doctor and nothing else/);
  });

  it('mints one that reads the audit trail, and opens no session and no loop-back', async () => {
    const { auth } = readConfig({ JWT_SECRET: SECRET, JWT_AUDIENCE: 'prospect-live' }).config;
    const token = runTokenCommand(['--role', 'auditor', '--sub', 'w', '--equipe', 'A'], () => auth).trim();
    const verifier = new JwtVerifier(auth, createLogger('silent'));
    const { role, id, equipes } = await verifier.verifyReader(token);
    assert.deepEqual([role, id, equipes], ['auditor', 'w', ['A']]);
    for (const open of [verifier.verify(token), verifier.verifyVisitor(token)])
      await assert.rejects(open, /role: auditor reads the audit trail and nothing else/);
    // A doctor's token reads nothing.
    const doctor = runTokenCommand(['--role', 'doctor', '--sub', 'w'], () => auth).trim();
    await assert.rejects(verifier.verifyReader(doctor), /role: doctor opens/);
  });

  it('has the claims for whispers and for sealed streams where they are asked for, and else not', async () => {
    const ada = ['--role', 'admin', '--sub', 'ada', '--equipe', 'A'];
    const { whisper, e2ee } = await verified([...ada, '--whisper', '--sealed']);
    assert.deepEqual([whisper, e2ee], [true, 'required']);
    const plain = await verified(ada);
    assert.deepEqual([plain.whisper, plain.e2ee], [undefined, undefined]);
    assert.equal((await verified([...LEA, '--sealed'])).e2ee, 'required');
  });

  it('fits issuer, audience and algorithm of the configuration', async () => {
    const env = { JWT_ISSUER: 'my-app', JWT_AUDIENCE: 'prospect-live', JWT_ALGORITHMS: 'HS512' };
    assert.equal((await verified(LEA, env)).user.id, 'lea');
  });

  for (const [what, line, reason] of [
    ['no role', ['--sub', 'lea'], /--role is missing: commercial, admin, doctor or auditor/],
    ['another role', ['--role', 'Admin', '--sub', 'a'], /--role is "Admin": commercial, admin, doctor or auditor/],
    ['no id', ['--role', 'admin'], /--sub is missing/],
    ['no team', ['--role', 'commercial', '--sub', 'lea'], /--equipe is missing/],
    ['an admin of no team', ['--role', 'admin', '--sub', 'sophie'], /--equipe is missing: each team/],
    ['a team for the page /doctor', ['--role', 'doctor', '--sub', 'lea', '--equipe', 'A'], /doctor has no --equipe/],
    ['a commercial who whispers', [...LEA, '--whisper'], /--whisper is for an admin/],
    [
      'sealed streams of an auditor',
      ['--role', 'auditor', '--sub', 'w', '--equipe', 'A', '--sealed'],
      /--sealed is for/,
    ],
    ['two teams', [...LEA, '--equipe', 'B'], /one team/],
    ['an unknown option', [...LEA, '--team', 'B'], /'--team'/],
    ['a word too many', [...LEA, 'now'], /'now'/],
    ['a lifetime without unit', [...LEA, '--expires', '10'], /--expires 10: a number with its unit/],
    [
      'an id that the relay would refuse',
      ['--role', 'admin', '--sub', 'x'.repeat(129), '--equipe', 'A'],
      /sub: Too big/,
    ],
  ] as const) {
    it(`says what is wrong with ${what}`, () => {
      const { auth } = readConfig({ JWT_SECRET: SECRET }).config;
      assert.throws(
        () => runTokenCommand(line, () => auth),
        (error) => error instanceof UsageError && reason.test(error.message) && error.message.includes('token --help'),
      );
    });
  }

  it('says where tokens come from when the relay can only verify', () => {
    const { auth } = readConfig({ JWKS_URL: 'https://login.example.com/jwks.json' }).config;
    assert.throws(() => runTokenCommand(LEA, () => auth), /only verifies.*your server or your identity provider/);
  });

  it('helps without any configuration', () => {
    assert.match(
      runTokenCommand(['--help'], () => assert.fail('not read')),
      /--expires/,
    );
  });
});

describe('a development relay', () => {
  const describe = (config: RelayConfig, madeSecret: string | null) =>
    describeDevelopment(config, { http: 8080 }, madeSecret);

  it('makes a secret of its own each time, unless a key is set', () => {
    const first = developmentEnvironment({ HTTP_PORT: '1' });
    const second = developmentEnvironment({ JWT_SECRET: ' ' });
    assert.notEqual(first.madeSecret, null);
    assert.notEqual(first.madeSecret, second.madeSecret);
    assert.equal(first.env.JWT_SECRET, first.madeSecret);
    assert.deepEqual(readConfig(first.env).warnings, []);
    const given = { JWT_SECRET: SECRET };
    assert.deepEqual(developmentEnvironment(given), { env: given, madeSecret: null });
  });

  it('prints no secret that somebody else has set', () => {
    const text = describe(readConfig({ JWT_SECRET: SECRET, ALLOWED_ORIGINS: 'http://localhost:3000' }).config, null);
    assert.ok(!text.includes(SECRET));
    assert.match(text, /the one that is configured/);
    assert.match(text, /Pages may come from: {2}http:\/\/localhost:3000\n/);
  });

  it('prints no tokens when it can only verify', () => {
    const text = describe(readConfig({ JWKS_URL: 'https://login.example.com/jwks.json' }).config, null);
    assert.doesNotMatch(text, /token=/);
    assert.match(text, /come from your server/);
  });
});
