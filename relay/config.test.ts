import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { localAddresses } from './config/media.ts';
import { variables } from './config/variables.ts';
import { ConfigError, type Environment, loadEnvironment, readConfig } from './config.ts';

const SECRET = 'kD9vQ2xW8zR4tY6uI1oP3aS5dF7gH0jK';
const folder = mkdtempSync(join(tmpdir(), 'relay-config-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function problemsOf(env: Environment): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    assert(error instanceof ConfigError, String(error));
    return error.problems;
  }
  return [];
}

/** The one problem that this environment has. */
function problemOf(env: Environment): string {
  const problems = problemsOf(env);
  assert.equal(problems.length, 1, `expected one problem, found: ${problems.join(' | ') || 'none'}`);
  return problems[0] ?? '';
}

const PRODUCTION = {
  NODE_ENV: 'production',
  JWT_SECRET: SECRET,
  JWT_ISSUER: 'https://login.example.com',
  JWT_AUDIENCE: 'prospect-live',
  ANNOUNCED_ADDRESS: '1.2.3.4',
  METRICS_TOKEN: 'b7Tq0ZxM4nLw8RkE',
  HOST: '127.0.0.1',
  ALLOWED_ORIGINS: 'https://app.example.com',
};

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsaPem = String(rsa.publicKey.export({ type: 'spki', format: 'pem' }));
const pemOf = (curve: string) =>
  String(generateKeyPairSync('ec', { namedCurve: curve }).publicKey.export({ type: 'spki', format: 'pem' }));

describe('readConfig', () => {
  it('needs nothing but a key outside production', () => {
    const { config, warnings } = readConfig({ JWT_SECRET: SECRET });
    assert.equal(config.http.httpPort, 8080);
    assert.equal(config.http.https, null);
    assert.deepEqual(config.http.allowedOrigins, ['*']);
    assert.deepEqual(config.auth.algorithms, ['HS256']);
    assert.equal(config.session.graceMs, 30_000);
    assert.ok(config.media.listen.some(({ ip }) => ip === '127.0.0.1'));
    assert.deepEqual(warnings, []);
  });

  it('is frozen all the way down', () => {
    const { config } = readConfig({ JWT_SECRET: SECRET });
    const check = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      assert.ok(Object.isFrozen(value));
      Object.values(value).forEach(check);
    };
    check(config);
  });

  it('has no fallback secret', () => {
    assert.match(problemOf({}), /^JWT_SECRET: no key .* exactly one of .*JWKS_URL.*openssl rand/);
  });

  it('lists every problem at once, each with name, what was given, what is allowed and an example', () => {
    const problems = problemsOf({ JWT_SECRET: SECRET, HTTP_PORT: '8o80', LOG_LEVEL: 'loud', SESSION_GRACE: '30' });
    assert.deepEqual(problems, [
      'LOG_LEVEL: "loud" was given; allowed: one of fatal, error, warn, info, debug, trace, silent. Example: LOG_LEVEL=debug',
      'HTTP_PORT: "8o80" was given; allowed: a port from 0 to 65535 (0: a free one), or off. Example: HTTP_PORT=8080',
      'SESSION_GRACE: "30" was given; allowed: a number with its unit ms, s, m, h or d, from 0 to 1h. Example: SESSION_GRACE=30s',
    ]);
  });

  it('never prints a secret or a password', () => {
    const problems = problemsOf({
      JWT_SECRET: 'short-secret',
      JWKS_URL: 'https://me:pass-word@login.example.com',
      TURN_SECRET: 'turn-secret',
    }).join('\n');
    assert.doesNotMatch(problems, /short-secret|pass-word|turn-secret/);
  });

  it('takes an empty variable as not set', () => {
    assert.equal(readConfig({ JWT_SECRET: SECRET, HTTP_PORT: ' ', JWKS_URL: '' }).config.http.httpPort, 8080);
  });

  it('reads each example of the documentation, but takes none for a secret', () => {
    const skipped = [
      'TLS_CERT_FILE',
      'TLS_KEY_FILE',
      'JWT_SECRET_FILE',
      'JWT_PUBLIC_KEY',
      'JWT_PUBLIC_KEY_FILE',
      'JWT_ALGORITHMS',
      'CLUSTER_URL_FILE',
      'CLUSTER_SECRET_FILE',
      'CLUSTER_SECRET_PREVIOUS_FILE',
      'AUDIT_WEBHOOK_SECRET_FILE',
    ];
    const node = { CLUSTER_URL: 'redis://127.0.0.1', CLUSTER_SECRET: SECRET, PIPE_ADDRESS: '10.0.0.1' };
    for (const [name, { example, secret }] of Object.entries(variables)) {
      if (skipped.includes(name)) continue;
      const others = { TURN_URLS: 'turn:a', TURN_SECRET: 'b', AUDIT_WEBHOOK_SECRET: SECRET };
      const env: Environment = { JWT_SECRET: SECRET, ...others, ...node, [name]: example };
      if (secret) {
        assert.match(problemOf({ ...PRODUCTION, ...env }), /is a placeholder/, name);
        continue;
      }
      assert.deepEqual(
        problemsOf(name === 'JWKS_URL' ? { ...env, JWT_SECRET: undefined } : { ...PRODUCTION, ...env }),
        [],
        name,
      );
    }
  });

  it('reads durations in every unit and lists with spaces', () => {
    const { config } = readConfig({
      JWT_SECRET: SECRET,
      SESSION_GRACE: '1500ms',
      OFFLINE_KEEP: '2h',
      MAX_STREAM: '0',
      ALLOWED_ORIGINS: ' https://a.example , http://localhost:3000,',
    });
    assert.equal(config.session.graceMs, 1500);
    assert.equal(config.session.offlineKeepMs, 7_200_000);
    assert.equal(config.session.maxStreamMs, 0);
    assert.deepEqual(config.http.allowedOrigins, ['https://a.example', 'http://localhost:3000']);
  });

  it('never throws anything but a ConfigError, whatever the environment holds', () => {
    const names = Object.keys(variables);
    const environment = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.string(), fc.string({ unit: 'binary' })));
    fc.assert(
      fc.property(environment, (env) => void problemsOf({ JWT_SECRET: SECRET, ...env })),
      { numRuns: 500 },
    );
  });
});

