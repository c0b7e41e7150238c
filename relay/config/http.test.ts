import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createCA, createCert } from 'mkcert';
import { ConfigError, type Environment, readConfig } from '../config.ts';

const folder = mkdtempSync(join(tmpdir(), 'relay-config-http-'));
after(() => rmSync(folder, { recursive: true }));
const TLS = { TLS_CERT_FILE: join(folder, 'cert.pem'), TLS_KEY_FILE: join(folder, 'key.pem') };

const PRODUCTION = {
  NODE_ENV: 'production',
  JWT_SECRET: randomBytes(48).toString('base64'),
  JWT_ISSUER: 'https://login.example.com',
  JWT_AUDIENCE: 'prospect-live',
  METRICS_TOKEN: randomBytes(24).toString('base64'),
  ANNOUNCED_ADDRESS: '1.2.3.4',
  ALLOWED_ORIGINS: 'https://*.example.com,capacitor://localhost',
};

const warningsOf = (env: Environment) => readConfig(env).warnings;

function problemsOf(env: Environment): string {
  try {
    readConfig(env);
  } catch (error) {
    assert(error instanceof ConfigError, String(error));
    return error.problems.join('\n');
  }
  return 'accepted';
}

/** A certificate that is valid for this many days. */
async function install(days: number): Promise<void> {
  const ca = await createCA({ organization: 'Test', countryCode: 'FR', state: 'x', locality: 'x', validity: 60 });
  const { cert, key } = await createCert({ ca, domains: ['localhost'], validity: days });
  writeFileSync(TLS.TLS_CERT_FILE, cert);
  writeFileSync(TLS.TLS_KEY_FILE, key);
}

describe('what lets others read along is warned about in production', () => {
  before(() => install(50));

  it('nothing, when all is shut', () => {
    assert.deepEqual(warningsOf({ ...PRODUCTION, ...TLS, HTTP_PORT: 'off' }), []);
    assert.deepEqual(warningsOf({ ...PRODUCTION, HOST: '127.0.0.1', TRUSTED_PROXIES: '1' }), []);
    assert.deepEqual(warningsOf({ JWT_SECRET: PRODUCTION.JWT_SECRET }), []);
  });

  it('no TLS; plain HTTP beside TLS; open metrics', () => {
    assert.match(warningsOf(PRODUCTION).join('\n'), /^TLS_CERT_FILE: is not set, so the relay has no TLS[^\n]*$/);
    assert.match(
      warningsOf({ ...PRODUCTION, ...TLS }).join('\n'),
      /^HTTP_PORT: port 8080 is open without TLS beside[^\n]*$/,
    );
    const open = { ...PRODUCTION, ...TLS, HTTP_PORT: 'off', METRICS_TOKEN: '', METRICS_PUBLIC: 'on' };
    assert.match(warningsOf(open).join('\n'), /^METRICS_TOKEN: is not set, and METRICS_PUBLIC is on: everybody[^\n]*$/);
    const lan = { ...open, METRICS_PUBLIC: '', METRICS_HOST: '10.0.0.11' };
    assert.match(
      warningsOf(lan).join('\n'),
      /^METRICS_TOKEN: is not set: everybody who reaches port 9464 of 10[^\n]*$/,
    );
    assert.deepEqual(warningsOf({ ...lan, METRICS_HOST: '' }), []);
    assert.deepEqual(warningsOf({ ...lan, METRICS_PORT: 'off' }), []);
  });

  it('a certificate that ends soon', async () => {
    await install(3);
    const [warning, ...others] = warningsOf({ ...PRODUCTION, ...TLS, HTTP_PORT: 'off' });
    assert.match(warning ?? '', /^TLS_CERT_FILE: .*cert\.pem expires on .*, in 2 days/);
    assert.deepEqual(others, []);
  });

  it('an address of the documentation', () => {
    for (const address of ['203.0.113.7', '2001:db8::7']) {
      const env = { ...PRODUCTION, HOST: '127.0.0.1', ANNOUNCED_ADDRESS: address };
      assert.match(warningsOf(env).join('\n'), /^ANNOUNCED_ADDRESS: .* is an address of the documentation[^\n]*$/);
    }
  });
});

