import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from 'yaml';
import { readCompose } from './compose-file.ts';
import { inRoot, readEnv, readKit, run, without } from './kits.ts';

const config = readKit('prometheus/prometheus.yml');
const { services } = readCompose(readEnv(readKit('compose/.env.example')));

describe('Prometheus', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'prospect-prometheus-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('takes its configuration and the rules that it names', { skip: without('promtool') }, () => {
    writeFileSync(join(folder, 'token'), 'a token');
    // Beside the rules, where it finds them; the file of the token is made when Prometheus starts.
    const here = config
      .replace(/credentials_file: .*/, `credentials_file: ${join(folder, 'token')}`)
      .replace(/rule_files: \[(.*)\]/, `rule_files: ["${inRoot('deploy', 'prometheus')}/$1"]`);
    writeFileSync(join(folder, 'prometheus.yml'), here);
    const { status, output } = run('promtool', ['check', 'config', join(folder, 'prometheus.yml')]);
    assert.equal(status, 0, output);
    assert.match(output, /SUCCESS: .*prometheus\.yml is valid/);
    assert.doesNotMatch(output, /FAILED|WARNING/);
    for (const file of readdirSync(inRoot('deploy', 'prometheus')).filter((name) => name.startsWith('alerts')))
      assert.ok(output.includes(file), file);
  });

  it('looks for the token where its start puts it', () => {
    const file = /credentials_file: (\S+)/.exec(config)?.[1] ?? '';
    assert.ok(readKit('compose/prometheus/start.sh').includes(`>${file}\n`));
    assert.ok(services.prometheus?.tmpfs?.[0]?.startsWith(`${file.slice(0, file.lastIndexOf('/'))}:`));
  });
});

describe('Grafana', () => {
  it('has Prometheus as its source, and every dashboard of the kit', () => {
    const [source] = parse(readKit('grafana/provisioning/datasources/prometheus.yml')).datasources;
    assert.equal(
      source.url,
      /--web\.listen-address=(\S+)/.exec(readKit('compose/prometheus/start.sh'))?.[1]?.replace(/^/, 'http://'),
    );
    const [provider] = parse(readKit('grafana/provisioning/dashboards/prospect-live.yml')).providers;
    assert.ok(services.grafana?.volumes?.includes(`../grafana/dashboards:${provider.options.path}:ro`));
    assert.ok(services.grafana?.volumes?.includes('../grafana/provisioning:/etc/grafana/provisioning:ro'));
    const dashboards = readdirSync(inRoot('deploy', 'grafana', 'dashboards'));
    assert.ok(dashboards.length > 0 && dashboards.every((name) => name.endsWith('.json')));
  });

  it('answers this machine alone', () => {
    assert.equal(services.grafana?.environment.GF_SERVER_HTTP_ADDR, '127.0.0.1');
    assert.ok(existsSync(inRoot('deploy', 'compose', 'prometheus', 'start.sh')));
  });
});
