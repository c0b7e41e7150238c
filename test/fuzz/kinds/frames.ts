/** Bytes on the HTTP port: broken HTTP, broken upgrades, broken WebSocket frames, connections left half open. */
import fc from 'fast-check';
import { fuzzKind } from '../kind.ts';
import { frame, RawSocket, upgradeRequest } from '../raw-socket.ts';

/** So many connections stay open with a frame or a request half sent, until newer ones take their place. */
const LINGERING = 60;

const oneFrame = fc
  .record({
    payload: fc.uint8Array({ maxLength: 200 }),
    opcode: fc.nat(15),
    fin: fc.boolean(),
    reserved: fc.constantFrom(0, 0, 0, 1, 4, 7),
    masked: fc.boolean(),
    statedLength: fc.option(fc.constantFrom(0, 125, 126, 65_535, 65_537, 10_000_000, 2 ** 53 - 1), { freq: 3 }),
    cut: fc.option(fc.nat(20), { freq: 4 }),
  })
  .map(({ payload, cut, ...faults }) => {
    const whole = frame(Buffer.from(payload), faults);
    return cut === null ? whole : whole.subarray(0, cut);
  });

const broken = fc.oneof(
  fc.record({ kind: fc.constant('frames' as const), frames: fc.array(oneFrame, { minLength: 1, maxLength: 5 }) }),
  fc.record({
    kind: fc.constant('upgrade' as const),
    headers: fc.dictionary(
      fc.constantFrom(
        'Upgrade',
        'Connection',
        'Sec-WebSocket-Version',
        'Sec-WebSocket-Key',
        'Sec-WebSocket-Extensions',
      ),
      fc.stringMatching(/^[\x20-\x7e]{0,40}$/),
      { minKeys: 1 },
    ),
  }),
  fc.record({
    kind: fc.constant('http' as const),
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.string({ maxLength: 200 }).map((text) => Buffer.from(`GET ${text} HTTP/1.1\r\nHost: x\r\n\r\n`)),
      fc.constant(Buffer.from('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'latin1')),
      fc
        .integer({ min: 1, max: 30_000 })
        .map((size) => Buffer.from(`GET / HTTP/1.1\r\nX: ${'x'.repeat(size)}\r\n\r\n`)),
      fc.constant(Buffer.from('POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nContent-Length: 999\r\n\r\nx')),
      fc.constant(Buffer.from('GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nzz')),
    ),
  }),
);

/** Anything on the port, whole or half. */
export const frames = fuzzKind({
  name: 'broken WebSocket frames, upgrades and HTTP, half open',
  share: 3,
  arbitrary: broken,
  open: async (target) => {
    const lingering: RawSocket[] = [];
    return {
      attempt: async (value) => {
        const socket = await RawSocket.open(target.relay.port);
        lingering.push(socket);
        if (lingering.length > LINGERING) lingering.shift()?.destroy();
        if (value.kind === 'frames') {
          socket.write(upgradeRequest());
          await socket.until(() => socket.received.includes('"sid"') || socket.closed, 5_000);
          for (const bytes of value.frames) socket.write(bytes);
        } else if (value.kind === 'upgrade') socket.write(upgradeRequest(value.headers));
        else socket.write(Buffer.from(value.bytes));
        await socket.until(() => socket.closed, 10);
        const status = /^HTTP\/1\.1 (\d)/.exec(socket.received)?.[1];
        if (status === '5') throw new Error(`the relay answered ${socket.received.slice(0, 200)}`);
        if (status === '4') return 'error';
        return socket.closed ? 'disconnect' : 'silence';
      },
      close: () => {
        for (const socket of lingering) socket.destroy();
      },
    };
  },
});
