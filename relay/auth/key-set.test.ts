import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import jwt from 'jsonwebtoken';
import { RelayError } from '../errors.ts';
import { createLogger } from '../logger.ts';
import type { KeySetLimits } from './key-set.ts';
import { JwtVerifier } from './verify-token.ts';

const logger = createLogger('silent');

/** A key as the host's login would hold it. */
interface LoginKey {
  readonly kid?: string;
  readonly alg?: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

function rsaKey(names: { kid?: string; alg?: string } = {}): LoginKey {
  return { ...names, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) };
}

const first = rsaKey({ kid: 'first', alg: 'RS256' });
const second = rsaKey({ kid: 'second' });
const curve: LoginKey = { kid: 'curve', ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };

/** A real key set server on this machine, whose answers the tests change. */
class LoginServer {
  keys: readonly LoginKey[] = [first];
  /** Members of the set that are no keys of this test. */
  others: readonly unknown[] = [];
  /** Answers in place of the key set, while set. */
  misbehave: RequestListener | null = null;
  requests = 0;
  readonly #server: Server = createServer((req, res) => {
    this.requests++;
    if (this.misbehave) return this.misbehave(req, res);
    const keys = this.keys.map(({ kid, alg, publicKey }) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid,
      alg,
      use: 'sig',
    }));
    res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [...this.others, ...keys] }));
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this.url;
  }

  get url(): string {
    const address = this.#server.address();
    assert(typeof address === 'object' && address !== null);
    return `http://127.0.0.1:${address.port}/jwks.json`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const servers: LoginServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Waits for nothing: every unknown key may be fetched for at once, so that tests need no clock. */
const EAGER: Partial<KeySetLimits> = { cooldownMs: 0 };

async function start(times: Partial<KeySetLimits> = EAGER) {
  const server = new LoginServer();
  servers.push(server);
  const url = await server.listen();
  const algorithms = ['RS256', 'ES256'];
  const config = { key: { kind: 'jwks', url }, algorithms, issuer: null, audience: null, clockToleranceS: 0 } as const;
  return { server, verifier: new JwtVerifier(config, logger, times) };
}

function sign(key: LoginKey, header: Record<string, unknown> = {}): string {
  const claims = { sub: 'c-1', role: 'commercial', name: 'Anna', equipe: 'nord' };
  const algorithm = key.privateKey.asymmetricKeyType === 'ec' ? 'ES256' : 'RS256';
  const named = key.kid === undefined ? {} : { kid: key.kid };
  return jwt.sign(claims, key.privateKey, {
    algorithm,
    expiresIn: 60,
    header: { alg: algorithm, ...named, ...header },
  });
}

async function codeOf(verifier: JwtVerifier, token: string): Promise<string> {
  try {
    await verifier.verify(token);
    return 'accepted';
  } catch (error) {
    assert(error instanceof RelayError, String(error));
    return error.code;
  }
}

describe('JwtVerifier with a key set', () => {
  it('accepts every key of the set, with one fetch for many at once', async () => {
    const { server, verifier } = await start();
    server.keys = [first, second, curve];
    const tokens = [first, second, curve, first, second].map((key) => sign(key));
    assert.deepEqual(
      await Promise.all(tokens.map((token) => codeOf(verifier, token))),
      tokens.map(() => 'accepted'),
    );
    assert.equal(server.requests, 1);
  });

  it('sees a new key at once, and drops an old one', async () => {
    const { server, verifier } = await start();
    assert.equal(await codeOf(verifier, sign(first)), 'accepted');
    server.keys = [second];
    assert.equal(await codeOf(verifier, sign(second)), 'accepted');
    assert.equal(await codeOf(verifier, sign(first)), 'token_key_unknown');
  });

  it('takes the only key when the token names none, but does not guess among several', async () => {
    const { server, verifier } = await start();
    const nameless = rsaKey();
    server.keys = [nameless];
    assert.equal(await codeOf(verifier, sign(nameless)), 'accepted');
    server.keys = [first, second];
    const other = await start();
    other.server.keys = [first, second];
    assert.equal(await codeOf(other.verifier, sign(nameless)), 'token_key_unknown');
  });

  it('is not fooled by the kid', async () => {
    const { server, verifier } = await start();
    server.keys = [first, second];
    for (const kid of [
      '../first',
      'FIRST',
      'first ',
      '__proto__',
      'constructor',
      'http://evil.example/key',
      "' OR 1=1 --",
      '',
    ]) {
      assert.equal(await codeOf(verifier, sign(first, { kid })), 'token_key_unknown', kid);
    }
    const forgedHeader = (kid: unknown) =>
      sign(first).replace(/^[^.]*/, Buffer.from(JSON.stringify({ alg: 'RS256', kid })).toString('base64url'));
    for (const kid of [7, null, ['first'], { toString: 'first' }, 'x'.repeat(257)]) {
      assert.equal(await codeOf(verifier, forgedHeader(kid)), 'token_malformed', JSON.stringify(kid));
    }
    assert.equal(await codeOf(verifier, sign(second, { kid: 'first' })), 'token_signature_invalid');
  });

  it('never takes a key or an address from the token itself', async () => {
    const { server, verifier } = await start();
    const thief = rsaKey({ kid: 'first' });
    const evil = await start();
    evil.server.keys = [thief];
    const jwk = thief.publicKey.export({ format: 'jwk' });
    assert.equal(
      await codeOf(verifier, sign(thief, { jku: evil.server.url, jwk, x5u: evil.server.url })),
      'token_signature_invalid',
    );
    assert.equal(evil.server.requests, 0);
    assert.equal(server.requests, 1);
  });

  it('holds a key to the algorithm that the set gives it', async () => {
    const { server, verifier } = await start();
    server.keys = [
      { ...curve, alg: 'RS256' },
      { ...first, alg: 'PS256' },
    ];
    assert.equal(await codeOf(verifier, sign(first)), 'token_algorithm_not_allowed');
    assert.notEqual(await codeOf(verifier, sign(curve)), 'accepted');
  });

  it('chooses among keys of one kid by algorithm and type (RFC 7517, 4.5)', async () => {
    const { server, verifier } = await start();
    const same = { ...second, kid: 'same' };
    const sameCurve = { ...curve, kid: 'same' };
    for (const keys of [
      ['RS256', 'RS384', 'RS512'].map((alg) => ({ ...same, alg })),
      ['RS512', 'PS256', 'RS256'].map((alg) => ({ ...same, alg })),
      [sameCurve, same],
      [
        { ...sameCurve, alg: 'ES256' },
        { ...same, alg: 'RS256' },
      ],
      [{ ...first, kid: 'same' }, same],
    ]) {
      const fresh = await start();
      fresh.server.keys = keys;
      assert.equal(await codeOf(fresh.verifier, sign(same)), 'accepted', keys.map(({ alg }) => alg).join());
    }
    server.keys = [sameCurve, same];
    assert.equal(await codeOf(verifier, sign(sameCurve)), 'accepted');
    // None of the keys that are meant for the algorithm signed it.
    assert.equal(await codeOf(verifier, sign({ ...first, kid: 'same' })), 'token_signature_invalid');
    const only384 = await start();
    only384.server.keys = [{ ...same, alg: 'RS384' }];
    assert.equal(await codeOf(only384.verifier, sign(same)), 'token_algorithm_not_allowed');
  });

  it('lets members of the set that are no keys pass by', async () => {
    const { server, verifier } = await start();
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
    server.others = [
      null,
      17,
      'key',
      [],
      {},
      { kty: 'RSA', kid: 'broken' },
      { kty: 'new', kid: 'x' },
      { ...weak, kid: 'weak' },
    ];
    assert.equal(await codeOf(verifier, sign(first)), 'accepted');
    assert.equal(await codeOf(verifier, sign({ ...first, kid: 'weak' })), 'token_algorithm_not_allowed');
  });

  it('can be fetched ahead of the first token, and tells when that fails', async () => {
    const { server, verifier } = await start();
    await verifier.prepare();
    assert.equal(server.requests, 1);
    assert.equal(await codeOf(verifier, sign(first)), 'accepted');
    assert.equal(server.requests, 1);
    const lines: string[] = [];
    const telling = createLogger('info', { destination: { write: (line) => void lines.push(line) } });
    const key = { kind: 'jwks', url: 'http://127.0.0.1:9/k' } as const;
    const config = { key, algorithms: ['RS256'], issuer: null, audience: null, clockToleranceS: 0 };
    await new JwtVerifier(config, telling, EAGER).prepare();
    assert.match(lines.join(''), /JWKS_URL: the key set could not be fetched/);
  });

  it('fetches nothing for a token that cannot pass anyway', async () => {
    const { server, verifier } = await start();
    const hmac = jwt.sign({ sub: 'x' }, 'secret', { header: { alg: 'HS256', kid: 'first' } });
    assert.equal(await codeOf(verifier, hmac), 'token_algorithm_not_allowed');
    assert.equal(await codeOf(verifier, 'garbage'), 'token_malformed');
    assert.equal(server.requests, 0);
  });

  it('cannot be turned into a flood by made-up kids', async () => {
    const { server, verifier } = await start({ cooldownMs: 60_000 });
    const tokens = Array.from({ length: 50 }, (_, index) => sign(first, { kid: `made-up-${index}` }));
    for (const token of tokens) assert.equal(await codeOf(verifier, token), 'token_key_unknown');
    assert.equal(server.requests, 1);
    assert.equal(await codeOf(verifier, sign(first)), 'accepted');
  });
});

describe('JwtVerifier with a key set server in trouble', () => {
  const troubles: readonly (readonly [what: string, answer: RequestListener])[] = [
    ['answers 500', (_req, res) => void res.writeHead(500).end('no')],
    ['answers no JSON', (_req, res) => void res.end('<html>')],
    ['answers JSON of another shape', (_req, res) => void res.end('{"keys":"none"}')],
    ['answers an empty set', (_req, res) => void res.end('{"keys":[]}')],
    ['answers with keys that cannot be read', (_req, res) => void res.end('{"keys":[{"kty":"RSA","kid":"first"}]}')],
    ['redirects elsewhere', (_req, res) => void res.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()],
    ['answers without end', (_req, res) => void res.end(Buffer.alloc(300_000, 32))],
    ['hangs up', (req) => void req.socket.destroy()],
    ['never answers', () => {}],
    [
      'drips',
      (_req, res) => {
        const timer = setInterval(() => res.write(' '), 20);
        res.on('close', () => clearInterval(timer));
      },
    ],
  ];
  for (const [what, answer] of troubles) {
    it(`says that keys are unavailable when it ${what}, goes on with known keys, and recovers`, async () => {
      const { server, verifier } = await start({ ...EAGER, timeoutMs: 200, maxAgeMs: 0 });
      server.misbehave = answer;
      assert.equal(await codeOf(verifier, sign(first)), 'token_keys_unavailable');
      server.misbehave = null;
      assert.equal(await codeOf(verifier, sign(first)), 'accepted');
      server.misbehave = answer;
      assert.equal(await codeOf(verifier, sign(first)), 'accepted', 'old keys count while the server is down');
      assert.equal(await codeOf(verifier, sign(second)), 'token_key_unknown');
    });
  }

  it('does not trust old keys for ever', async () => {
    const staleMs = 1000;
    const { server, verifier } = await start({ ...EAGER, maxAgeMs: 0, staleMs });
    assert.equal(await codeOf(verifier, sign(first)), 'accepted');
    server.misbehave = (_req, res) => void res.writeHead(503).end();
    await setTimeout(staleMs + 50);
    assert.equal(await codeOf(verifier, sign(first)), 'token_keys_unavailable');
  });

  it('never makes known keys wait for a server that hangs', async () => {
    const { server, verifier } = await start({ ...EAGER, maxAgeMs: 0 });
    assert.equal(await codeOf(verifier, sign(first)), 'accepted');
    server.misbehave = () => {};
    const answers = Promise.all(Array.from({ length: 5 }, () => codeOf(verifier, sign(first))));
    assert.deepEqual(await Promise.race([answers, setTimeout(2_000, 'waits')]), Array(5).fill('accepted'));
    while (server.requests < 2) await setTimeout(5);
    await setTimeout(50);
    assert.equal(server.requests, 2, 'one fetch goes on behind');
  });

  it('lets so many unknown keys wait and no more; known ones pass them', async () => {
    const { server, verifier } = await start({ ...EAGER, maxWaiting: 4 });
    assert.equal(await codeOf(verifier, sign(first)), 'accepted');
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    server.misbehave = (_req, res) => void held.then(() => res.writeHead(500).end());
    const codes: string[] = [];
    const made = Array.from({ length: 6 }, (_, index) =>
      codeOf(verifier, sign(first, { kid: `made-up-${index}` })).then((code) => codes.push(code)),
    );
    assert.equal(await codeOf(verifier, sign(first)), 'accepted');
    while (codes.length < 4) await setTimeout(5);
    assert.deepEqual(codes, Array(4).fill('token_keys_unavailable'));
    release();
    await Promise.all(made);
    assert.deepEqual(codes.slice(4), Array(2).fill('token_key_unknown'));
  });
});
