/** Tokens as a page meets them: at the handshake, at a refresh, at a resume, after their end; with a secret, a key and a key set. */
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { after, describe, it } from 'node:test';
import jwt from 'jsonwebtoken';
import { admin, commercial } from '../../relay/streams/testing/scene.ts';
import { claimsOf, eventually, RealRelay, realToken, SECRET } from '../harness/relay/real-relay.ts';

const ISSUER = 'https://login.example.com';
const AUDIENCE = 'prospect-live';
const cleo = commercial('cleo');
const now = (): number => Math.floor(Date.now() / 1_000);
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function sign(changes: object = {}, secret = SECRET): string {
  const claims = { ...claimsOf(cleo), iss: ISSUER, aud: AUDIENCE, exp: now() + 60, ...changes };
  // undefined leaves a claim out
  const payload = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

const relays: RealRelay[] = [];
after(async () => {
  await Promise.all(relays.map((relay) => relay.close()));
});

async function start(env: Record<string, string>): Promise<RealRelay> {
  const relay = await RealRelay.start({ env: { JWT_CLOCK_TOLERANCE: '0s', ...env } });
  relays.push(relay);
  return relay;
}

/** A server that publishes keys; null: it answers 503. */
async function startKeyServer(keys: () => object[] | null, delayMs = 0) {
  const server = createServer((_request, response) => {
    const found = keys();
    setTimeout(() => response.writeHead(found ? 200 : 503).end(JSON.stringify({ keys: found ?? [] })), delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return `http://127.0.0.1:${address.port}/jwks.json`;
}

describe('tokens over real sockets, with a secret', () => {
  const refused: readonly (readonly [what: string, token: () => unknown, code: string])[] = [
    ['none', () => undefined, 'token_missing'],
    ['garbage', () => 'garbage', 'token_malformed'],
    ['binary', () => Buffer.from('garbage'), 'token_malformed'],
    ['alg none', () => `${part({ alg: 'none' })}.${part(claimsOf(cleo))}.`, 'token_algorithm_not_allowed'],
    ['another secret', () => sign({}, 'another secret of 32 bytes or more'), 'token_signature_invalid'],
    ['another issuer', () => sign({ iss: 'https://evil.example' }), 'token_issuer_mismatch'],
    ['another audience', () => sign({ aud: 'other' }), 'token_audience_mismatch'],
    ['another role', () => sign({ role: 'superadmin' }), 'token_claims_invalid'],
    ['not yet valid', () => sign({ nbf: now() + 60 }), 'token_not_yet_valid'],
    ['expired', () => sign({ exp: now() - 1 }), 'token_expired'],
    ['no sub', () => sign({ sub: undefined }), 'token_claims_invalid'],
    ['no exp', () => sign({ exp: undefined }), 'token_claims_invalid'],
    ['9 KB', () => sign({ filler: 'x'.repeat(9_000) }), 'token_malformed'],
  ];

  it('refuses every bad token with its code, and keeps nothing of those who sent them', async () => {
    const relay = await start({ JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE });
    for (const [what, token, code] of refused) assert.equal(await relay.refusal({ token: token() }), code, what);
    await relay.dial({ token: sign() }).until('session:ready');
    await eventually('only the good one is left', async () => (await relay.report()).signalling.connections === 1);
    assert.deepEqual(relay.errors, []);
  });

  it('cuts off a handshake that is larger than any message', async () => {
    const relay = await start({});
    const page = relay.dial({ token: 'x'.repeat(200_000) });
    const why = await new Promise<string>((resolve) => {
      page.socket.once('connect_error', () => resolve('refused'));
      page.socket.once('disconnect', () => resolve('disconnected'));
    });
    assert.match(why, /refused|disconnected/);
    await eventually('nothing is left', async () => (await relay.report()).signalling.connections === 0);
  });

  it('refuses a token that was good, after its end: for a new connection, for a resume, and for a refresh', async () => {
    const relay = await start({});
    const short = realToken(cleo, 2);
    const page = relay.dial({ token: short });
    const { sessionId, tokenExpiresInMs } = await page.until('session:ready');
    assert.ok(tokenExpiresInMs <= 2_000);
    const other = await relay.join(cleo);
    assert.equal((await page.until('session:ended')).code, 'token_expired');
    await eventually('the connection is closed', () => page.disconnected);
    assert.equal(await relay.refusal({ token: short }), 'token_expired');
    assert.equal(await relay.refusal({ token: short, sessionId }), 'token_expired');
    assert.equal(await other.refused('session:refresh', { token: short }), 'token_expired');
    assert.equal(other.disconnected, false, 'a refresh that fails leaves the session as it was');
    // The session ended with its token: its id is worth nothing any more, even with a good token.
    const back = await relay.join(cleo, sessionId);
    assert.equal((await back.until('session:ready')).resumed, false);
  });

  it('takes no session from somebody else, whatever id is sent', async () => {
    const relay = await start({});
    const page = await relay.join(cleo);
    const { sessionId } = await page.until('session:ready');
    for (const user of [commercial('eve'), admin('cleo')]) {
      const thief = await relay.join(user, sessionId);
      assert.equal((await thief.until('session:ready')).resumed, false);
    }
    assert.equal(page.disconnected, false);
  });

  it('refuses every bad token at a refresh too', async () => {
    const relay = await start({});
    const page = await relay.join(cleo);
    for (const [token, code] of [
      ['garbage', 'token_malformed'],
      [sign({}, 'another secret of 32 bytes or more'), 'token_signature_invalid'],
      [realToken(commercial('eve')), 'token_user_changed'],
      [realToken(admin('cleo')), 'token_user_changed'],
      ['x'.repeat(8_193), 'bad_request'],
    ]) {
      assert.equal(await page.refused('session:refresh', { token }), code);
    }
    assert.deepEqual((await page.request('session:refresh', { token: realToken(cleo) })).user, cleo);
  });
});

describe('tokens over real sockets, with a public key', () => {
  it('is not talked into taking the public key for a secret', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = String(publicKey.export({ type: 'spki', format: 'pem' }));
    const relay = await start({ JWT_SECRET: '', JWT_PUBLIC_KEY: pem });
    assert.equal(await relay.refusal({ token: sign({}, pem) }), 'token_algorithm_not_allowed');
    const good = jwt.sign({ ...claimsOf(cleo), exp: now() + 60 }, privateKey, { algorithm: 'RS256' });
    await relay.dial({ token: good }).until('session:ready');
  });
});

describe('tokens over real sockets, with a key set', () => {
  const make = (kid: string) => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
    const token = (id = 'cleo'): string =>
      jwt.sign({ ...claimsOf(commercial(id)), exp: now() + 60 }, privateKey, { algorithm: 'RS256', keyid: kid });
    return { jwk, token };
  };

  it('accepts its keys, refuses unknown ones, and goes on with known keys while the server is down', async () => {
    const [first, second] = [make('first'), make('second')];
    let keys: object[] | null = [first.jwk];
    const relay = await start({ JWT_SECRET: '', JWKS_URL: await startKeyServer(() => keys) });
    await relay.dial({ token: first.token() }).until('session:ready');
    assert.equal(await relay.refusal({ token: second.token() }), 'token_key_unknown');
    keys = null;
    await relay.dial({ token: first.token() }).until('session:ready');
  });

  it('says so when the keys cannot be had, and goes on serving', async () => {
    const relay = await start({ JWT_SECRET: '', JWKS_URL: await startKeyServer(() => null) });
    assert.equal(await relay.refusal({ token: make('first').token() }), 'token_keys_unavailable');
    assert.equal((await fetch(`${relay.url}/health`)).status, 200);
    assert.deepEqual(relay.errors, []);
  });

  it('lets only so many wait for a slow key server, and says so to the others at once', async () => {
    const first = make('first');
    const env = { JWT_SECRET: '', JWKS_URL: await startKeyServer(() => [first.jwk], 500), PENDING_HANDSHAKES: '2' };
    const relay = await start(env);
    const waiting = ['a', 'b'].map((id) => relay.dial({ token: first.token(id) }));
    await eventually('both wait', async () => (await relay.report()).signalling.connections === 2);
    assert.equal(await relay.refusal({ token: first.token('c') }), 'rate_limited');
    for (const page of waiting) await page.until('session:ready');
    await relay.dial({ token: first.token('c') }).until('session:ready');
  });
});