describe('readConfig for HTTP', () => {
  it('refuses production without a list of origins, and * there', () => {
    assert.match(
      problemOf({ ...PRODUCTION, ALLOWED_ORIGINS: undefined }),
      /^ALLOWED_ORIGINS: is required in production/,
    );
    assert.match(problemOf({ ...PRODUCTION, ALLOWED_ORIGINS: '*' }), /^ALLOWED_ORIGINS: \* is refused in production/);
  });

  it('says how a browser spells an origin', () => {
    assert.match(
      problemOf({ JWT_SECRET: SECRET, ALLOWED_ORIGINS: 'https://App.example.com/x' }),
      /https:\/\/app\.example\.com \(not/,
    );
    assert.match(problemOf({ JWT_SECRET: SECRET, ALLOWED_ORIGINS: 'app.example.com' }), /origins such as/);
  });

  it('wants certificate and key together, readable and fitting', () => {
    const cert = file('bad.pem', 'nothing');
    assert.match(problemOf({ JWT_SECRET: SECRET, TLS_CERT_FILE: cert }), /^TLS_KEY_FILE: is needed/);
    assert.match(problemOf({ JWT_SECRET: SECRET, TLS_KEY_FILE: cert }), /^TLS_CERT_FILE: is needed/);
    assert.match(
      problemOf({ JWT_SECRET: SECRET, TLS_CERT_FILE: cert, TLS_KEY_FILE: cert }),
      /^TLS_CERT_FILE: .*not a certificate/,
    );
    assert.match(
      problemOf({ JWT_SECRET: SECRET, TLS_CERT_FILE: '/no/such', TLS_KEY_FILE: cert }),
      /^TLS_CERT_FILE: \/no\/such cannot be read/,
    );
  });

  it('wants a port to listen on, and different ones', () => {
    assert.match(problemOf({ JWT_SECRET: SECRET, HTTP_PORT: 'off' }), /^HTTP_PORT: is off and there is no certificate/);
    assert.match(
      problemOf({ JWT_SECRET: SECRET, HTTP_PORT: '44400' }),
      /^HTTP_PORT: 44400 lies in the range of the media ports/,
    );
  });
});

describe('readConfig for tokens', () => {
  it('wants exactly one key', () => {
    assert.match(
      problemOf({ JWT_SECRET: SECRET, JWKS_URL: 'https://a.example/k' }),
      /only one .* JWT_SECRET and JWKS_URL/,
    );
  });

  it('wants a secret as long as the hash (RFC 7518, 3.2)', () => {
    assert.match(problemOf({ JWT_SECRET: SECRET.slice(1) }), /has 31 bytes, but needs at least 32/);
    assert.match(
      problemOf({ JWT_SECRET: SECRET, JWT_ALGORITHMS: 'HS256,HS512' }),
      /has 32 bytes, but needs at least 64/,
    );
    assert.deepEqual(problemsOf({ JWT_SECRET: 'é'.repeat(16) }), []);
  });

  it('reads a secret and a public key from files', () => {
    const { config } = readConfig({ JWT_SECRET_FILE: file('secret', `${SECRET}\n`) });
    assert.deepEqual(config.auth.key, { kind: 'secret', secret: SECRET });
    assert.deepEqual(readConfig({ JWT_PUBLIC_KEY_FILE: file('rsa.pem', rsaPem) }).config.auth.algorithms, ['RS256']);
    assert.match(
      problemOf({ JWT_SECRET_FILE: '/no/such' }),
      /^JWT_SECRET_FILE: \/no\/such cannot be read \(there is no such file\)/,
    );
  });

  it('reads a public key with \\n for line ends and picks the algorithm of its curve', () => {
    const { config } = readConfig({ JWT_PUBLIC_KEY: pemOf('P-384').replaceAll('\n', '\\n') });
    assert.deepEqual(config.auth.algorithms, ['ES384']);
  });

  it('refuses algorithms that do not go with the key', () => {
    assert.match(
      problemOf({ JWT_SECRET: SECRET, JWT_ALGORITHMS: 'none' }),
      /^JWT_ALGORITHMS: "none" was given; allowed: one of HS256/,
    );
    assert.match(problemOf({ JWT_SECRET: SECRET, JWT_ALGORITHMS: 'RS256' }), /RS256 needs a public key/);
    assert.match(
      problemOf({ JWT_PUBLIC_KEY: rsaPem, JWT_ALGORITHMS: 'HS256' }),
      /whoever has the public key could sign/,
    );
    assert.match(
      problemOf({ JWKS_URL: 'https://a.example/k', JWT_ALGORITHMS: 'RS256,HS256' }),
      /HS256 needs a shared secret/,
    );
    assert.match(problemOf({ JWT_PUBLIC_KEY: rsaPem, JWT_ALGORITHMS: 'ES256' }), /ES256 does not fit/);
  });

  it('refuses keys of the wrong kind', () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' });
    const ed = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' });
    const privatePem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' });
    assert.match(problemOf({ JWT_SECRET: rsaPem }), /everybody who has it could sign/);
    assert.match(problemOf({ JWT_PUBLIC_KEY: String(privatePem) }), /holds a private key/);
    assert.match(problemOf({ JWT_PUBLIC_KEY: String(weak) }), /RSA of 2048 bits or more/);
    assert.match(problemOf({ JWT_PUBLIC_KEY: String(ed) }), /ed25519 cannot be used/);
    assert.match(problemOf({ JWT_PUBLIC_KEY: 'nothing' }), /not a public key in PEM form/);
  });

  it('wants an encrypted JWKS URL in production, except on this machine', () => {
    const production = { ...PRODUCTION, JWT_SECRET: undefined };
    assert.match(problemOf({ ...production, JWKS_URL: 'http://login.example.com/k' }), /not encrypted/);
    assert.deepEqual(problemsOf({ ...production, JWKS_URL: 'http://127.0.0.1:9/k' }), []);
    assert.deepEqual(readConfig({ JWKS_URL: 'http://login.example.com/k' }).config.auth.algorithms, ['RS256', 'ES256']);
    assert.match(problemOf({ JWKS_URL: 'login' }), /^JWKS_URL: "login" was given/);
  });

  it('warns in production without issuer and audience', () => {
    const { warnings } = readConfig({ ...PRODUCTION, JWT_ISSUER: undefined, JWT_AUDIENCE: undefined });
    assert.deepEqual(
      warnings.map((warning) => warning.split(':')[0]),
      ['JWT_ISSUER', 'JWT_AUDIENCE'],
    );
    assert.deepEqual(readConfig(PRODUCTION).warnings, []);
  });
});

