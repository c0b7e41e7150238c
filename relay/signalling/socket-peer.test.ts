import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { pino } from 'pino';
import { Server } from 'socket.io';
import type { PayloadOf } from '../protocol/messages.ts';
import { FakePeer } from '../streams/testing/scene.ts';
import { SocketPeer } from './socket-peer.ts';
import { eventually, LivePage } from './testing/live-page.ts';

const logger = pino({ level: 'silent' });

test('what many pages are told is encoded once, whatever carries it; who has gone and who is no socket disturbs nobody', async (t) => {
  const http = createServer();
  const io = new Server(http, { serveClient: false });
  const peers: SocketPeer[] = [];
  io.on('connection', (socket) => peers.push(new SocketPeer(socket, logger, () => undefined)));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  t.after(() => io.close());
  const address = http.address();
  assert.ok(typeof address === 'object' && address !== null);
  const url = `http://127.0.0.1:${address.port}`;
  const pages = [
    LivePage.dial(url, {}),
    LivePage.dial(url, {}),
    LivePage.dial(url, {}, { transports: ['polling'] }),
    LivePage.dial(url, {}),
  ];
  t.after(() => {
    for (const { socket } of pages) socket.disconnect();
  });
  await eventually(() => peers.length === pages.length, 'not all came');

  let read = 0;
  const told = (id: string): PayloadOf<'roster:delta'> => ({
    changed: [],
    get levels() {
      read += 1;
      return [{ id, level: 1 as const }];
    },
    removed: [],
  });
  SocketPeer.notifyAll(peers.slice(0, 1), 'roster:delta', told('one'));
  const once = read;
  assert.ok(once > 0);
  const fake = new FakePeer();
  peers[1]?.drop();
  SocketPeer.notifyAll([...peers, fake], 'roster:delta', told('all'));
  assert.equal(read, 2 * once, 'as often for all as for one');
  SocketPeer.notifyAll([], 'roster:delta', told('none'));
  assert.equal(read, 2 * once);

  const heard = () =>
    pages.map((page) => page.all('roster:delta').flatMap(({ levels }) => levels.map(({ id }) => id)).length);
  await eventually(() => heard().reduce((sum, count) => sum + count, 0) === 4, 'not all heard');
  assert.equal(fake.last('roster:delta').levels[0]?.id, 'all');
});
