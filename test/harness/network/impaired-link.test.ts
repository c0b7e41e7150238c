import assert from 'node:assert/strict';
import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { encodeRequest } from '../../../relay/cli/doctor/turn/stun-message.ts';
import { ImpairedLink, type ImpairedLinkOptions } from './impaired-link.ts';

const cleanUps: (() => unknown)[] = [];
after(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, `still not: ${what}`);
    await wait(5);
  }
}

/** A UDP server that echoes, and remembers who spoke to it. */
async function udpEcho(): Promise<{ port: number; peers: Set<number> }> {
  const server = createSocket('udp4');
  const peers = new Set<number>();
  server.on('message', (packet: Buffer, from: RemoteInfo) => {
    peers.add(from.port);
    server.send(packet, from.port, from.address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => server.close());
  return { port: server.address().port, peers };
}

/** A TCP server that echoes. */
async function tcpEcho(): Promise<{ port: number; sockets: Socket[]; stop(): void }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = (): void => {
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
  };
  cleanUps.push(stop);
  return { port: (server.address() as AddressInfo).port, sockets, stop };
}

async function linkTo(port: number, more: Partial<ImpairedLinkOptions> = {}): Promise<ImpairedLink> {
  const link = await ImpairedLink.create({
    listen: { host: '127.0.0.2', port: 0 },
    target: { host: '127.0.0.1', port },
    ...more,
  });
  cleanUps.push(() => link.close());
  return link;
}

async function udpClient(
  link: ImpairedLink,
): Promise<{ socket: UdpSocket; got: string[]; say(text: string | Buffer): void }> {
  const socket = createSocket('udp4');
  const got: string[] = [];
  socket.on('message', (packet: Buffer, from: RemoteInfo) => {
    assert.equal(`${from.address}:${from.port}`, `${link.host}:${link.port}`);
    got.push(packet.toString('latin1'));
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  cleanUps.push(() => socket.close());
  return { socket, got, say: (text) => socket.send(text, link.port, link.host) };
}

interface TcpClient {
  readonly socket: Socket;
  readonly text: string;
  readonly ended: 'no' | 'end' | 'reset';
}

function tcpClient(link: ImpairedLink): TcpClient {
  const socket = connect(link.port, link.host);
  const client = { socket, text: '', ended: 'no' as 'no' | 'end' | 'reset' };
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    client.text += chunk;
  });
  socket.on('end', () => {
    client.ended = 'end';
  });
  socket.on('error', () => {
    client.ended = 'reset';
  });
  cleanUps.push(() => socket.destroy());
  return client;
}

describe('UDP through an impaired link', () => {
  test('passes both ways, counts, and keeps two pages apart', async () => {
    const echo = await udpEcho();
    const link = await linkTo(echo.port);
    const [one, two] = [await udpClient(link), await udpClient(link)];
    one.say('from one');
    two.say('from two');
    await until(() => one.got.length === 1 && two.got.length === 1, 'both answered');
    assert.deepEqual([one.got, two.got], [['from one'], ['from two']]);
    assert.equal(echo.peers.size, 2);
    assert.deepEqual(link.counters().udp.up, { packets: 2, bytes: 16, dropped: 0 });
    assert.deepEqual(link.counters((flow) => flow.client.port === one.socket.address().port).udp.down, {
      packets: 1,
      bytes: 8,
      dropped: 0,
    });
  });

  test('down drops, up again passes; one page can be down alone', async () => {
    const echo = await udpEcho();
    const link = await linkTo(echo.port);
    const [one, two] = [await udpClient(link), await udpClient(link)];
    const lift = link.goDown((flow) => flow.client.port === one.socket.address().port);
    one.say('lost');
    two.say('heard');
    await until(() => two.got.length === 1, 'the other page heard');
    await until(() => link.counters().udp.up.dropped === 1, 'dropped');
    lift();
    lift();
    one.say('back');
    await until(() => one.got.length === 1, 'back');
    assert.deepEqual(one.got, ['back']);
  });

  test('UDP off leaves TCP alone', async () => {
    const tcp = await tcpEcho();
    const link = await linkTo(tcp.port);
    link.impair({ protocol: 'udp', blocked: true });
    const udp = await udpClient(link);
    udp.say('blocked');
    const client = tcpClient(link);
    client.socket.write('open');
    await until(() => client.text === 'open', 'TCP echoed');
    await until(() => link.counters().udp.up.dropped === 1, 'UDP dropped');
  });

  test('loss in one direction is seeded: the same packets are lost again', async () => {
    const heard: string[][] = [];
    for (let run = 0; run < 2; run += 1) {
      const echo = await udpEcho();
      const link = await linkTo(echo.port, { seed: 42 });
      link.impair({ direction: 'up', lossRate: 0.2 });
      const client = await udpClient(link);
      for (let index = 0; index < 100; index += 1) {
        client.say(String(index));
        await until(() => {
          const { packets, dropped } = link.counters().udp.up;
          return packets + dropped === index + 1;
        }, `packet ${index} arrived`);
      }
      const { up } = link.counters().udp;
      await until(() => client.got.length === up.packets, 'all that passed came back');
      assert.ok(up.dropped > 5 && up.dropped < 40, `lost ${up.dropped}`);
      assert.equal(link.counters().udp.down.dropped, 0);
      heard.push(client.got);
    }
    assert.deepEqual(heard[0], heard[1]);
  });

  test('delay holds packets back, and jitter lets them overtake each other', async () => {
    const echo = await udpEcho();
    const link = await linkTo(echo.port);
    link.impair({ direction: 'up', delayMs: 100, jitterMs: 200 });
    const client = await udpClient(link);
    const start = performance.now();
    const said = Array.from({ length: 30 }, (_, index) => String(index));
    for (const text of said) client.say(text);
    await until(() => client.got.length > 0, 'the first came');
    assert.ok(performance.now() - start >= 95, 'nothing came before the delay was over');
    await until(() => client.got.length === 30, 'all came');
    assert.notDeepEqual(client.got, said);
    assert.deepEqual(client.got.toSorted(), said.toSorted());
  });

  test('rebind: the relay sees a new address and answers to it', async () => {
    const echo = await udpEcho();
    const link = await linkTo(echo.port);
    const client = await udpClient(link);
    client.say('before');
    await until(() => client.got.length === 1, 'before');
    link.rebind();
    client.say('after');
    await until(() => client.got.length === 2, 'after');
    assert.equal(echo.peers.size, 2);
    assert.equal(link.flows.length, 1);
  });

  test('knows a page by its ICE username fragment', async () => {
    const echo = await udpEcho();
    const link = await linkTo(echo.port);
    const client = await udpClient(link);
    client.say(encodeRequest(0x0001, [[0x0006, Buffer.from('relay:page1')]]));
    client.say('other traffic');
    await until(() => client.got.length === 2, 'echoed');
    assert.equal(link.flows[0]?.ufrag, 'page1');
  });
});

describe('TCP through an impaired link', () => {
  test('passes both ways and ends both ways', async () => {
    const echo = await tcpEcho();
    const link = await linkTo(echo.port, { protocols: ['tcp'] });
    const client = tcpClient(link);
    const text = 'x'.repeat(300_000);
    client.socket.end(text);
    await until(() => client.ended === 'end', 'ended');
    assert.equal(client.text.length, text.length);
    await until(() => link.flows.length === 0, 'forgotten');
  });

  test('stands still while down and goes on where it was; connections made meanwhile come through after', async () => {
    const echo = await tcpEcho();
    const link = await linkTo(echo.port);
    const client = tcpClient(link);
    client.socket.write('one ');
    await until(() => client.text === 'one ', 'before');
    const lift = link.goDown();
    client.socket.write('two ');
    const late = tcpClient(link);
    late.socket.write('late');
    await until(() => link.flows.length === 2, 'the late connection is held');
    await wait(100);
    assert.deepEqual([client.text, late.text, echo.sockets.length], ['one ', '', 1]);
    lift();
    await until(() => client.text === 'one two ' && late.text === 'late', 'after');
  });

  test('does not tell of the relay’s end while down', async () => {
    const echo = await tcpEcho();
    const link = await linkTo(echo.port);
    const client = tcpClient(link);
    client.socket.write('one');
    await until(() => client.text === 'one', 'before');
    const lift = link.goDown();
    echo.stop();
    await wait(100);
    assert.equal(client.ended, 'no');
    lift();
    await until(() => client.ended === 'reset', 'told');
  });

  test('delays bytes without changing their order', async () => {
    const echo = await tcpEcho();
    const link = await linkTo(echo.port);
    link.impair({ delayMs: 20, jitterMs: 60 });
    const client = tcpClient(link);
    const start = performance.now();
    let said = '';
    for (let index = 0; index < 20; index += 1) {
      said += `${index} `;
      client.socket.write(`${index} `);
      await wait(2);
    }
    await until(() => client.text.length === said.length, 'all came');
    assert.equal(client.text, said);
    assert.ok(performance.now() - start >= 38);
  });

  test('cuts, refuses, and accepts again', async () => {
    const echo = await tcpEcho();
    const link = await linkTo(echo.port);
    const client = tcpClient(link);
    client.socket.write('one');
    await until(() => client.text === 'one', 'before');
    await link.refuseTcp(true);
    client.socket.write(' two');
    await until(() => client.text === 'one two', 'standing connections stay');
    link.cutTcp();
    await until(() => client.ended === 'reset', 'cut');
    const refused = connect(link.port, link.host);
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNREFUSED');
    await link.refuseTcp(false);
    const again = tcpClient(link);
    again.socket.write('again');
    await until(() => again.text === 'again', 'accepted again');
  });

  test('after a rebind old connections are cut, or dead without a word', async () => {
    const echo = await tcpEcho();
    for (const tcp of ['cut', 'blackhole'] as const) {
      const link = await linkTo(echo.port);
      const old = tcpClient(link);
      old.socket.write('one');
      await until(() => old.text === 'one', 'before');
      link.rebind({ tcp });
      old.socket.write('two');
      const fresh = tcpClient(link);
      fresh.socket.write('fresh');
      await until(() => fresh.text === 'fresh', 'new connections work');
      if (tcp === 'cut') await until(() => old.ended === 'reset', 'cut');
      else assert.deepEqual([old.ended, old.text], ['no', 'one']);
    }
  });

  test('a relay that is not there resets the page', async () => {
    const echo = await tcpEcho();
    const link = await linkTo(echo.port);
    echo.stop();
    const client = tcpClient(link);
    await until(() => client.ended === 'reset', 'reset');
  });
});

test('a port that is taken is an error at once', async () => {
  const echo = await tcpEcho();
  const link = await linkTo(echo.port);
  await assert.rejects(linkTo(echo.port, { listen: { host: link.host, port: link.port } }), { code: 'EADDRINUSE' });
});
