import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Environment } from '../config.ts';
import type { AppParts } from './app.ts';
import { ask } from './testing/http-client.ts';
import { CLUSTER_ENV, CLUSTER_SOURCES, type RunningApp, runApp } from './testing/running-app.ts';

const running: RunningApp[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

async function start(env: Environment = {}, parts: Partial<AppParts> = {}): Promise<string> {
  const app = await runApp(env, parts);
  running.push(app);
  return app.url;
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe('the status', () => {
  const PATH = '/api/streaming/status';

  it('counts all nodes of a cluster, and says how many each has', async () => {
    const url = await start({}, { sources: () => CLUSTER_SOURCES });
    assert.deepEqual((await ask(url + PATH)).json(), {
      active_commercials: 2,
      total_listeners: 3,
      complete: true,
      nodes: [
        { id: 'a', active_commercials: 1, total_listeners: 1, draining: false },
        { id: 'b', active_commercials: 1, total_listeners: 2, draining: true },
      ],
    });
    const { commercials } = (await ask(url + PATH, bearer('admin-nord'))).json() as { commercials: { name: string }[] };
    assert.deepEqual(
      commercials.map(({ name }) => name),
      ['Anna', 'Céline'],
    );
  });

  it('is not complete when a node did not answer, or may be missing, and shows an admin no team that was not asked for', async () => {
    const service = CLUSTER_SOURCES.service ?? assert.fail();
    const everybody = service.detail(['nord', 'sud']);
    const unanswered = { ...service, detail: async () => ({ ...(await everybody), complete: false }) };
    const url = await start({}, { sources: () => ({ ...CLUSTER_SOURCES, service: unanswered }) });
    assert.match((await ask(url + PATH)).text, /"complete":true/);
    const { text } = await ask(url + PATH, bearer('admin-nord'));
    assert.match(text, /"complete":false/);
    assert.match(text, /Anna/);
    assert.doesNotMatch(text, /Basile/);
    const cutOff = { ...service, summary: () => ({ ...service.summary(), complete: false }) };
    const lonely = await start({}, { sources: () => ({ ...CLUSTER_SOURCES, service: cutOff }) });
    assert.match((await ask(lonely + PATH)).text, /"complete":false/);
  });
});

describe('metrics', () => {
  it('has those of a cluster at its nodes only', async () => {
    const node = await start(CLUSTER_ENV, { sources: () => CLUSTER_SOURCES });
    const { text } = await ask(`${node}/metrics`);
    const expected = {
      peers: 1,
      redis_up: 1,
      bus_round_trip_seconds: 0.0015,
      mirrors: 1,
      mirror_age_seconds: 0.4,
      'messages_total{direction="sent"}': 90,
      'messages_total{direction="received"}': 110,
      'messages_refused_total{reason="foreign"}': 7,
      bus_gaps_total: 5,
      'pipes{kind="links"}': 2,
      'pipes{kind="given"}': 3,
      'pipes{kind="copies"}': 1,
      'pipe_bytes_total{direction="sent"}': 48_000,
      'pipe_bytes_total{direction="received"}': 16_000,
    };
    const lines = text.split('\n');
    for (const [name, value] of Object.entries(expected))
      assert.ok(lines.includes(`prospect_relay_cluster_${name} ${value}`), name);
    const again = await ask(`${node}/metrics`);
    assert.ok(
      again.text.split('\n').includes('prospect_relay_cluster_bus_gaps_total 5'),
      'counted once, however often it is read',
    );
    assert.doesNotMatch((await ask(`${await start()}/metrics`)).text, /cluster/);
    const starting = await start(CLUSTER_ENV, { sources: () => null });
    assert.equal((await ask(`${starting}/metrics`)).status, 200);
  });

  it('has no round trip while there is no connection to Redis', async () => {
    const { cluster } = CLUSTER_SOURCES;
    const gauges = cluster?.gauges() ?? assert.fail();
    const transport = { ...gauges.bus.transport, roundTripMs: null };
    const away = { gauges: () => ({ ...gauges, healthy: false, bus: { ...gauges.bus, transport } }) };
    const url = await start(CLUSTER_ENV, { sources: () => ({ ...CLUSTER_SOURCES, cluster: away }) });
    const { text } = await ask(`${url}/metrics`);
    assert.match(text, /^prospect_relay_cluster_redis_up 0$/m);
    assert.doesNotMatch(text, /^prospect_relay_cluster_bus_round_trip_seconds /m);
  });
});
