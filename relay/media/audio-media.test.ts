import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { freePort } from '../../test/harness/network/free-port.ts';
import { MediaStartError } from './media-start-error.ts';
import { publishing, RecordedEvents, startMedia } from './testing/media-fixtures.ts';

function portOf(sdp: string, protocol: 'udp' | 'tcp'): number {
  return Number(new RegExp(`^a=candidate:\\S+ 1 ${protocol} \\d+ \\S+ (\\d+)`, 'm').exec(sdp)?.[1]);
}

async function startFailure(starting: Promise<unknown>): Promise<MediaStartError> {
  const error = await starting.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof MediaStartError, String(error));
  return error;
}

describe('AudioMedia', () => {
  it('starts its workers, counts nothing, and ends', async () => {
    const media = await startMedia({ workers: 2 });
    assert.equal(media.available, true);
    assert.deepEqual(media.gauges(), { workers: 2, transports: 0, producers: 0, consumers: 0 });
    const pids = media.workerPids();
    assert.equal(new Set(pids).size, 2);
    const reports = await media.dump();
    assert.deepEqual(
      reports.map(({ index, pid, router, server }) => [
        index,
        pid,
        router.transportIds.length,
        server.udpSockets.length,
      ]),
      [
        [0, pids[0], 0, 1],
        [1, pids[1], 0, 1],
      ],
    );
    await media.close();
    await media.close();
    assert.equal(media.available, false);
    assert.deepEqual(media.gauges(), { workers: 0, transports: 0, producers: 0, consumers: 0 });
    for (const pid of pids) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    await assert.rejects(media.createListenTransport(new RecordedEvents()), { code: 'media_unavailable' });
  });

  it('offers one UDP and TCP port for each worker, with the announced address', async () => {
    const basePort = await freePort(['127.0.0.1'], 2);
    const media = await startMedia({
      workers: 1,
      basePort,
      listen: [{ ip: '127.0.0.1', announcedAddress: '203.0.113.7' }],
    });
    const offer = (await media.createListenTransport(new RecordedEvents())).offer();
    assert.match(offer, / 203\.0\.113\.7 /);
    assert.doesNotMatch(offer, /127\.0\.0\.1/);
    assert.equal(portOf(offer, 'udp'), basePort);
    assert.equal(portOf(offer, 'tcp'), basePort);
    await media.close();
  });

  it('spreads transports over the workers, also when they are made at the same time', async () => {
    const media = await startMedia({ workers: 2 });
    await Promise.all(Array.from({ length: 6 }, () => media.createListenTransport(new RecordedEvents())));
    const reports = await media.dump();
    assert.deepEqual(
      reports.map(({ router }) => router.transportIds.length),
      [3, 3],
    );
    await media.close();
  });

  it('says which port is in use and what to do, and leaves no process behind', async (t) => {
    // Free ones below those of outgoing connections: another program may have the first of the two, and would be named.
    const basePort = await freePort(['127.0.0.1'], 2);
    const port = basePort + 1;
    const socket = createSocket('udp4').bind(port, '127.0.0.1');
    t.after(() => socket.close());
    await once(socket, 'listening');
    const udp = await startFailure(startMedia({ workers: 2, basePort }));
    assert.equal(udp.failure, 'port_in_use');
    assert.match(udp.message, new RegExp(`port ${port}/udp on 127\\.0\\.0\\.1 is already in use.*base port`));

    const tcpPort = await freePort();
    const server = createServer().listen(tcpPort, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    const tcp = await startFailure(startMedia({ workers: 1, basePort: tcpPort }));
    assert.equal(tcp.failure, 'port_in_use');
    assert.match(tcp.message, new RegExp(`port ${tcpPort}/tcp`));
  });

  it('says so when an address is not of this machine or none at all', async () => {
    for (const ip of ['192.0.2.1', 'nonsense']) {
      const error = await startFailure(startMedia({ workers: 1, listen: [{ ip, announcedAddress: null }] }));
      assert.equal(error.failure, 'address_not_available');
      assert.match(error.message, new RegExp(ip));
    }
  });

  it('does not let the workers end by themselves on the relay’s signals', async () => {
    const before = [process.listenerCount('SIGTERM'), process.listenerCount('SIGINT')];
    const media = await startMedia();
    assert.deepEqual([process.listenerCount('SIGTERM'), process.listenerCount('SIGINT')], before);
    await media.close();
  });

  it('closes with everything open, and tells no owner of a loss', async () => {
    const media = await startMedia();
    const events = new RecordedEvents();
    const publish = await publishing(media, events);
    const source = await publish.produce();
    const listen = await media.createListenTransport(events);
    const unfinished = assert.rejects(media.createListenTransport(events), { code: 'media_unavailable' });
    await media.close();
    await unfinished;
    assert.equal(publish.state, 'closed');
    assert.equal(listen.state, 'closed');
    assert.equal(source.closed, true);
    assert.deepEqual(events, new RecordedEvents());
    assert.deepEqual(media.gauges(), { workers: 0, transports: 0, producers: 0, consumers: 0 });
  });
});
