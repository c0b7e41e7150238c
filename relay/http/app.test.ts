import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, describe, it } from 'node:test';
import type { Environment } from '../config.ts';
import { createLogger } from '../logger.ts';
import { Measures } from '../measures/measures.ts';
import type { AppParts } from './app.ts';
import { ask } from './testing/http-client.ts';
import { type Changes, CLUSTER_ENV, CLUSTER_SOURCES, type RunningApp, runApp, SOURCES } from './testing/running-app.ts';

const running: RunningApp[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

async function start(env: Environment = {}, changes: Changes = {}): Promise<string> {
  const app = await runApp(env, changes);
  running.push(app);
  return app.url;
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const PAGE = 'https://app.example.com';

describe('health', () => {
  it('answers exactly {"status":"ok"}, also while starting or draining', async () => {
    const url = await start({}, { readiness: () => ['draining'], sources: () => null });
    for (const path of ['/health', '/health/live']) {
      const answer = await ask(url + path);
      assert.equal(answer.status, 200);
      assert.equal(answer.text, '{"status":"ok"}');
      assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
      assert.equal(answer.headers['cache-control'], 'no-store');
    }
  });

  it('is ready, or says why not', async () => {
    let reasons: ReturnType<AppParts['readiness']> = [];
    const url = await start({}, { readiness: () => reasons });
    assert.deepEqual((await ask(`${url}/health/ready`)).json(), { status: 'ready' });
    for (const reason of ['starting', 'draining', 'media_unavailable', 'storage_unavailable'] as const) {
      reasons = [reason];
      const answer = await ask(`${url}/health/ready`);
      assert.equal(answer.status, 503);
      assert.deepEqual(answer.json(), { status: 'not_ready', reasons: [reason] });
    }
  });
});

describe('status', () => {
  const PATH = '/api/streaming/status';
  const COUNTS = { active_commercials: 1, total_listeners: 1 };

  it('gives counts to everybody, and no names', async () => {
    const url = await start();
    assert.deepEqual((await ask(url + PATH)).json(), COUNTS);
    assert.deepEqual((await ask(url + PATH, bearer('commercial'))).json(), COUNTS);
  });

  it('gives an admin the own teams in detail', async () => {
    const url = await start();
    assert.deepEqual((await ask(url + PATH, bearer('admin-nord'))).json(), {
      ...COUNTS,
      commercials: [
        {
          commercial_id: 'c-1',
          name: 'Anna',
          equipe: 'nord',
          status: 'live',
          live_for_ms: 61_000,
          listeners_count: 1,
          listeners: [{ admin_id: 'a-1', name: 'Bruno' }],
        },
      ],
    });
    assert.deepEqual((await ask(url + PATH, bearer('admin-none'))).json(), { ...COUNTS, commercials: [] });
  });

  it('has exactly the fields that the documentation names', async () => {
    const url = await start();
    const inside = (value: unknown, path: string): string[] => {
      if (Array.isArray(value)) return value.flatMap((one) => inside(one, `${path}[]`));
      if (typeof value !== 'object' || value === null) return [];
      const names = path === '' ? '' : `${path}.`;
      return Object.entries(value).flatMap(([name, one]) => [names + name, ...inside(one, names + name)]);
    };
    const docs = readFileSync(new URL('../../docs/api-relay.md', import.meta.url), 'utf8');
    const section = docs.split('### Fields of the status\n')[1]?.split('\n### ')[0] ?? '';
    const documented = [...section.matchAll(/^\| `([\w.[\]]+)` \|/gm)].map(([, name]) => name);
    const inCluster = await start({}, { sources: () => CLUSTER_SOURCES });
    const whole: unknown = (await ask(inCluster + PATH, bearer('admin-nord'))).json();
    assert.deepEqual([...new Set(inside(whole, ''))].sort(), documented.toSorted());
    const nodesOnly = /^(?:complete|nodes)\b/;
    const detail: unknown = (await ask(url + PATH, bearer('admin-nord'))).json();
    assert.deepEqual(inside(detail, '').sort(), documented.filter((name) => name && !nodesOnly.test(name)).sort());
    const counts: unknown = (await ask(url + PATH)).json();
    assert.deepEqual(inside(counts, ''), documented.slice(0, 2));
  });

  it('refuses a bad token with its code instead of the public answer', async () => {
    const url = await start();
    const answer = await ask(url + PATH, bearer('wrong'));
    assert.equal(answer.status, 401);
    assert.equal(answer.headers['www-authenticate'], 'Bearer error="invalid_token"');
    assert.deepEqual(answer.json(), {
      error: { code: 'token_signature_invalid', message: 'The signature does not match.' },
    });
    const basic = await ask(url + PATH, { headers: { authorization: 'Basic YTpi' } });
    assert.equal(basic.status, 401);
    assert.match(basic.text, /token_malformed/);
    assert.equal((await ask(url + PATH, bearer('no-keys'))).status, 503);
  });

  it('reads no token from the query', async () => {
    const url = await start();
    assert.deepEqual((await ask(url, { path: `${PATH}?token=admin-nord&access_token=admin-nord` })).json(), COUNTS);
  });

  it('says that the relay is starting', async () => {
    const url = await start({}, { sources: () => null });
    const answer = await ask(url + PATH);
    assert.equal(answer.status, 503);
    assert.match(answer.text, /"starting"/);
  });
});

describe('metrics', () => {
  it('has a gauge for everything that could leak, and the process', async () => {
    const url = await start();
    const answer = await ask(`${url}/metrics`);
    assert.match(answer.headers['content-type'] ?? '', /^text\/plain; version=0\.0\.4/);
    const expected = {
      streams: 1,
      listeners: 1,
      hearings_due: 1,
      sessions: 3,
      connections: 7,
      workers: 2,
      transports: 5,
      producers: 1,
      consumers: 4,
    };
    for (const [name, value] of Object.entries(expected)) {
      assert.match(answer.text, new RegExp(`^prospect_relay_${name} ${value}$`, 'm'));
    }
    assert.match(answer.text, /^process_resident_memory_bytes \d+/m);
    assert.match(answer.text, /^nodejs_eventloop_lag_seconds /m);
    assert.doesNotMatch(answer.text, /Anna|c-1|nord/);
  });

  it('counts requests by route, so that paths make no endless labels', async () => {
    const url = await start();
    await Promise.all(
      ['/health', '/health', '/no/such/1', '/no/such/2', '/widgets/a.js', '/HEALTH/live', '/health/LIVE/'].map((path) =>
        ask(url + path),
      ),
    );
    await ask(`${url}/health`, { method: 'PROPFIND' });
    const { text } = await ask(`${url}/metrics`);
    assert.match(text, /requests_total\{method="GET",route="\/health",status="200"\} 2/);
    assert.match(text, /requests_total\{method="GET",route="unmatched",status="404"\} 2/);
    assert.match(text, /requests_total\{method="GET",route="\/widgets\/\*path",status="404"\} 1/);
    assert.match(text, /requests_total\{method="GET",route="\/health\/live",status="200"\} 2/);
    assert.match(text, /requests_total\{method="OTHER",route="unmatched",status="404"\} 1/);
    assert.doesNotMatch(text, /such|PROPFIND|LIVE|HEALTH/);
  });

  it('has exactly the metrics and labels that the documentation names', async () => {
    const url = await start(CLUSTER_ENV, { sources: () => CLUSTER_SOURCES });
    await ask(`${url}/health`);
    const { text } = await ask(`${url}/metrics`);
    const shown = new Map<string, Set<string>>();
    for (const [, name = ''] of text.matchAll(/^# TYPE (prospect_relay_\w+) /gm)) shown.set(name, new Set());
    for (const [, name = '', labels = ''] of text.matchAll(/^(prospect_relay_\w+)\{(.*)\} /gm)) {
      // A histogram's own label and names are Prometheus' matter.
      const metric = shown.get(name) ?? shown.get(name.replace(/_(?:bucket|sum|count)$/, ''));
      for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) if (label !== 'le') metric?.add(label);
    }
    const docs = readFileSync(new URL('../../docs/api-relay.md', import.meta.url), 'utf8');
    const rows = docs.matchAll(/^\| `(prospect_relay_\w+)` \| \w+ \| ([^|]*) \|/gm);
    const documented = new Map([...rows].map(([, name = '', labels = '']) => [name, labels.match(/\w+/g) ?? []]));
    assert.deepEqual([...shown.keys()].sort(), [...documented.keys()].sort());
    for (const [name, labels] of shown)
      assert.deepEqual([...labels].sort(), [...(documented.get(name) ?? [])].sort(), name);
    const others = [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name);
    assert.deepEqual(
      others.filter((name) => !/^(?:prospect_relay|process|nodejs)_/.test(name)),
      [],
    );
  });

  it('looks at the event loop five times a second, no more: each look wakes an idle relay', async () => {
    const url = await start();
    const shortest = async () => {
      const { text } = await ask(`${url}/metrics`);
      return Number(/^nodejs_eventloop_lag_min_seconds (\S+)$/m.exec(text)?.[1]);
    };
    // Until there is a first look, the histogram has its start value, which is no time that anybody measured.
    const none = await shortest();
    let measured = none;
    while (measured === none) {
      // A scrape starts anew, and an interval needs two looks.
      await new Promise((done) => setTimeout(done, 500));
      measured = await shortest();
    }
    assert.ok(measured > 0.15, `${measured} s between two looks`);
  });

  it('can be kept for whoever has the token', async () => {
    const url = await start({ METRICS_TOKEN: 'the-metrics-token' });
    assert.equal((await ask(`${url}/metrics`)).status, 401);
    assert.equal((await ask(`${url}/metrics`, bearer('another'))).status, 401);
    assert.equal((await ask(`${url}/metrics`, bearer('the-metrics-token'))).status, 200);
  });

  it('has loss, jitter and round trip over all, and no value of nobody', async () => {
    const url = await start();
    const { text } = await ask(`${url}/metrics`);
    for (const line of [
      'packet_loss_ratio{direction="publish",quantile="0.5"} 0.02',
      'packet_loss_ratio{direction="publish",quantile="0.95"} 0.5',
      'jitter_seconds{direction="publish",quantile="0.5"} 0.012',
      'round_trip_seconds{direction="listen",quantile="0.95"} 0.04',
      'draining 0',
      'connected_without_media 0',
    ])
      assert.ok(text.includes(`prospect_relay_${line}\n`), line);
    assert.doesNotMatch(text, /round_trip_seconds\{direction="publish"/);
  });

  it('has what people feel, as it was told', async () => {
    const measures = new Measures();
    measures.firstPacket('first', 120);
    measures.refused('handshake', 'token_expired');
    const { text } = await ask(`${await start({}, { measures })}/metrics`);
    assert.match(text, /^prospect_relay_first_packet_seconds_count\{cause="first"\} 1$/m);
    assert.match(text, /^prospect_relay_refusals_total\{at="handshake",code="token_expired"\} 1$/m);
  });

  it('are at a port of their own, and at those of the pages only when asked for', async () => {
    const pages = await start({ METRICS_PUBLIC: '' });
    const own = await start({ METRICS_PUBLIC: '', METRICS_TOKEN: 'the-metrics-token' }, { metricsPort: true });
    assert.equal((await ask(`${pages}/metrics`)).status, 404);
    assert.equal((await ask(`${own}/metrics`)).status, 401, 'the token is asked for here too');
    const answer = await ask(`${own}/metrics`, bearer('the-metrics-token'));
    assert.equal(answer.status, 200);
    assert.match(answer.text, /^prospect_relay_streams 1$/m);
    for (const path of ['/health', '/api/streaming/status', '/widgets/x.js', '/'])
      assert.equal((await ask(own + path, bearer('the-metrics-token'))).status, 404, path);
    const ofPage = await ask(`${own}/metrics`, {
      headers: { ...bearer('the-metrics-token').headers, origin: PAGE },
    });
    assert.equal(ofPage.headers['access-control-allow-origin'], undefined, 'no page may read them');
  });

  it('works while starting', async () => {
    const url = await start({}, { sources: () => null });
    assert.match((await ask(`${url}/metrics`)).text, /^prospect_relay_workers 0$/m);
  });
});

describe('origins', () => {
  it('lets listed pages read, and refuses others in words', async () => {
    const url = await start({ ALLOWED_ORIGINS: `${PAGE},https://admin.example.com` });
    const good = await ask(`${url}/health`, { headers: { origin: PAGE } });
    assert.equal(good.headers['access-control-allow-origin'], PAGE);
    assert.match(good.headers.vary ?? '', /Origin/);
    for (const origin of [
      'https://evil.example',
      'null',
      `${PAGE}.evil.example`,
      `${PAGE}:444`,
      'http://app.example.com',
    ]) {
      const bad = await ask(`${url}/api/streaming/status`, { headers: { origin } });
      assert.equal(bad.status, 403, origin);
      assert.match(bad.text, /"origin_not_allowed"/);
      assert.equal(bad.headers['access-control-allow-origin'], undefined);
    }
    assert.equal((await ask(`${url}/health`)).status, 200, 'without an origin it is no page');
  });

  it('answers the preflight of a request with a token', async () => {
    const url = await start({ ALLOWED_ORIGINS: PAGE });
    const headers = {
      origin: PAGE,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    };
    const answer = await ask(`${url}/api/streaming/status`, { method: 'OPTIONS', headers });
    assert.equal(answer.status, 204);
    assert.equal(answer.headers['access-control-allow-headers'], 'Authorization');
    assert.equal(answer.headers['access-control-allow-methods'], 'GET,HEAD');
    assert.equal(answer.headers['access-control-allow-credentials'], undefined);
  });

  it('lets every page read with *', async () => {
    const url = await start();
    const answer = await ask(`${url}/health`, { headers: { origin: 'https://any.example' } });
    assert.equal(answer.headers['access-control-allow-origin'], '*');
  });
});

describe('every answer', () => {
  it('has security headers and does not say what it runs on', async () => {
    const url = await start();
    for (const path of ['/health', '/no-such', '/widgets/x.js', '/metrics']) {
      const { headers } = await ask(url + path);
      assert.equal(headers['content-security-policy'], "default-src 'none';frame-ancestors 'none'");
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['x-powered-by'], undefined);
      assert.equal(
        headers['strict-transport-security'],
        undefined,
        'a browser would apply it to every port of the host',
      );
    }
  });

  it('asks for https only when told to (RFC 6797)', async () => {
    const { headers } = await ask(`${await start({ HSTS_MAX_AGE: '365d' })}/health`);
    assert.equal(headers['strict-transport-security'], 'max-age=31536000');
  });

  it('lets pages below a name in with a wildcard, and tells each its own origin', async () => {
    const url = await start({ ALLOWED_ORIGINS: 'https://*.example.com' });
    const from = (origin: string) => ask(`${url}/health`, { headers: { origin } });
    const answer = await from('https://a.example.com');
    assert.equal(answer.headers['access-control-allow-origin'], 'https://a.example.com');
    assert.equal((await from('https://example.com.evil.example')).status, 403);
  });

  it('counts down to the end of the certificate in the metrics, and has no value without one', async () => {
    const metrics = async (certificateExpiry: () => number | null) =>
      (await ask(`${await start({}, { certificateExpiry })}/metrics`)).text;
    assert.match(await metrics(() => 1_893_456_000_000), /^prospect_relay_certificate_expiry_seconds 1893456000$/m);
    assert.doesNotMatch(await metrics(() => null), /^prospect_relay_certificate_expiry_seconds /m);
  });

  it('is JSON with a code when there is nothing', async () => {
    const url = await start();
    for (const method of ['GET', 'POST', 'DELETE']) {
      const answer = await ask(`${url}/no-such`, { method });
      assert.equal(answer.status, 404);
      assert.deepEqual(answer.json(), { error: { code: 'not_found', message: 'There is nothing at /no-such.' } });
    }
    assert.equal((await ask(`${url}/health`, { method: 'POST' })).status, 404);
  });

  it('is a 400 for a path that cannot be read', async () => {
    const url = await start();
    const answer = await ask(url, { path: '/widgets/%E0%A4%A' });
    assert.equal(answer.status, 400);
    assert.match(answer.text, /"bad_request"/);
  });

  it('hides what went wrong inside, and logs it', async () => {
    const lines: string[] = [];
    const logger = createLogger('info', { destination: { write: (line) => void lines.push(line) } });
    const url = await start({}, { logger });
    const answer = await ask(`${url}/api/streaming/status`, bearer('breaks'));
    assert.equal(answer.status, 500);
    assert.deepEqual(answer.json(), {
      error: { code: 'internal', message: 'The relay failed; its log has the cause.' },
    });
    assert.match(lines.join(''), /a detail that nobody outside should read/);
    assert.doesNotMatch(lines.join(''), /Bearer/);
  });

  it('comes when a source fails too', async () => {
    const status = { ...SOURCES.status, activeStreams: () => assert.fail('broken') };
    const url = await start({}, { sources: () => ({ ...SOURCES, status }) });
    assert.equal((await ask(`${url}/api/streaming/status`)).status, 500);
    assert.equal((await ask(`${url}/metrics`)).status, 500);
    assert.equal((await ask(`${url}/health`)).status, 200);
  });
});
