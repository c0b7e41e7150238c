/** The hosts' part of the demonstration's server: who gets what, the map, the positions, the policies. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createDemoApp } from '../../server/app.ts';
import { type Listening, listen } from '../../server/listen.ts';
import { COMMERCIALS } from '../../server/people.ts';
import { drawCity, SECTORS } from './city.ts';
import { metresBetween, Plan } from './geometry.ts';
import { PositionBook } from './positions.ts';

describe('the map', () => {
  test('a plan turns places into metres and back', () => {
    const plan = new Plan([45.75, 4.85], 30);
    const place = plan.at(1200, -700);
    const [x, y] = plan.of(place);
    assert.ok(Math.hypot(x - 1200, y + 700) < 1);
    assert.ok(Math.abs(metresBetween([45.75, 4.85], place) - Math.hypot(1200, 700)) < 5);
  });

  test('is GeoJSON: closed rings, places in and around Lyon, a name for every area', () => {
    const { type, features } = drawCity();
    assert.equal(type, 'FeatureCollection');
    const kinds = new Set(features.map(({ properties }) => properties.kind));
    assert.deepEqual([...kinds].sort(), ['avenue', 'park', 'sector', 'street', 'water']);
    for (const { geometry, properties } of features) {
      const line = geometry.type === 'Polygon' ? (geometry.coordinates[0] ?? []) : geometry.coordinates;
      assert.ok(line.length >= 2);
      for (const [lng, lat] of line) assert.ok(lng > 4.6 && lng < 5.1 && lat > 45.6 && lat < 45.9, `${lng} ${lat}`);
      if (geometry.type === 'Polygon') {
        assert.deepEqual(line[0], line.at(-1));
        assert.ok(properties.name);
      }
    }
  });

  test('everybody walks in their own sector, at a walk', () => {
    const book = new PositionBook();
    const [before, later] = [book.of(COMMERCIALS, 1_000_000), book.of(COMMERCIALS, 1_010_000)];
    for (const [index, { sector }] of COMMERCIALS.entries()) {
      const { plan, x, y } = SECTORS.find(({ name }) => name === sector) ?? assert.fail(sector);
      const [from, to] = [before[index] ?? assert.fail(), later[index] ?? assert.fail()];
      assert.ok(metresBetween(plan.at(x, y), [from.lat, from.lng]) < 500);
      const walked = metresBetween([from.lat, from.lng], [to.lat, to.lng]);
      assert.ok(walked > 1 && walked < 8, `${walked} m in 10 s`);
    }
  });

  test('a reported position counts for a minute; what is no place is refused', () => {
    const book = new PositionBook();
    const [lea = assert.fail()] = COMMERCIALS;
    assert.ok(book.report(lea.id, 45.7, 4.8, 1000));
    const sourceAt = (now: number) => book.of([lea], now)[0]?.source;
    assert.deepEqual([sourceAt(2000), sourceAt(60_000), sourceAt(62_000)], ['gps', 'gps', 'demo']);
    for (const [lat, lng] of [
      [91, 0],
      [0, 181],
      [Number.NaN, 4],
      ['45', 4],
      [undefined, null],
    ]) {
      assert.ok(!book.report(lea.id, lat, lng));
    }
  });
});

describe('the hosts’ pages and interface', () => {
  let servers: Listening;
  let url: string;

  before(async () => {
    const app = createDemoApp({
      tokens: { secret: 'a secret of this test, long enough', issuer: 'demo', audience: 'relay', lifetimeS: 600 },
      cookieSecret: Buffer.from('another secret'),
      relayPorts: () => ({ http: 8080, https: null }),
      caFile: null,
      phoneUrls: () => [],
      devReloadUrl: null,
    });
    servers = await listen(app, { host: '127.0.0.1', httpPort: 0, https: null });
    url = `http://localhost:${servers.httpPort}`;
  });
  after(() => servers.close());

  async function signIn(id: string): Promise<{ cookie: string }> {
    const response = await fetch(`${url}/as/${id}/plain`);
    return { cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' };
  }

  test('nobody without a login gets a session, doors, a team or positions, and nobody another’s', async () => {
    const headers = await signIn('lea-martin');
    for (const path of ['session', 'portes', 'equipe', 'positions']) {
      assert.equal((await fetch(`${url}/as/lea-martin/api/${path}`)).status, 401, path);
      assert.equal((await fetch(`${url}/as/sophie-bernard/api/${path}`, { headers })).status, 401, path);
    }
    for (const path of ['equipe', 'positions']) {
      assert.equal((await fetch(`${url}/as/lea-martin/api/${path}`, { headers })).status, 403, path);
    }
    const session = await fetch(`${url}/as/lea-martin/api/session`, { headers });
    const { person, relayUrl, token } = (await session.json()) as Record<string, unknown>;
    assert.deepEqual([Reflect.get(Object(person), 'id'), relayUrl, typeof token], ['lea-martin', null, 'string']);
  });

  test('an admin’s positions are those of the own teams, again and again', async () => {
    const headers = await signIn('marc-dubois');
    const controller = new AbortController();
    const response = await fetch(`${url}/as/marc-dubois/api/positions`, { headers, signal: controller.signal });
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader() ?? assert.fail();
    let text = '';
    while (text.split('\n\n').length < 3) text += (await reader.read()).value ?? assert.fail('the stream ended');
    controller.abort();
    const ids = JSON.parse(/data: (.*)/.exec(text)?.[1] ?? '').map(({ id }: { id: string }) => id);
    assert.deepEqual(ids, ['hugo-moreau', 'ines-laurent']);
  });

  test('a commercial reports the own position only, and only a place', async () => {
    const headers = { ...(await signIn('hugo-moreau')), 'content-type': 'application/json' };
    const put = (id: string, body: string) => fetch(`${url}/as/${id}/api/position`, { method: 'PUT', headers, body });
    assert.equal((await put('hugo-moreau', '{"lat":45.7,"lng":4.8}')).status, 204);
    assert.equal((await put('hugo-moreau', '{"lat":"x"}')).status, 400);
    assert.equal((await put('hugo-moreau', 'null')).status, 400);
    assert.equal((await put('ines-laurent', '{"lat":45.7,"lng":4.8}')).status, 401);
  });

  test('pages without a build are filled and escaped, and have the exact policy', async () => {
    const response = await fetch(`${url}/as/lea-martin/csp`);
    const html = await response.text();
    assert.match(html, /<prospect-stream-button token="[\w.-]+" relay-url="http:\/\/localhost:8080">/);
    assert.doesNotMatch(html, /\{\{|<script(?![^>]*src=)|style=/);
    assert.equal(
      response.headers.get('content-security-policy'),
      "default-src 'none'; script-src 'self' http://localhost:8080; connect-src 'self' http://localhost:8080 ws://localhost:8080; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    assert.equal((await fetch(`${url}/as/nobody/csp`)).status, 404);
  });

  test('the frame is of the other name of this computer, and lets only that one frame it', async () => {
    const outer = await fetch(`${url}/hosts/frame/lea-martin?allow=${encodeURIComponent('"><script>')}`);
    const other = url.replace('localhost', '127.0.0.1');
    const html = await outer.text();
    assert.ok(html.includes(`src="${other}/as/lea-martin/framed"`));
    assert.ok(!html.includes('"><script>'));
    assert.match(outer.headers.get('permissions-policy') ?? '', new RegExp(`microphone=\\(self "${other}"\\)`));
    const framed = await fetch(`${other}/as/lea-martin/framed`);
    assert.ok(framed.headers.get('content-security-policy')?.endsWith(`frame-ancestors ${url}`));
  });
});
