import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLUSTER_ENV, CLUSTER_SOURCES, runApp } from '../../relay/http/testing/running-app.ts';
import { metricsSection } from './metrics-section.mjs';
import { code, table } from './tables.mjs';

/** What each route is for. The routes themselves are read from the application: one that is missing here stops the generator. */
const MEANINGS = {
  '/health': 'Exactly `{"status":"ok"}` while the process answers. For people, and for older monitoring.',
  '/health/live': 'The same, for orchestrators: restart the relay when it fails.',
  '/health/ready':
    'Whether to send new pages here. 503 with the reasons (`starting`, `draining`, `media_unavailable`, `storage_unavailable`) when not.',
  '/api/streaming/status':
    'How many commercials stream and how many admins listen, in a [cluster](cluster.md) at all nodes. With an admin’s token (`Authorization: Bearer …`) also who, in the admin’s teams.',
  '/api/audit':
    'Of the [audit trail](audit.md#over-http) in `AUDIT_DIR`, what concerns whoever asks: with a commercial’s token who heard them; with an admin’s what they did; with a token of the role `auditor` what was in the teams that it names.',
  '/api/policy':
    'What the [policy](policy.md) says for the teams of the token, in words for people: `{ policy, lang, teams: [{ equipe, purposes: [{ id, label }], sections: [{ id, title, lines }] }] }`. `?lang=fr` or `en`, else as `Accept-Language` asks; `policy` is the SHA-256 of its file, null without one. Ids of protected people stand there for the role `auditor` alone.',
  '/metrics':
    'Counts for Prometheus, never a name. At `METRICS_PORT`, which only this machine reaches by default; here only with `METRICS_PUBLIC=on`. Needs `Authorization: Bearer` with `METRICS_TOKEN` when that is set.',
  'POST /admin/drain':
    'Stops the relay as `SIGTERM` does: in a cluster its pages go over to other relays first ([how](cluster.md#drain-and-rolling-upgrade)). Needs `METRICS_TOKEN` to be set, and `Authorization: Bearer` with it; of calls without it 10 are answered at once, then one a second (429 `rate_limited`). Another call changes nothing, and says how far it is.',
  '/widgets/*path':
    'The widgets: `/widgets/FILE` is always the newest, `/widgets/VERSION/FILE` never changes, nor does a file of `/widgets/cdn/` whose name holds its hash ([from a CDN](cdn.md)). Files: `prospect-live.js` (both elements), `prospect-stream-button.js`, `prospect-listen-panel.js`, their source maps, and the licences of what they contain.',
  '/doctor':
    'The page with which a person finds out why there is no sound on this device ([what it tries](doctor.md#on-the-phone-the-page-doctor)).',
  '/doctor/facts':
    'What only the relay can tell that page: `version`, and `certificate_days_left`, which is null without a certificate of its own.',
};

const ORIGIN = 'https://app.example.com';
const ENV = { NODE_ENV: 'production', ANNOUNCED_ADDRESS: '203.0.113.7', ALLOWED_ORIGINS: ORIGIN };
const ADMIN = { authorization: 'Bearer admin-nord' };

/** What each field of the status is; `complete` and `nodes` only in a cluster; `commercials` and all below only with an admin's token. A test holds the names against real answers. */
const STATUS_FIELDS = {
  active_commercials: 'How many streams have started and not ended: live, paused or interrupted.',
  total_listeners:
    'How many admins have selected a commercial (hearing or waiting), and have a page that is connected or media that flows.',
  complete:
    'In a cluster: false when commercials or listeners may be missing, because the message server is away or a node did not answer within 2 seconds.',
  nodes:
    'In a cluster: this node and those that it knows to live, a list. Figures of the others are as they said last, at most some seconds ago.',
  'nodes[].id': 'The node’s `NODE_ID`.',
  'nodes[].active_commercials': 'Streams of pages that are connected there.',
  'nodes[].total_listeners': 'Listening admins whose pages are connected there.',
  'nodes[].draining': 'It is stopping, and takes nobody new.',
  commercials:
    'With an admin’s token: those of the admin’s teams who are connected or stream, at whatever node, a list.',
  'commercials[].commercial_id': 'The token’s `sub`.',
  'commercials[].name': 'The token’s `name`.',
  'commercials[].equipe': 'The commercial’s team.',
  'commercials[].status':
    '`ready` (connected, no stream), `live`, `paused` or `interrupted`, as in the [roster](#shape-rosterentry).',
  'commercials[].live_for_ms': 'Milliseconds since the stream began, or null without a stream.',
  'commercials[].listeners_count': 'How many listen or wait.',
  'commercials[].listeners':
    'The admins who have selected this commercial, at whatever node, a list; in a cluster at most 1,000 names of each commercial.',
  'commercials[].listeners[].admin_id': 'The token’s `sub`.',
  'commercials[].listeners[].name': 'The token’s `name`.',
};

