import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Server } from 'socket.io';
import type { PayloadOf } from '../../relay/protocol/messages.ts';
import { FakePage } from '../shared/testing/fake-page.ts';
import { RelayClient } from './relay-client.ts';

const READY: PayloadOf<'session:ready'> = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  sessionId: 'first',
  resumed: false,
  hasMedia: false,
  relayVersion: '1.0.0',
  protocol: 1,
  user: { role: 'commercial', id: 'c1', name: 'C', equipe: 'nord' },
  tokenExpiresInMs: 3_600_000,
  iceServers: [],
  demandLingerMs: 3_000,
  voiceWithoutListeners: false,
};

test('a relay that the widgets do not fit is told in the console, once', { timeout: 60_000 }, async (t) => {
  const http = createServer();
  const relay = new Server(http, { serveClient: false });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  t.after(() => relay.close());
  const { port } = http.address() as AddressInfo;
  const warn = t.mock.method(console, 'warn', () => {});
  let warning: string | undefined;
  relay.on('connection', (socket) => socket.emit('session:ready', { ...READY, ...(warning && { warning }) }));

  const client = new RelayClient({
    resolveAddress: () => ({ origin: `http://127.0.0.1:${port}`, path: '/socket.io/' }),
    token: 't1',
    version: '1.2.3',
    page: new FakePage(),
    log: () => {},
  });
  t.after(() => client.close());
  const ready = () => new Promise<void>((resolve) => client.on('session:ready', () => resolve()));
  const again = () => {
    const done = ready();
    relay.disconnectSockets(true);
    return done;
  };

  await ready();
  assert.equal(warn.mock.callCount(), 0);
  warning = 'load others';
  await again();
  await again();
  assert.deepEqual(
    warn.mock.calls.map((call) => call.arguments),
    [['load others']],
  );
});
