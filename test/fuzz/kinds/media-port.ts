/** Datagrams and TCP on the media port: garbage, and what looks like STUN, DTLS, SRTP and SRTCP but is somebody else's. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { ANSWER, OFFER } from '../../../relay/media/testing/media-fixtures.ts';
import { bindingRequest, stunAttribute, stunHeader } from '../../../relay/media/testing/stun-bridge.ts';
import { fuzzKind } from '../kind.ts';
import { RawSocket } from '../raw-socket.ts';
import { Attacker, type Target } from '../target.ts';

/**
 * After so many datagrams from one address the next one is used. After every ten there is a pause: more than the kernel's
 * buffer of the port holds would push out the others' packets too, which no relay can help.
 */
const PER_ADDRESS = 100;

const body = fc.uint8Array({ maxLength: 200 }).map((data) => Buffer.from(data));

const stun = fc
  .record({
    type: fc.oneof(fc.constantFrom(0x0001, 0x0101, 0x0111, 0x0011, 0x0003), fc.nat(0x3fff)),
    attributes: fc.array(
      fc.record({
        type: fc.oneof(
          fc.constantFrom(0x0006, 0x0008, 0x0024, 0x0025, 0x8028, 0x802a, 0x8029, 0x0009, 0x0020),
          fc.nat(0xffff),
        ),
        value: fc.oneof(
          body,
          fc.string().map((text) => Buffer.from(text)),
        ),
      }),
      { maxLength: 6 },
    ),
    length: fc.option(fc.nat(0xffff), { freq: 4 }),
  })
  .map(({ type, attributes, length }) => {
    const fields = Buffer.concat(attributes.map((attribute) => stunAttribute(attribute.type, attribute.value)));
    return Buffer.concat([stunHeader(type, length ?? fields.length), fields]);
  });

/** A DTLS record (RFC 6347 4.1), most of them a handshake message. */
const dtls = fc
  .record({
    content: fc.constantFrom(20, 21, 22, 22, 22, 23, 24, 63),
    version: fc.constantFrom(0xfefd, 0xfeff, 0x0303, 0x0000),
    epoch: fc.constantFrom(0, 0, 0, 1, 65_535),
    handshake: fc.constantFrom(0, 1, 1, 1, 2, 11, 12, 14, 16, 20, 255),
    length: fc.option(fc.nat(0xffff), { freq: 3 }),
    body,
  })
  .map(({ content, version, epoch, handshake, length, body: random }) => {
    const message = Buffer.concat([Buffer.alloc(12), random]);
    message[0] = handshake;
    message.writeUIntBE(random.length, 1, 3);
    message.writeUIntBE(random.length, 9, 3);
    const header = Buffer.alloc(13);
    header[0] = content;
    header.writeUInt16BE(version, 1);
    header.writeUInt16BE(epoch, 3);
    header.writeUInt16BE(length ?? message.length, 11);
    return Buffer.concat([header, message]);
  });

/** RTP (RFC 3550 5.1) with the pair's SSRC or another, and RTCP. */
const rtp = fc
  .record({
    second: fc.constantFrom(111, 0x80 | 111, 0, 200, 201, 205, 206, 207),
    ssrc: fc.constantFrom(1_234, 0, 0xffff_ffff),
    first: fc.integer({ min: 128, max: 191 }),
    body,
  })
  .map(({ second, ssrc, first, body: payload }) => {
    const header = Buffer.alloc(12);
    header[0] = first;
    header[1] = second;
    header.writeUInt16BE(2, 2);
    header.writeUInt32BE(ssrc, 8);
    return Buffer.concat([header, payload]);
  });

const datagram = fc.oneof(body, stun, stun, dtls, dtls, rtp);

function candidatePort(sdp: string, protocol: 'udp' | 'tcp'): number {
  const port = Number(new RegExp(`^a=candidate:\\S+ 1 ${protocol} \\d+ \\S+ (\\d+)`, 'm').exec(sdp)?.[1]);
  assert.ok(port > 0, `no ${protocol} candidate`);
  return port;
}

