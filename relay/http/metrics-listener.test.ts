import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { createLogger } from '../logger.ts';
import { StartError } from '../start-error.ts';
import { MetricsListener } from './metrics-listener.ts';
import { ask } from './testing/http-client.ts';

const running: MetricsListener[] = [];
afterEach(() => Promise.all(running.splice(0).map((listener) => listener.close())));

async function listen(host = '127.0.0.1', port = 0): Promise<MetricsListener> {
  const listener = await MetricsListener.listen(
    { host, port },
    (_req, res) => res.end('counts'),
    createLogger('silent'),
  );
  running.push(listener);
  return listener;
}

describe('the port of the metrics', () => {
  it('answers on its address alone, and is free again after the end', async () => {
    const listener = await listen();
    const { port } = listener;
    assert.equal((await ask(`http://127.0.0.1:${port}/metrics`)).text, 'counts');
    await assert.rejects(ask(`http://127.0.0.2:${port}/metrics`), /ECONNREFUSED/);
    await listener.close();
    await listener.close();
    assert.equal((await listen('127.0.0.1', port)).port, port);
  });

  it('says in words which variable to change when it cannot be had', async (t) => {
    const other = createServer();
    t.after(() => other.close());
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await assert.rejects(listen('127.0.0.1', port), (error) => {
      assert(error instanceof StartError);
      assert.match(error.message, new RegExp(`^Port ${port} \\(METRICS_PORT\\) is in use`));
      return true;
    });
    await assert.rejects(listen('192.0.2.1'), /192\.0\.2\.1 \(METRICS_HOST\) is not an address of this machine/);
  });

  it('closes with connections that say nothing', async () => {
    const listener = await listen();
    const idle = connect(listener.port, '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const gone = new Promise((resolve) => idle.once('close', resolve));
    idle.on('error', () => undefined);
    await listener.close();
    await gone;
  });

  it('takes no more than a few at once', async () => {
    const listener = await listen();
    const sockets = Array.from({ length: 40 }, () => connect(listener.port, '127.0.0.1').on('error', () => undefined));
    const ended = await Promise.any(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    assert.equal(ended, false, 'one of them was ended by the relay');
    for (const socket of sockets) socket.destroy();
  });
});
