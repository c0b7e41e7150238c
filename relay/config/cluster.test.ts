import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigError, type Environment, readConfig } from '../config.ts';

const folder = mkdtempSync(join(tmpdir(), 'relay-config-cluster-'));
after(() => rmSync(folder, { recursive: true }));

const random = () => randomBytes(48).toString('base64');
const SECRET = random();
const ALONE = { JWT_SECRET: random() };
const NODE = { ...ALONE, CLUSTER_URL: 'redis://127.0.0.1', CLUSTER_SECRET: SECRET };
const PRODUCTION = {
  ...NODE,
  NODE_ENV: 'production',
  JWT_ISSUER: 'https://login.example.com',
  JWT_AUDIENCE: 'prospect-live',
  METRICS_TOKEN: random(),
  ANNOUNCED_ADDRESS: '1.2.3.4',
  ALLOWED_ORIGINS: 'https://app.example.com',
  TRUSTED_PROXIES: '1',
  HOST: '127.0.0.1',
  PIPE_ADDRESS: '10.0.0.11',
};

const clusterOf = (env: Environment) => {
  const { cluster } = readConfig(env).config;
  assert.ok(cluster);
  return cluster;
};
const warningsOf = (env: Environment) => readConfig(env).warnings.join('\n');

function problemsOf(env: Environment): string {
  try {
    readConfig(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems.join('\n');
  }
  return 'accepted';
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('a relay alone', () => {
  it('has no cluster, and needs no setting', () => {
    assert.equal(readConfig(ALONE).config.cluster, null);
    assert.equal(warningsOf(ALONE), '');
  });

  it('is told of settings that do nothing', () => {
    for (const [name, value] of Object.entries({
      CLUSTER_SECRET: SECRET,
      CLUSTER_SECRET_FILE: '/somewhere',
      CLUSTER_SECRET_PREVIOUS: SECRET,
      CLUSTER_SECRET_PREVIOUS_FILE: '/somewhere',
      NODE_ID: 'a',
      NODE_URL: 'https://a.example.com',
      PIPE_ADDRESS: '10.0.0.1',
      PIPE_PORTS: '45000-45999',
      DRAIN_TIME: '60s',
    })) {
      assert.match(
        warningsOf({ ...ALONE, [name]: value }),
        new RegExp(`^${name}: does nothing without CLUSTER_URL[^\\n]*$`),
      );
    }
    assert.match(warningsOf({ ...ALONE, CLUSTER_NAME: 'x' }), /^CLUSTER_NAME: is no variable of the relay/);
    assert.match(warningsOf({ ...ALONE, PIPE_PORT: '45000' }), /^PIPE_PORT: .*Is PIPE_PORTS meant\?/);
  });
});

describe('a node of a cluster', () => {
  it('has what is needed with two variables, outside production', () => {
    const cluster = clusterOf({ ...NODE, MEDIA_LISTEN_IPS: '127.0.0.1' });
    assert.match(cluster.nodeId, /^[a-z0-9]{8}$/);
    assert.notEqual(clusterOf(NODE).nodeId, cluster.nodeId);
    const { nodeId, ...rest } = cluster;
    assert.deepEqual(rest, {
      redis: {
        kind: 'single',
        hosts: [{ host: '127.0.0.1', port: 6379 }],
        tls: false,
        username: null,
        password: null,
        database: 0,
        sentinel: null,
      },
      name: 'main',
      secret: SECRET,
      previousSecret: null,
      pipeAddress: '127.0.0.1',
      pipePorts: { first: 45_000, last: 45_999 },
      nodeUrl: null,
      drainMs: 60_000,
    });
    assert.equal(warningsOf(NODE), '');
  });

  it('takes each setting', () => {
    const previous = random();
    const cluster = clusterOf({
      ...NODE,
      CLUSTER_SECRET_PREVIOUS: previous,
      NODE_ID: 'relay-1',
      NODE_URL: 'https://relay-1.example.com/',
      PIPE_ADDRESS: 'FD00::1',
      PIPE_PORTS: '46000-46099',
      DRAIN_TIME: '2m',
    });
    assert.equal(cluster.previousSecret, previous);
    assert.equal(cluster.nodeId, 'relay-1');
    assert.equal(cluster.nodeUrl, 'https://relay-1.example.com');
    assert.equal(cluster.pipeAddress, 'fd00::1');
    assert.deepEqual(cluster.pipePorts, { first: 46_000, last: 46_099 });
    assert.equal(cluster.drainMs, 120_000);
    assert.equal(clusterOf({ ...NODE, DRAIN_TIME: '0' }).drainMs, 0);
    assert.ok(Object.isFrozen(cluster.redis.hosts));
  });

  it('reads URL and secrets from files', () => {
    const cluster = clusterOf({
      ...ALONE,
      CLUSTER_URL_FILE: file('url', 'redis://:p%40ss%2Fword-of-some-length@redis:7000/3\n'),
      CLUSTER_SECRET_FILE: file('secret', `${SECRET}\n`),
      CLUSTER_SECRET_PREVIOUS_FILE: file('previous', random()),
    });
    assert.equal(cluster.secret, SECRET);
    assert.equal(cluster.redis.password, 'p@ss/word-of-some-length');
    assert.equal(cluster.redis.database, 3);
    assert.ok(cluster.previousSecret);
  });

  it('wants a secret, one of each kind, readable files', () => {
    assert.match(
      problemsOf({ ...NODE, CLUSTER_SECRET: undefined }),
      /^CLUSTER_SECRET: is needed with CLUSTER_URL[^\n]*$/,
    );
    assert.match(problemsOf({ ...NODE, CLUSTER_SECRET_FILE: file('s', SECRET) }), /^CLUSTER_SECRET: only one of/);
    assert.match(problemsOf({ ...NODE, CLUSTER_URL_FILE: file('u', 'redis://a') }), /^CLUSTER_URL: only one of/);
    const lost = problemsOf({ ...ALONE, CLUSTER_URL: 'redis://a', CLUSTER_SECRET_FILE: join(folder, 'not-there') });
    assert.match(lost, /^CLUSTER_SECRET_FILE: [^\n]*$/);
    const bad = problemsOf({ ...ALONE, CLUSTER_SECRET: SECRET, CLUSTER_URL_FILE: file('bad', 'http://pass-word@x') });
    assert.match(bad, /^CLUSTER_URL_FILE: holds no such URL; allowed: [^\n]*$/);
    assert.doesNotMatch(bad, /pass-word/);
  });

  it('refuses a secret that can be known, as with tokens', () => {
    for (const [secret, problem] of [
      ['short', /has 5 bytes, but needs at least 32/],
      ['a'.repeat(40), /has only 1 different character/],
      ['replace-this-by-a-long-random-value', /is a placeholder/],
      ['-----BEGIN PUBLIC KEY-----', /holds a PEM key/],
    ] as const) {
      assert.match(problemsOf({ ...PRODUCTION, CLUSTER_SECRET: secret }), problem);
      assert.match(problemsOf({ ...PRODUCTION, CLUSTER_SECRET_PREVIOUS: secret }), problem);
    }
    assert.match(warningsOf({ ...NODE, CLUSTER_SECRET: 'short' }), /^CLUSTER_SECRET: has 5 bytes/);
    assert.match(warningsOf({ ...NODE, CLUSTER_SECRET_PREVIOUS: SECRET }), /^CLUSTER_SECRET_PREVIOUS: is the same/);
  });

  it('wants an address for pipes in production, that others can reach', () => {
    assert.match(
      problemsOf({ ...PRODUCTION, PIPE_ADDRESS: undefined }),
      /^PIPE_ADDRESS: is required in production[^\n]*$/,
    );
    assert.match(problemsOf({ ...PRODUCTION, PIPE_ADDRESS: '0.0.0.0' }), /^PIPE_ADDRESS: 0.0.0.0 is no address/);
    assert.equal(warningsOf(PRODUCTION), '');
  });

  it('wants ports for pipes that the media do not have', () => {
    assert.match(problemsOf({ ...NODE, PIPE_PORTS: '44000-45000' }), /^PIPE_PORTS: 44000-45000 meets the media ports/);
    assert.match(problemsOf({ ...NODE, PIPE_PORTS: '45999-45000' }), /^PIPE_PORTS: .*allowed: two ports/);
    assert.match(problemsOf({ ...NODE, PIPE_PORTS: '45000' }), /^PIPE_PORTS: /);
    assert.match(problemsOf({ ...NODE, DRAIN_TIME: '60' }), /^DRAIN_TIME: .*allowed: a number with its unit/);
    assert.match(problemsOf({ ...NODE, DRAIN_TIME: '2h' }), /^DRAIN_TIME: .*from 0 to 1h/);
  });

  it('takes names and URLs of nodes as they go into paths', () => {
    assert.match(problemsOf({ ...NODE, NODE_ID: 'Relay 1' }), /^NODE_ID: /);
    assert.match(problemsOf({ ...NODE, NODE_URL: 'https://a.example.com/relay' }), /^NODE_URL: .* alone is allowed/);
    assert.match(warningsOf({ ...PRODUCTION, NODE_URL: 'http://a.example.com' }), /^NODE_URL: .* is not encrypted/);
  });

  it('warns in production of a way to Redis that others can read, and of a weak password', () => {
    const url = (text: string) => warningsOf({ ...PRODUCTION, CLUSTER_URL: text });
    assert.match(url('redis://redis.internal'), /^CLUSTER_URL: redis.internal is reached without TLS/);
    for (const good of [
      'rediss://redis.internal',
      'redis://127.0.0.2',
      'redis://[::1]',
      'redis+cluster://localhost,127.0.0.1',
    ]) {
      assert.equal(url(good), '', good);
    }
    assert.match(url('rediss://:hunter2@redis.internal'), /^CLUSTER_URL: has 7 bytes/);
    assert.doesNotMatch(url('rediss://:hunter2@redis.internal'), /hunter2/);
  });
});