describe('readConfig for media and TURN', () => {
  it('refuses production without an announced address', () => {
    assert.match(
      problemOf({ ...PRODUCTION, ANNOUNCED_ADDRESS: undefined }),
      /^ANNOUNCED_ADDRESS: is required in production/,
    );
    for (const ANNOUNCED_ADDRESS of ['0.0.0.0', '0.0.0.1', '224.0.0.1', '255.255.255.255', '::', 'ff02::1'])
      assert.match(problemOf({ ...PRODUCTION, ANNOUNCED_ADDRESS }), /no address that a page can send to/);
    assert.match(problemOf({ ...PRODUCTION, ANNOUNCED_ADDRESS: 'relay.example.com' }), /an IPv4 or IPv6 address/);
    assert.match(readConfig({ ...PRODUCTION, ANNOUNCED_ADDRESS: '10.0.0.4' }).warnings[0] ?? '', /private address/);
  });

  it('binds all addresses for an announced one, of its family', () => {
    const { config } = readConfig({ ...PRODUCTION, ANNOUNCED_ADDRESS: '203.0.113.7,2001:db8::7' });
    assert.deepEqual(config.media.listen, [
      { ip: '0.0.0.0', announcedAddress: '203.0.113.7' },
      { ip: '::', announcedAddress: '2001:db8::7' },
    ]);
  });

  it('pairs addresses to bind with addresses to announce', () => {
    const pair = { ...PRODUCTION, MEDIA_LISTEN_IPS: '10.0.0.4,10.0.0.5' };
    assert.match(problemOf(pair), /names 1 address for 2 addresses of MEDIA_LISTEN_IPS/);
    const { config } = readConfig({ ...pair, ANNOUNCED_ADDRESS: '203.0.113.7,203.0.113.8' });
    assert.deepEqual(config.media.listen[1], { ip: '10.0.0.5', announcedAddress: '203.0.113.8' });
    assert.match(
      problemOf({ ...PRODUCTION, ANNOUNCED_ADDRESS: '203.0.113.7,203.0.113.8' }),
      /each address can be bound once/,
    );
    assert.match(problemOf({ JWT_SECRET: SECRET, MEDIA_LISTEN_IPS: '0.0.0.0' }), /0\.0\.0\.0 needs ANNOUNCED_ADDRESS/);
  });

  it('finds loopback and LAN addresses', () => {
    const net = { netmask: '', mac: '', internal: false, cidr: null } as const;
    const found = localAddresses({
      lo: [
        { ...net, address: '::1', family: 'IPv6', scopeid: 0 },
        { ...net, address: '127.0.0.1', family: 'IPv4' },
      ],
      wifi: [
        { ...net, address: '192.168.1.20', family: 'IPv4' },
        { ...net, address: '169.254.3.4', family: 'IPv4' },
        { ...net, address: 'fe80::1', family: 'IPv6', scopeid: 2 },
      ],
    });
    assert.deepEqual(found, ['127.0.0.1', '192.168.1.20', '::1']);
  });

  it('keeps the media ports inside the range', () => {
    const env = { JWT_SECRET: SECRET, MEDIA_PORT: '65530', MEDIA_WORKERS: '8' };
    assert.match(problemOf(env), /leaves no room for 8 workers .* 65537/);
    assert.deepEqual(problemsOf({ ...env, MEDIA_PORT: '0' }), []);
  });

  it('asks for packets of 20, 40 or 60 ms', () => {
    const packetMs = (env: Environment) => readConfig({ JWT_SECRET: SECRET, ...env }).config.media.audioPacketMs;
    assert.equal(packetMs({}), 20);
    for (const ms of [20, 40, 60]) assert.equal(packetMs({ AUDIO_PACKET_MS: String(ms) }), ms);
    for (const AUDIO_PACKET_MS of ['10', '30', '120', '20.0', '60ms'])
      assert.match(problemOf({ JWT_SECRET: SECRET, AUDIO_PACKET_MS }), /^AUDIO_PACKET_MS: .*one of 20, 40, 60/);
  });

  it('wants TURN URLs and their secret together', () => {
    assert.match(problemOf({ JWT_SECRET: SECRET, TURN_URLS: 'turn:turn.example.com' }), /^TURN_SECRET: is needed/);
    assert.match(problemOf({ JWT_SECRET: SECRET, TURN_SECRET: 'x' }), /^TURN_URLS: is needed/);
    assert.match(problemOf({ JWT_SECRET: SECRET, STUN_URLS: 'stun://stun.example.com' }), /URLs such as stun:/);
  });
});