describe('what could be misread is refused', () => {
  it('placeholders and weak secrets in production; elsewhere they are warned about', () => {
    for (const [name, value] of [
      ['JWT_SECRET', 'replace-this-by-the-output-of-openssl-rand-base64-48'],
      ['JWT_SECRET', 'a'.repeat(32)],
      ['METRICS_TOKEN', 'x'],
      ['METRICS_TOKEN', 'another-long-random-value'],
      ['METRICS_TOKEN', '0'.repeat(20)],
    ] as const) {
      const made = new RegExp(`^${name}: .*openssl rand ${name === 'JWT_SECRET' ? '-base64 48' : '-hex 32'}$`);
      assert.match(problemsOf({ ...PRODUCTION, [name]: value }), made);
      const development = { JWT_SECRET: PRODUCTION.JWT_SECRET, [name]: value };
      assert.match(warningsOf(development).join('\n'), made);
    }
  });

  it('a TURN secret that is a placeholder; a weak one may be for others to change', () => {
    const turn = { ...PRODUCTION, HOST: '127.0.0.1', TURN_URLS: 'turn:turn.example.com' };
    assert.match(
      problemsOf({ ...turn, TURN_SECRET: 'replace-by-a-long-random-value' }),
      /^TURN_SECRET: is a placeholder/,
    );
    assert.match(warningsOf({ ...turn, TURN_SECRET: 'short' }).join('\n'), /^TURN_SECRET: has 5 bytes/);
  });

  it('secret files that are no text, or hold more than one line', () => {
    const secretFile = (content: string | Buffer) => {
      const path = join(folder, 'secret');
      writeFileSync(path, content);
      return problemsOf({ JWT_SECRET_FILE: path });
    };
    assert.match(secretFile(randomBytes(48).fill(0x80, 0, 1)), /no text in UTF-8\. A secret is a line of text/);
    for (let i = 0; i < 50; i++) assert.notEqual(secretFile(randomBytes(16)), 'accepted');
    assert.match(secretFile(`\uFEFF${PRODUCTION.JWT_SECRET}`), /byte order mark/);
    assert.match(secretFile(`${PRODUCTION.JWT_SECRET}\n\n`), /a line end/);
    assert.match(secretFile(`${PRODUCTION.JWT_SECRET} `), /begins or ends with a space/);
    assert.match(secretFile('\n'), /is empty/);
    for (const end of ['', '\n', '\r\n']) assert.equal(secretFile(PRODUCTION.JWT_SECRET + end), 'accepted');
  });

  it('values with quotation marks, or with what cannot be seen', () => {
    const secret = PRODUCTION.JWT_SECRET;
    assert.match(problemsOf({ JWT_SECRET: `"${secret}"` }), /^JWT_SECRET: .*quotation mark/);
    assert.match(problemsOf({ JWT_SECRET: `“${secret}”` }), /^JWT_SECRET: .*quotation mark/);
    assert.match(problemsOf({ JWT_SECRET: `${secret}\u00A0` }), /^JWT_SECRET: contains .*U\+00A0/);
    assert.match(problemsOf({ JWT_SECRET: `${secret}\r` }), /^JWT_SECRET: contains a carriage return/);
    assert.match(problemsOf({ JWT_SECRET: secret.replace(/^./, '\uFFFD') }), /^JWT_SECRET: .*bytes that are no UTF-8/);
    assert.match(problemsOf({ JWT_SECRET: secret, JWT_ISSUER: 'my\u200Bapp' }), /^JWT_ISSUER: .*U\+200B/);
    const trimmed = readConfig({ JWT_SECRET: secret, JWT_ISSUER: 'my-app\r' }).config.auth.issuer;
    assert.equal(trimmed, 'my-app', 'around other values, what Windows adds does not count');
  });

  it('a metrics token that no header can carry, and several public keys where one counts', () => {
    const env = { JWT_SECRET: PRODUCTION.JWT_SECRET };
    assert.match(problemsOf({ ...env, METRICS_TOKEN: 'kD9vQ2xW 8zR4tY6uI1oP' }), /^METRICS_TOKEN: may hold letters/);
    assert.match(problemsOf({ ...env, METRICS_TOKEN: 'kD9vQ2xWé8zR4tY6uI1oP' }), /^METRICS_TOKEN: may hold letters/);
    const pem = '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n';
    assert.match(problemsOf({ JWT_PUBLIC_KEY: pem + pem }), /^JWT_PUBLIC_KEY: holds 2 keys/);
  });

  it('addresses in another spelling', () => {
    const production = { ...PRODUCTION, HOST: '127.0.0.1' };
    assert.match(
      problemsOf({ ...production, ANNOUNCED_ADDRESS: '0::0' }),
      /^ANNOUNCED_ADDRESS: :: is no address that a page/,
    );
    assert.match(
      problemsOf({ ...production, ANNOUNCED_ADDRESS: 'fe80::1%eth0' }),
      /no address that a page can send to/,
    );
    assert.match(
      problemsOf({ ...production, ANNOUNCED_ADDRESS: '::ffff:1.2.3.4' }),
      /allowed: the IPv4 address itself: 1\.2\.3\.4/,
    );
    assert.match(
      problemsOf({ ...production, ANNOUNCED_ADDRESS: '2A00:0::1,2a00::1' }),
      /each address can be bound once/,
    );
    assert.deepEqual(warningsOf({ ...production, HOST: '0:0:0:0:0:0:0:1' }), []);
  });

  it('production that was not asked for is warned about', () => {
    const meant = { JWT_SECRET: PRODUCTION.JWT_SECRET, ANNOUNCED_ADDRESS: '1.2.3.4' };
    assert.match(warningsOf(meant).join('\n'), /^NODE_ENV: is not set, so the rules of development hold/);
    assert.deepEqual(warningsOf({ ...meant, NODE_ENV: 'development' }), []);
  });

  it('a name with a byte order mark; a name that is nearly one of ours is warned about', () => {
    const env = { JWT_SECRET: PRODUCTION.JWT_SECRET };
    assert.match(
      problemsOf({ ...env, '\uFEFFNODE_ENV': 'production' }),
      /^NODE_ENV: its name has an invisible character/,
    );
    assert.deepEqual(warningsOf({ ...env, JWT_AUDIENC: 'prospect-live' }), [
      'JWT_AUDIENC: is no variable of the relay, so its value does nothing. Is JWT_AUDIENCE meant?',
    ]);
  });
});

