/** The relay with the settings of the Compose kit, and the kit's Prometheus, started by its own script, that reads it. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ChildProgram } from '../harness/child-program.ts';
import { freePort } from '../harness/network/free-port.ts';
import { readCompose } from './compose-file.ts';
import { fillIn, inRoot, readEnv, readKit, without } from './kits.ts';

/** For both to start on a machine that has much else to do, in milliseconds. */
const SLOW_MS = 60_000;

describe('the relay and Prometheus of the Compose kit', { skip: without('prometheus') }, () => {
  let folder: string;
  let env: Record<string, string>;
  let prometheusPort: number;
  const programs: ChildProgram[] = [];

  const answers = (url: string) =>
    fetch(url).then(
      (response) => response.ok,
      () => false,
    );
  const asWords = (values: Record<string, string>) => Object.entries(values).map(([name, value]) => `${name}=${value}`);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'prospect-kit-run-'));
    const [httpPort, metricsPort, ownPort, mediaPort] = await Promise.all([1, 1, 1, 1].map(() => freePort()));
    prometheusPort = ownPort ?? 0;
    const file = readEnv(readKit('compose/.env.example'));
    const given = readCompose(file).services.relay?.environment ?? {};
    const own = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value ?? file[name]]));
    env = {
      ...(fillIn(own) as Record<string, string>),
      // Its ports are the kit's; here they are any that are free, on loopback.
      HTTP_PORT: String(httpPort),
      METRICS_PORT: String(metricsPort),
      MEDIA_PORT: String(mediaPort),
      MEDIA_LISTEN_IPS: '127.0.0.1',
      MEDIA_WORKERS: '1',
    };
    const relay = [...asWords(env), process.execPath, inRoot('relay', 'main.ts')];
    programs.push(
      await ChildProgram.start('env', relay, () => answers(`http://127.0.0.1:${httpPort}/health/ready`), SLOW_MS),
    );

    cpSync(inRoot('deploy', 'prometheus'), join(folder, 'kit'), { recursive: true });
    mkdirSync(join(folder, 'run'));
    const config = readKit('prometheus/prometheus.yml')
      .replace('/run/prospect-live', join(folder, 'run'))
      .replace('127.0.0.1:9464', `127.0.0.1:${metricsPort}`)
      .replaceAll(/_interval: 10s/g, '_interval: 1s');
    writeFileSync(join(folder, 'kit', 'prometheus.yml'), config);
    const script = readKit('compose/prometheus/start.sh')
      .replace('/run/prospect-live', join(folder, 'run'))
      .replace('/etc/prometheus/kit', join(folder, 'kit'))
      .replace('path=/prometheus', `path=${join(folder, 'data')}`)
      .replace(':9090', `:${prometheusPort}`);
    writeFileSync(join(folder, 'start.sh'), script);
    const start = [`METRICS_TOKEN=${env.METRICS_TOKEN}`, 'sh', join(folder, 'start.sh')];
    programs.push(
      await ChildProgram.start('env', start, () => answers(`http://127.0.0.1:${prometheusPort}/-/ready`), SLOW_MS),
    );
  });
  after(async () => {
    for (const program of programs) await program.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const query = async (expression: string): Promise<string | undefined> => {
    const url = new URL(`http://127.0.0.1:${prometheusPort}/api/v1/query`);
    url.searchParams.set('query', expression);
    const { data } = (await (await fetch(url)).json()) as { data: { result: { value: [number, string] }[] } };
    return data.result[0]?.value[1];
  };

  it('has the relay’s figures, which it gets for the token', async () => {
    const until = performance.now() + SLOW_MS;
    while ((await query('up{job="prospect-relay"}')) !== '1' && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(await query('up{job="prospect-relay"}'), '1');
    assert.equal(await query('prospect_relay_media_available'), '1');
    const refused = await fetch(`http://127.0.0.1:${env.METRICS_PORT}/metrics`);
    assert.equal(refused.status, 401);
  });

  it('shows them to nobody at the port of the pages', async () => {
    const headers = { Authorization: `Bearer ${env.METRICS_TOKEN}` };
    assert.equal((await fetch(`http://127.0.0.1:${env.HTTP_PORT}/metrics`, { headers })).status, 404);
  });

  it('has the token in no command line, nor in its environment', () => {
    for (const file of ['cmdline', 'environ']) {
      const words = readFileSync(`/proc/${programs[1]?.pid}/${file}`, 'utf8');
      assert.doesNotMatch(words, new RegExp(env.METRICS_TOKEN ?? 'missing'), file);
    }
  });
});