describe('loadEnvironment', () => {
  it('takes what is not set from the env file', () => {
    const path = file('relay.env', 'HTTP_PORT=9000\nLOG_LEVEL=debug\n');
    const env = loadEnvironment({ RELAY_ENV_FILE: path, LOG_LEVEL: 'warn' });
    assert.equal(env.HTTP_PORT, '9000');
    assert.equal(env.LOG_LEVEL, 'warn');
  });

  it('reads a file with a byte order mark whole, and refuses one that could be misread', () => {
    const bom = file('bom.env', '\uFEFFNODE_ENV=production\r\nHTTP_PORT=9000\r\n');
    const env = loadEnvironment({ RELAY_ENV_FILE: bom });
    assert.deepEqual([env.NODE_ENV, env.HTTP_PORT], ['production', '9000']);
    const hash = file('hash.env', 'JWT_SECRET=abc#def\n');
    assert.throws(
      () => loadEnvironment({ RELAY_ENV_FILE: hash }),
      /RELAY_ENV_FILE: .*hash\.env has a mistake in line 1: .*#/,
    );
    const path = file('utf16.env', '');
    writeFileSync(path, '\uFEFFNODE_ENV=production', 'utf16le');
    assert.throws(() => loadEnvironment({ RELAY_ENV_FILE: path }), /is saved as UTF-16/);
  });

  it('refuses the path of the worker in the file, where mediasoup does not look', () => {
    const path = file('worker.env', 'MEDIASOUP_WORKER_BIN=/opt/worker\n');
    assert.throws(
      () => loadEnvironment({ RELAY_ENV_FILE: path }),
      /MEDIASOUP_WORKER_BIN: has no effect in .*worker\.env\. Set it in the environment/,
    );
    const env = loadEnvironment({ RELAY_ENV_FILE: path, MEDIASOUP_WORKER_BIN: '/usr/worker' });
    assert.equal(env.MEDIASOUP_WORKER_BIN, '/usr/worker');
  });

  it('says when the named file cannot be read', () => {
    assert.throws(
      () => loadEnvironment({ RELAY_ENV_FILE: '/no/such.env' }),
      /RELAY_ENV_FILE: \/no\/such.env cannot be read \(there is no such file\)/,
    );
  });
});
