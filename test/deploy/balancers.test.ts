/** What leads pages to the relays of a cluster: parsed, or read by the program itself where it is installed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { type Variable, variables } from '../../relay/config/variables.ts';
import type { KubernetesObject as Loose } from './chart.ts';
import { readKit, run, without } from './kits.ts';

const seconds = (text = '') => Number(/^(\d+)s$/.exec(text)?.[1]);
/** An idle WebSocket carries one ping in this time, in seconds. */
const HEARTBEAT = seconds(variables.PING_INTERVAL.default) + seconds(variables.PING_TIMEOUT.default);

/** What nginx has against servers with this configuration; nothing when it takes them. */
function refusalOfNginx(config: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'prospect-nginx-'));
  try {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=relay.example.com', '-days', '2'];
    assert.equal(spawnSync('openssl', [...request, '-keyout', key, '-out', cert]).status, 0);
    const own = config
      .replace(/(ssl_certificate) .*;/, `$1 ${cert};`)
      .replace(/(ssl_certificate_key) .*;/, `$1 ${key};`);
    // Its own places for temporary files are root's.
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (one) => `${one}_temp_path ${folder}/${one};`,
    );
    const before = ['error_log stderr;', `pid ${folder}/pid;`, 'events {}', 'http {', 'access_log off;', ...places];
    writeFileSync(join(folder, 'nginx.conf'), [...before, own, '}'].join('\n'));
    const { status, output } = run('nginx', ['-t', '-p', folder, '-c', join(folder, 'nginx.conf')]);
    return status === 0 && !/\[(?:warn|emerg)\]/.test(output) ? '' : output;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('HAProxy', () => {
  const config = readKit('balancers/haproxy.cfg');

  test('it takes the configuration', { skip: without('haproxy') }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'prospect-haproxy-'));
    try {
      const file = join(folder, 'haproxy.cfg');
      // The certificate is not here.
      writeFileSync(file, config.replace(/^( {4}bind \S+) .*$/m, '$1'));
      const { status, output } = run('haproxy', ['-c', '-f', file]);
      assert.equal(status, 0, output);
      assert.doesNotMatch(output, /WARNING|ALERT/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('WebSockets may be idle for longer than a heartbeat', () => {
    assert.ok(seconds(/^ {4}timeout tunnel (\S+)$/m.exec(config)?.[1]) > HEARTBEAT);
  });

  test('both backends have the same relays', () => {
    const backends = config.split(/^backend /m).slice(1);
    assert.equal(backends.length, 2);
    const [any, byName] = backends.map((backend) => backend.match(/^ {4}server .*$/gm));
    assert.deepEqual(any, byName);
  });
});

describe('nginx', () => {
  const config = readKit('balancers/nginx.conf');

  test('it takes the configuration', { skip: without('nginx') }, () => assert.equal(refusalOfNginx(config), ''));

  test('WebSockets may be idle for longer than a heartbeat', () => {
    assert.ok(seconds(/proxy_read_timeout (\S+);/.exec(config)?.[1]) > HEARTBEAT);
  });

  test('every name in a path leads to an upstream whose first server is the relay of this name', () => {
    const upstreams = new Map(
      [...config.matchAll(/^upstream (\w+) \{(.*?)^\}/gms)].map(([, name, body]) => [name, body]),
    );
    const relays = upstreams.get('relays')?.match(/server (\S+)/g) ?? [];
    const paths = [...config.matchAll(/~\^\/n\/(\w+)\/ +(\w+);/g)];
    assert.equal(paths.length, relays.length);
    for (const [index, [, name, upstream = '']] of paths.entries()) {
      assert.equal(upstream, `relay_${name}`);
      const [first, ...others] = upstreams.get(upstream)?.match(/server \S+(?: backup)?/g) ?? [];
      assert.equal(first, relays[index]);
      assert.deepEqual(
        others,
        relays.filter((relay) => relay !== first).map((relay) => `${relay} backup`),
      );
    }
  });
});

describe('nginx as a CDN', () => {
  for (const name of ['nginx.conf', 'nginx-folder.conf']) {
    test(`it takes ${name}`, { skip: without('nginx') }, () => {
      const config = readKit(`cdn/${name}`)
        .replace('/var/cache/nginx/prospect-live', './cache')
        // Its name cannot be resolved here.
        .replace('server relay.example.com:8443;', 'server 127.0.0.1:8443;');
      assert.equal(refusalOfNginx(config), '');
    });
  }
});

describe('Traefik', () => {
  const { http }: { http: { routers: Record<string, Loose>; services: Record<string, Loose> } } = parse(
    readKit('balancers/traefik/dynamic.yml'),
  );
  const fixed = parse(readKit('balancers/traefik/traefik.yml'));

  test('routers lead to services that are there, on entry points and with certificates that are there', () => {
    for (const [name, router] of Object.entries(http.routers)) {
      assert.ok(http.services[router.service], name);
      assert.deepEqual(router.entryPoints, Object.keys(fixed.entryPoints));
      assert.ok(fixed.certificatesResolvers[router.tls.certResolver], name);
    }
    for (const { failover } of Object.values(http.services).filter((service) => service.failover))
      for (const name of [failover.service, failover.fallback]) assert.ok(http.services[name].loadBalancer, name);
  });

  test('a name in a path leads to its relay while that lives, and else to one that is ready', () => {
    const { any, ...byName } = http.routers;
    const relays = http.services[any.service].loadBalancer;
    assert.equal(relays.healthCheck.path, '/health/ready');
    const named = Object.entries(byName).map(([name, router]) => {
      const pattern = new RegExp(/PathRegexp\(`(.*?)`\)/.exec(router.rule)?.[1] ?? '$^');
      for (const what of ['socket.io', 'whip', 'whep']) assert.match(`/n/${name}/${what}/x`, pattern);
      for (const path of ['/n/z/whip/x', `/n/${name}/metrics`, '/whip']) assert.doesNotMatch(path, pattern);
      assert.ok(router.priority > any.priority);
      const { failover } = http.services[router.service];
      assert.equal(failover.fallback, any.service);
      const { healthCheck, servers } = http.services[failover.service].loadBalancer;
      assert.equal(healthCheck.path, '/health/live');
      assert.equal(servers.length, 1);
      return servers[0];
    });
    assert.deepEqual(named, relays.servers);
  });

  test('metrics and administration are led nowhere', () => {
    const pattern = /!PathRegexp\(`\(\?i\)(.*)`\)/.exec(http.routers.any.rule)?.[1];
    const excluded = new RegExp(pattern ?? '', 'i');
    for (const path of ['/metrics', '/Metrics/', '/admin/drain', '/n/a/metrics']) assert.match(path, excluded);
    for (const path of ['/socket.io/', '/widgets/metrics.js', '/health/ready']) assert.doesNotMatch(path, excluded);
  });
});

describe('Kubernetes', () => {
  const documents = parseAllDocuments(readKit('balancers/kubernetes.yaml'));
  const objects = documents.map((document) => document.toJS());
  const one = (kind: string): Loose => objects.find((object) => object.kind === kind);
  const relays = one('StatefulSet');
  const names = Array.from({ length: relays.spec.replicas }, (_, index) => `${relays.metadata.name}-${index}`);
  const services = objects.filter(({ kind }) => kind === 'Service');

  test('every document is YAML, and says what it is', () => {
    for (const { errors, warnings } of documents) assert.deepEqual([...errors, ...warnings], []);
    for (const { apiVersion, kind, metadata } of objects) assert.ok(apiVersion && kind && metadata.name);
  });

  test('the relays’ settings are ones that relays read', () => {
    const { env } = relays.spec.template.spec.containers[0];
    for (const { name, value } of env) {
      const variable = (variables as Record<string, Variable<unknown>>)[name];
      assert.ok(variable, name);
      if (value !== undefined) assert.equal(variable.schema.safeParse(value).error, undefined, name);
    }
  });

  test('a relay is given longer to stop than it takes', () => {
    const drainS = variables.DRAIN_TIME.schema.parse(variables.DRAIN_TIME.default) / 1_000;
    assert.ok(relays.spec.template.spec.terminationGracePeriodSeconds >= drainS + 10);
  });

  test('each relay has a service and a path of its name; all have one together', () => {
    const paths = one('Ingress').spec.rules[0].http.paths;
    for (const name of names) {
      const service = services.find(({ metadata }) => metadata.name === name);
      assert.deepEqual(service.spec.selector, { 'statefulset.kubernetes.io/pod-name': name });
      assert.ok(service.spec.publishNotReadyAddresses, 'a draining relay keeps its path');
      for (const what of ['socket.io', 'whip', 'whep']) {
        const path = paths.find((each: Loose) => each.path === `/n/${name}/${what}/`);
        assert.equal(path.backend.service.name, name);
      }
    }
    const others = paths.filter(({ path }: Loose) => !path.startsWith('/n/'));
    assert.equal(paths.length - others.length, 3 * names.length);
    assert.deepEqual(
      ['/socket.io/', '/whip', '/whep'].filter((path) => others.every((each: Loose) => each.path !== path)),
      [],
    );
    assert.ok(others.every(({ backend }: Loose) => backend.service.name === 'relay'));
    assert.deepEqual(services.find(({ metadata }) => metadata.name === 'relay').spec.selector, { app: 'relay' });
  });

  test('no path leads to metrics or administration, and every port is the container’s', () => {
    const { containers } = relays.spec.template.spec;
    const port = containers[0].ports.find(({ name }: Loose) => name === 'http');
    for (const { spec } of services)
      assert.deepEqual(spec.ports, [{ name: 'http', port: port.containerPort, targetPort: 'http' }]);
    for (const { path, backend } of one('Ingress').spec.rules[0].http.paths) {
      assert.match(path, /^\/(?:n\/relay-\d\/(?:socket\.io|whip|whep)\/|socket\.io\/|whip|whep|widgets\/|health)$/);
      assert.deepEqual(backend.service.port, { name: 'http' });
    }
  });
});