describe('the port of the metrics', () => {
  const portOf = (env: Environment) => readConfig({ JWT_SECRET: PRODUCTION.JWT_SECRET, ...env }).config.http.metrics;

  it('is 9464 of this machine in production, and a free one elsewhere', () => {
    assert.deepEqual(portOf({}), { host: '127.0.0.1', port: 0, public: false, token: null });
    assert.equal(portOf({ ...PRODUCTION, HOST: '127.0.0.1' }).port, 9464);
    assert.equal(portOf({ ...PRODUCTION, METRICS_PORT: 'off' }).port, null);
    assert.deepEqual(portOf({ METRICS_PORT: '9500', METRICS_HOST: '::1', METRICS_PUBLIC: 'on' }), {
      host: '::1',
      port: 9500,
      public: true,
      token: null,
    });
  });

  it('is none of the others, and public is a word', () => {
    const env = { JWT_SECRET: PRODUCTION.JWT_SECRET };
    assert.match(problemsOf({ ...env, METRICS_PORT: '8080' }), /^METRICS_PORT: 8080 is the port of HTTP_PORT too/);
    assert.match(
      problemsOf({ ...env, METRICS_PUBLIC: 'yes' }),
      /^METRICS_PUBLIC: "yes" was given; allowed: one of off, on/,
    );
    assert.match(problemsOf({ ...env, METRICS_PORT: 'none' }), /^METRICS_PORT: "none" was given; allowed: a port/);
  });
});
