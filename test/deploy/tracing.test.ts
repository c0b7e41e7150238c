/** The example that sends traces, as it stands and with the packages that it names, to a stand-in for a collector (OTLP over HTTP). */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { z } from 'zod';
import { LivePage } from '../../relay/signalling/testing/live-page.ts';
import { commercial } from '../../relay/streams/testing/scene.ts';
import { ENVIRONMENT, eventually, realToken } from '../harness/relay/real-relay.ts';
import { inRoot, readKit } from './kits.ts';

interface Received {
  readonly path: string;
  readonly type: string;
  /** An ExportTraceServiceRequest (opentelemetry-proto), whose ids and texts stand in it as they are. */
  readonly body: Buffer;
}

describe('deploy/tracing/register.mjs', { timeout: 60_000 }, () => {
  const received: Received[] = [];
  const collector = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        type: request.headers['content-type'] ?? '',
        body: Buffer.concat(parts),
      });
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  let relay: ChildProcess;
  before(async () => {
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { PATH = '', MEDIASOUP_WORKER_BIN } = process.env;
    relay = spawn(
      process.execPath,
      ['--import', inRoot('deploy', 'tracing', 'register.mjs'), inRoot('relay', 'main.ts')],
      {
        env: {
          PATH,
          ...(MEDIASOUP_WORKER_BIN !== undefined && { MEDIASOUP_WORKER_BIN }),
          ...ENVIRONMENT,
          METRICS_PORT: '0',
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
        },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      },
    );
  });
  after(() => {
    relay.kill('SIGKILL');
    collector.close();
    collector.closeAllConnections();
  });

  it('sends the spans of a page under the id that the page was told, also those of the last moment', async () => {
    const [message] = await once(relay, 'message');
    const { http } = z.object({ http: z.number() }).parse(message);
    const page = LivePage.dial(`http://127.0.0.1:${http}`, { token: realToken(commercial('cleo')) });
    const { traceId } = await page.until('session:ready');
    page.socket.disconnect();
    relay.kill('SIGTERM');
    assert.deepEqual(await once(relay, 'exit'), [0, null]);
    const id = Buffer.from(traceId, 'hex');
    await eventually('the collector has it', () => received.some(({ body }) => body.includes(id)));
    const { path, type, body } = received.find((each) => each.body.includes(id)) ?? assert.fail();
    assert.deepEqual([path, type], ['/v1/traces', 'application/x-protobuf']);
    for (const text of ['prospect-relay', 'handshake', 'prospect.role', 'commercial'])
      assert.ok(body.includes(text), text);
    assert.ok(!body.includes('cleo') && !body.includes('CLEO'), 'it names somebody');
  });

  it('names the versions that were run', () => {
    const { devDependencies } = z
      .object({ devDependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readKit('../package.json')));
    const told = readKit('tracing/register.mjs').match(/@opentelemetry\/[\w-]+@[\d.]+/g) ?? [];
    assert.deepEqual(
      told.map((each) => each.split('@')[1]),
      ['opentelemetry/sdk-trace-base', 'opentelemetry/resources', 'opentelemetry/exporter-trace-otlp-proto'],
    );
    for (const each of told) {
      const [name = '', version] = each.split(/(?!^)@/);
      assert.equal(devDependencies[name], version, name);
    }
  });
});