/** Requests that are really sent to the relay's application; what it answers is what the page shows. */
const EXAMPLES = [
  { path: '/health' },
  { path: '/health/ready' },
  { path: '/health/ready', as: 'while it stops', parts: { readiness: () => ['draining'] } },
  { path: '/api/streaming/status' },
  { path: '/api/streaming/status', as: 'with an admin’s token', headers: ADMIN },
  {
    path: '/api/streaming/status',
    as: 'at a node of a cluster',
    parts: { sources: () => CLUSTER_SOURCES },
  },
  { path: '/api/streaming/status', as: 'with a token that is refused', headers: { authorization: 'Bearer wrong' } },
  {
    path: '/api/streaming/status',
    as: 'from a page that is not in the list',
    headers: { origin: 'https://other.example' },
  },
  { path: '/api/audit', as: 'where no trail is kept', headers: ADMIN },
  { path: '/metrics', as: 'without the METRICS_TOKEN that is set', env: { METRICS_TOKEN: 'b7Tq0ZxM4nLw8RkE' } },
  {
    path: '/admin/drain',
    method: 'POST',
    as: 'with the METRICS_TOKEN',
    env: { METRICS_TOKEN: 'b7Tq0ZxM4nLw8RkE' },
    headers: { authorization: 'Bearer b7Tq0ZxM4nLw8RkE' },
  },
  { path: '/admin/drain', method: 'POST', as: 'where no METRICS_TOKEN is set' },
  { path: '/doctor/facts' },
  { path: '/nowhere' },
];

const SCRIPT = 'export {};';
/** As the build names it. */
const NAMED = `prospect-live-${createHash('sha384').update(SCRIPT).digest('hex').slice(0, 16)}.js`;

/** What each field of the answer to `POST /admin/drain` is. */
const DRAIN_FIELDS = {
  status: '`draining`.',
  sessions: 'How many pages are still here: connected, or with audio that goes on.',
  moving:
    'True while they are going over to other relays. False: nobody is here, or no other relay takes pages, and the relay ends within 5 s; pages that are here come back by themselves.',
  within_ms: 'After so many milliseconds it ends, whoever is left; 0 when `moving` is false.',
};

/** The sections "HTTP" and "Metrics", from the running application. */
export async function makeHttpSections() {
  const folder = mkdtempSync(join(tmpdir(), 'prospect-docs-'));
  writeFileSync(join(folder, 'prospect-live.js'), SCRIPT);
  mkdirSync(join(folder, 'cdn'));
  writeFileSync(join(folder, 'cdn', NAMED), SCRIPT);
  try {
    const env = { ...ENV, WIDGETS_DIR: folder, ...CLUSTER_ENV };
    const { body } = await ask(env, { sources: () => CLUSTER_SOURCES }, '/metrics');
    return `${await httpSection(folder)}\n\n${metricsSection(body)}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function httpSection(folder) {
  const examples = [];
  for (const { path, method = 'GET', as, headers, parts, env } of EXAMPLES) {
    const { status, body } = await ask({ ...ENV, WIDGETS_DIR: folder, ...env }, parts, path, headers, method);
    const json = JSON.stringify(JSON.parse(body), null, 2);
    examples.push(`\`${method} ${path}\`${as ? `, ${as}` : ''}: ${status}\n\n\`\`\`json\n${json}\n\`\`\``);
  }
  return [
    '## HTTP',
    'On the HTTP and the HTTPS port alike; signalling is at `/socket.io/` of the same ports. Browsers may call from the pages in `ALLOWED_ORIGINS` only, except for `/widgets/`, which any page may load. Every error has the body `{ "error": { "code", "message" } }`.',
    table(
      ['Endpoint', 'Answer'],
      (await routes()).map((route) => [
        code(`${route.startsWith('/') ? 'GET ' : ''}${route.replace('*path', 'FILE')}`),
        MEANINGS[route],
      ]),
    ),
    await cacheTable(folder),
    `### Fields of the status\n\nEvery answer of \`/api/streaming/status\` has the first two, and at a node of a cluster the first eight.\n\n${table(
      ['Status field', 'What it is'],
      Object.entries(STATUS_FIELDS).map(([name, meaning]) => [code(name), meaning]),
    )}`,
    `### Fields of the answer to a drain\n\n${table(
      ['Drain field', 'What it is'],
      Object.entries(DRAIN_FIELDS).map(([name, meaning]) => [code(name), meaning]),
    )}`,
    '### Examples\n\nReal answers of the application, made with one stream that one admin hears.',
    ...examples,
  ].join('\n\n');
}