function credentials(sdp: string): { ufrag: string; pwd: string } {
  return {
    ufrag: /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? '',
    pwd: /^a=ice-pwd:(\S+)/m.exec(sdp)?.[1] ?? '',
  };
}

/** An offer of the relay, for its ports. */
async function anOffer(target: Target): Promise<string> {
  const page = await target.relay.join(target.newUser('admin'));
  const { sdp } = await page.request('listen:connect', { mode: 'connect' });
  await page.request('listen:answer', { sdp: ANSWER });
  page.socket.disconnect();
  return sdp;
}

/** From addresses that the relay has never heard of. */
export const foreignDatagrams = fuzzKind({
  name: 'foreign datagrams at the media port (UDP)',
  share: 11,
  arbitrary: datagram,
  open: async (target) => {
    const port = candidatePort(await anOffer(target), 'udp');
    let socket = createSocket('udp4');
    let sent = 0;
    return {
      attempt: async (packet) => {
        if (sent >= PER_ADDRESS) {
          socket.close();
          socket = createSocket('udp4');
          sent = 0;
        }
        sent += 1;
        await new Promise((resolve) => socket.send(packet, port, '127.0.0.1', resolve));
        if (sent % 10 === 0) await wait(1);
        return 'silence';
      },
      close: () => void socket.close(),
    };
  },
});

/** From an address that has passed the checks of ICE, so that everything reaches DTLS and SRTP. */
export const nominatedDatagrams = fuzzKind({
  name: 'garbage over a nominated ICE path (UDP)',
  share: 4,
  arbitrary: datagram,
  open: async (target) => {
    const attacker = new Attacker(target, 'commercial');
    let socket = createSocket('udp4');
    let port = 0;
    let sent = PER_ADDRESS;
    const nominate = async (): Promise<void> => {
      const page = await attacker.page(2);
      const { sdp } = await page.request('publish:offer', { mode: 'connect', sdp: OFFER });
      await page.request('stream:start');
      port = candidatePort(sdp, 'udp');
      socket.close();
      socket = createSocket('udp4');
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      socket.send(bindingRequest(credentials(sdp)), port, '127.0.0.1');
      const [answer] = await once(socket, 'message');
      assert.equal(Buffer.from(answer).readUInt16BE(0), 0x0101, 'the check was not answered');
      sent = 0;
    };
    return {
      attempt: async (packet) => {
        if (sent >= PER_ADDRESS) await nominate();
        sent += 1;
        await new Promise((resolve) => socket.send(packet, port, '127.0.0.1', resolve));
        if (sent % 10 === 0) await wait(1);
        return 'silence';
      },
      close: () => {
        socket.close();
        attacker.close();
      },
    };
  },
});

/** TCP as ICE uses it (RFC 6544 with the framing of RFC 4571), and as it does not. */
export const tcp = fuzzKind({
  name: 'garbage at the media port (TCP), half open',
  share: 2,
  arbitrary: fc.record({
    parts: fc.array(datagram, { minLength: 1, maxLength: 5 }),
    framed: fc.boolean(),
    statedLength: fc.option(fc.nat(0xffff), { freq: 4 }),
  }),
  open: async (target) => {
    const port = candidatePort(await anOffer(target), 'tcp');
    const open: RawSocket[] = [];
    return {
      attempt: async ({ parts, framed, statedLength }) => {
        const socket = await RawSocket.open(port);
        open.push(socket);
        if (open.length > 30) open.shift()?.destroy();
        for (const part of parts) {
          const length = Buffer.alloc(2);
          length.writeUInt16BE(statedLength ?? part.length);
          socket.write(framed ? Buffer.concat([length, part]) : part);
        }
        await socket.until(() => socket.closed, 2);
        return socket.closed ? 'disconnect' : 'silence';
      },
      close: () => {
        for (const socket of open) socket.destroy();
      },
    };
  },
});
