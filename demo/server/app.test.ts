import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import jwt from 'jsonwebtoken';
import { encode } from 'uqr';
import { createDemoApp } from './app.ts';
import { type Listening, listen } from './listen.ts';

const secret = 'a secret of this test, long enough';

describe('the demo’s web server', () => {
  let servers: Listening;
  let url: string;

  before(async () => {
    const app = createDemoApp({
      tokens: { secret, issuer: 'demo', audience: 'relay', lifetimeS: 600 },
      cookieSecret: Buffer.from('another secret'),
      relayPorts: () => ({ http: 8080, https: null }),
      caFile: fileURLToPath(import.meta.url),
      phoneUrls: () => ['https://192.0.2.7:3443'],
      devReloadUrl: 'http://localhost:3999',
    });
    servers = await listen(app, { host: '127.0.0.1', httpPort: 0, https: null });
    url = `http://localhost:${servers.httpPort}`;
  });
  after(() => servers.close());

  /** Opens a person's page and gives back the cookie that it set. */
  async function signIn(path: string): Promise<string> {
    const response = await fetch(url + path);
    return response.headers.get('set-cookie') ?? '';
  }

  test('a commercial’s page holds a token with the claims that the relay needs, for ten minutes', async () => {
    const page = await (await fetch(`${url}/as/lea-martin/prospection`)).text();
    const token = /<prospect-stream-button token="([^"]+)"><\/prospect-stream-button>/.exec(page)?.[1] ?? '';
    const claims = jwt.verify(token, secret, { algorithms: ['HS256'], issuer: 'demo', audience: 'relay' });
    assert.ok(typeof claims === 'object');
    const { sub, role, name, equipe, exp = 0, iat = 0 } = claims;
    assert.deepEqual([sub, role, name, equipe], ['lea-martin', 'commercial', 'Léa Martin', 'Lyon Est']);
    assert.equal(exp - iat, 600);
    assert.ok(page.includes('<script type="module" src="http://localhost:8080/widgets/prospect-live.js">'));
  });

  test('an admin’s page and token name the teams', async () => {
    const cookie = await signIn('/as/nadia-roux/suivi');
    const response = await fetch(`${url}/as/nadia-roux/api/token`, { headers: { cookie: cookie.split(';')[0] ?? '' } });
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const { token } = (await response.json()) as { token: string };
    const claims = jwt.decode(token, { json: true });
    assert.deepEqual([claims?.role, claims?.equipes], ['admin', ['Lyon Est', 'Lyon Ouest', 'Villeurbanne']]);
  });

  test('tokens are given to nobody without a login, and to nobody with another’s or a forged one', async () => {
    const cookie = (await signIn('/as/lea-martin/prospection')).split(';')[0] ?? '';
    const attempts: [string, string][] = [
      ['lea-martin', ''],
      ['lea-martin', 'demo_session=lea-martin'],
      ['lea-martin', 'demo_session=lea-martin.AAAA'],
      ['lea-martin', `${cookie}x`],
      ['karim-benali', cookie],
      ['karim-benali', cookie.replace('lea-martin', 'karim-benali')],
      ['nobody', cookie],
    ];
    for (const [person, value] of attempts) {
      const response = await fetch(`${url}/as/${person}/api/token`, { headers: { cookie: value } });
      assert.equal(response.status, 401, `${person} with ${value}`);
    }
    assert.equal((await fetch(`${url}/as/lea-martin/api/token`, { headers: { cookie } })).status, 200);
  });

  test('the session cookie is the person’s own: two tabs can be two people', async () => {
    const cookie = await signIn('/as/lea-martin/prospection');
    assert.match(cookie, /Path=\/as\/lea-martin; HttpOnly; SameSite=Lax/);
  });

  test('nobody opens a page of another role', async () => {
    for (const path of [
      '/as/lea-martin/suivi',
      '/as/sophie-bernard/prospection',
      '/as/nobody/suivi',
      '/as/lea-martin',
    ]) {
      assert.equal((await fetch(url + path)).status, 404, path);
    }
  });

  test('the policy lets in the relay and the reload server, and nothing inline', async () => {
    const policy = (await fetch(url)).headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'; script-src 'self' http:\/\/localhost:8080 http:\/\/localhost:3999;/);
    assert.match(policy, /connect-src 'self' http:\/\/localhost:8080 ws:\/\/localhost:8080 http:\/\/localhost:3999;/);
    assert.ok(!policy.includes('unsafe'));
  });

  test('a visit’s result is checked and kept', async () => {
    const cookie = (await signIn('/as/hugo-moreau/prospection')).split(';')[0] ?? '';
    const put = (number: string, body: string, by = cookie) =>
      fetch(`${url}/as/hugo-moreau/api/portes/${number}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', cookie: by },
        body,
      });
    const good = await put('10', '{"state":"signed"}');
    assert.equal(good.status, 200);
    const { door } = (await good.json()) as { door: { state: string; visitedAt: string } };
    assert.equal(door.state, 'signed');
    assert.match(door.visitedAt, /^\d\d:\d\d$/);
    for (const [number, body] of [
      ['99', '{"state":"signed"}'],
      ['x', '{"state":"signed"}'],
      ['1', '{"state":"toString"}'],
      ['1', '{}'],
      ['1', 'null'],
      ['1', '{'],
      ['1', ''],
    ] as const) {
      assert.equal((await put(number, body)).status, 400, `${number} ${body}`);
    }
    assert.equal((await put('1', '{"state":"signed"}', '')).status, 401);
    assert.equal((await put('1', JSON.stringify({ state: 'x'.repeat(5000) }))).status, 413);
  });

  test('the certificate can be downloaded; the phone’s address is shown', async () => {
    const response = await fetch(`${url}/certs/dev-ca.pem`);
    assert.equal(response.headers.get('content-type'), 'application/x-x509-ca-cert');
    assert.ok((await (await fetch(url)).text()).includes('https://192.0.2.7:3443'));
  });

  test('the pages speak the browser’s language, French or English, and say which', async () => {
    const open = async (path: string, language: string) => {
      const response = await fetch(url + path, { headers: { 'accept-language': language } });
      const text = await response.text();
      return [
        /<html lang="(\w+)">/.exec(text)?.[1],
        /<h1>([^<]+)<\/h1>/.exec(text)?.[1],
        response.headers.get('content-language'),
        response.headers.get('vary')?.includes('Accept-Language'),
      ];
    };
    for (const [path, french, english] of [
      ['/as/lea-martin/prospection', 'Prospection - portes', 'Doors of today'],
      ['/as/nadia-roux/suivi', 'Suivi', 'Team'],
      ['/nowhere', 'Page introuvable', 'Page not found'],
      ['/', 'Prospect Live', 'Prospect Live'],
    ] as const) {
      for (const language of ['fr', 'fr-CA,en;q=0.5', 'de,fr;q=0.3', '*'])
        assert.deepEqual(await open(path, language), ['fr', french, 'fr', true], `${path} ${language}`);
      for (const language of ['en-GB', 'en;q=0.9,fr;q=0.8', 'de', 'ar,en;q=0.1'])
        assert.deepEqual(await open(path, language), ['en', english, 'en', true], `${path} ${language}`);
    }
    const french = await (
      await fetch(`${url}/as/lea-martin/prospection`, { headers: { 'accept-language': 'en' } })
    ).text();
    assert.ok(!/Mes portes|Visitées|À visiter/.test(french));
  });

  test('a QR code leads a phone to the address that it can reach; without one there is none', async () => {
    const page = await (await fetch(url)).text();
    assert.match(page, /<div class="qr" role="img" aria-label="Code QR de https:\/\/192\.0\.2\.7:3443"><svg /);
    // The picture is that of this address and of no other.
    const drawn = /<path fill="black" d="([^"]+)"/.exec(page)?.[1] ?? '';
    const dark = new Set(
      drawn
        .split('M')
        .slice(1)
        .map((square) => square.split('h')[0]),
    );
    const { data, size } = encode('https://192.0.2.7:3443', { border: 2 });
    assert.ok(size >= 25);
    const wanted = data.flatMap((row, y) => row.flatMap((is, x) => (is ? [`${x * 10},${y * 10}`] : [])));
    assert.deepEqual([...dark].sort(), wanted.sort());
    const alone = createDemoApp({
      tokens: { secret, issuer: 'demo', audience: 'relay', lifetimeS: 600 },
      cookieSecret: Buffer.from('another secret'),
      relayPorts: () => ({ http: 8080, https: null }),
      caFile: fileURLToPath(import.meta.url),
      phoneUrls: () => [],
      devReloadUrl: null,
    });
    const other = await listen(alone, { host: '127.0.0.1', httpPort: 0, https: null });
    try {
      assert.ok(!(await (await fetch(`http://localhost:${other.httpPort}`)).text()).includes('class="qr"'));
    } finally {
      await other.close();
    }
  });
});
