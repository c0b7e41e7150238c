import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { readCompose } from './compose-file.ts';
import { fillIn, inRoot, judge, kitFiles, readEnv, readKit, run, STOP_S, variableNames } from './kits.ts';

const example = readKit('compose/.env.example');
/** What Compose and the other services read; no variables of the relay. */
const OWN = ['SITE_NAME', 'ACME_EMAIL', 'COTURN_TLS_PORT', 'GRAFANA_PASSWORD', 'VALKEY_ADDRESS', 'VALKEY_PASSWORD'];
const file = readCompose(readEnv(example));

describe('compose.yaml', () => {
  it('is a Compose file, by the schema of its specification', () => {
    const schema = JSON.parse(readFileSync(inRoot('node_modules', 'dclint', 'schemas', 'compose.schema.json'), 'utf8'));
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const valid = ajv.compile({ ...schema, $schema: undefined });
    const text = readKit('compose/compose.yaml');
    // Compose merges first.
    const merged: { services: { relay: Record<string, unknown> } } = parse(text, { merge: true });
    const { relay } = merged.services;
    assert.ok(valid(merged), JSON.stringify(valid.errors, null, 2));
    relay.red_only = true;
    assert.equal(valid(merged), false, 'the schema knows every key of a service');
  });

  it('gives the relay each of its variables: set here, or from .env', () => {
    assert.deepEqual(Object.keys(file.services.relay?.environment ?? {}).sort(), variableNames);
  });

  it('starts nothing while .env is not filled in', () => {
    const { SITE_NAME, ...others } = readEnv(example);
    assert.ok(SITE_NAME);
    assert.throws(() => readCompose(others), /SITE_NAME is missing/);
  });

  it('confines every service', () => {
    for (const [name, service] of Object.entries(file.services)) {
      assert.equal(service.network_mode, 'host', name);
      assert.equal(service.read_only, true, name);
      assert.deepEqual(service.cap_drop, ['ALL'], name);
      assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
      assert.ok(service.logging.options['max-size'] && service.logging.options['max-file'], name);
      // The relay's is built here.
      if (!service.build) assert.match(service.image, /:v?\d+\.\d+\.\d+(?:-alpine)?$/, name);
      const privileged = name === 'caddy';
      assert.equal(service.user === undefined, privileged, `${name} is not root`);
      assert.doesNotMatch(service.user ?? '1', /^0(?::|$)/, name);
      assert.deepEqual(service.cap_add, privileged ? ['NET_BIND_SERVICE'] : undefined, name);
    }
  });

  it('gives the relay longer to stop than a drain takes', () => {
    assert.ok(Number(/^(\d+)s$/.exec(file.services.relay?.stop_grace_period ?? '')?.[1]) >= STOP_S);
  });

  it('starts Valkey, Prometheus and Grafana only when asked', () => {
    const profiles = Object.entries(file.services).map(([name, { profiles = [] }]) => [name, ...profiles]);
    assert.deepEqual(profiles, [
      ['relay'],
      ['caddy'],
      ['coturn'],
      ['valkey', 'cluster'],
      ['prometheus', 'watch'],
      ['grafana', 'watch'],
    ]);
  });

  it('mounts files that are there, and nothing that may be written but its own volumes', () => {
    for (const [name, service] of Object.entries(file.services)) {
      for (const volume of service.volumes ?? []) {
        const [from = '', , mode] = volume.split(':');
        if (!from.startsWith('.')) {
          assert.ok(from in file.volumes, `${name}: ${volume}`);
          continue;
        }
        assert.ok(existsSync(inRoot('deploy', 'compose', from)), `${name}: ${from}`);
        assert.equal(mode, 'ro', `${name}: ${volume}`);
      }
    }
    const { build } = file.services.relay ?? {};
    assert.ok(build && existsSync(inRoot('deploy', 'compose', build.context, build.dockerfile)));
  });

  it('hands secrets on by the environment alone, never in a command line', () => {
    const secret = /TOKEN|SECRET|PASSWORD/;
    for (const service of Object.values(file.services))
      assert.doesNotMatch(JSON.stringify([service.entrypoint, service.image]), secret);
    for (const script of kitFiles('compose').filter((path) => path.endsWith('.sh'))) {
      assert.equal(run('sh', ['-n', inRoot('deploy', script)]).output, '', script);
      const started = /^exec [\s\S]*/m.exec(readKit(script))?.[0] ?? '';
      assert.ok(started, script);
      assert.doesNotMatch(started, secret, script);
    }
  });
});

describe('.env.example', () => {
  const set = readEnv(example);
  const all = readEnv(example, true);

  it('has variables of the relay, and those that Compose reads', () => {
    for (const name of Object.keys(all)) assert.ok(variableNames.includes(name) || OWN.includes(name), name);
    const interpolated = [...readKit('compose/compose.yaml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name ?? '');
    for (const name of OWN) assert.ok(name in all && interpolated.includes(name), name);
    for (const name of interpolated) assert.ok(name in all || name === 'IMAGE_TAG', name);
  });

  /** What the relay's container gets. */
  const environment = (env: Readonly<Record<string, string>>) => {
    const given = readCompose(env).services.relay?.environment ?? {};
    return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value ?? env[name]]));
  };

  it('is refused by the relay as it stands: everybody can read its secrets', () => {
    assert.match(judge(environment(set)).join('\n'), /JWT_SECRET: is a placeholder/);
  });

  it('is taken by the relay without a warning once it is filled in, alone and in a cluster', () => {
    assert.deepEqual(judge(fillIn(environment(set))), []);
    const { CLUSTER_URL, CLUSTER_SECRET, NODE_ID, PIPE_ADDRESS } = all;
    const cluster = Object.entries({ CLUSTER_URL, CLUSTER_SECRET, NODE_ID, PIPE_ADDRESS });
    for (const [name, value] of cluster) assert.ok(value, name);
    // One thing is said: Valkey speaks without TLS, on an inner network.
    const [warning = '', ...others] = judge(fillIn(environment(all)));
    assert.match(warning, /^CLUSTER_URL: 10\.0\.0\.11 is reached without TLS/);
    assert.deepEqual(others, []);
  });
});