/** How long browsers keep the widgets, as the relay tells them. */
async function cacheTable(folder) {
  const rows = [];
  for (const path of ['/widgets/prospect-live.js', '/widgets/1.2.3/prospect-live.js', `/widgets/cdn/${NAMED}`]) {
    const { headers } = await ask({ ...ENV, WIDGETS_DIR: folder }, {}, path);
    rows.push([code(path), code(headers.get('cache-control')), code(headers.get('access-control-allow-origin'))]);
  }
  return `In production the widgets come with these headers (here of version 1.2.3):\n\n${table(['File', '`Cache-Control`', '`Access-Control-Allow-Origin`'], rows)}`;
}

/**
 * One request to an application made for it.
 * @returns {Promise<{ status: number, headers: Headers, body: string }>}
 */
async function ask(env, parts, path, headers = {}, method = 'GET') {
  const app = await runApp(env, parts);
  try {
    const response = await fetch(app.url + path, { headers, method });
    return { status: response.status, headers: response.headers, body: await response.text() };
  } finally {
    await app.close();
  }
}

/** The application's routes, in the order of the meanings. @throws when a route has no meaning here, or the other way round */
async function routes() {
  const found = await routePaths();
  const named = Object.keys(MEANINGS);
  const unlike = [...found.filter((path) => !named.includes(path)), ...named.filter((path) => !found.includes(path))];
  if (unlike.length > 0)
    throw new Error(`tools/docs/http-endpoints.mjs and the relay differ about ${unlike.join(', ')}`);
  return named;
}

/** Express keeps the routes of a router in its stack; so do the routers in it. */
async function routePaths() {
  const { createApp } = await import('../../relay/http/app.ts');
  const { readConfig } = await import('../../relay/config.ts');
  const { createLogger } = await import('../../relay/logger.ts');
  const { PolicySource } = await import('../../relay/policy/policy-source.ts');
  const { DoorCounts } = await import('../../relay/doors/door-counts.ts');
  const { Metrics } = await import('../../relay/http/metrics.ts');
  const { Measures } = await import('../../relay/measures/measures.ts');
  const { config } = readConfig({ JWT_SECRET: 'kD9vQ2xW8zR4tY6uI1oP3aS5dF7gH0jK', METRICS_PUBLIC: 'on' });
  const refuse = () => Promise.reject(new Error('not asked'));
  const nothing = { verify: refuse, verifyReader: refuse };
  const app = createApp({
    config,
    version: '1.2.3',
    verifier: nothing,
    policy: new PolicySource(null, createLogger('silent')),
    metrics: new Metrics(
      '1.2.3',
      () => null,
      new DoorCounts(),
      () => null,
      false,
      new Measures(),
    ),
    readiness: () => [],
    sources: () => null,
    certificateExpiry: () => null,
    logger: createLogger('silent'),
    drain: () => null,
  });
  const named = ({ path, methods }) => [path].flat().map((each) => (methods.post ? `POST ${each}` : each));
  const walk = (stack) =>
    stack.flatMap(({ route, handle }) => (route ? named(route) : handle?.stack ? walk(handle.stack) : []));
  return [...new Set(walk(app.router.stack))];
}
