import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const MAGIC_COOKIE = 0x2112a442;

/** A STUN message (RFC 8489) without integrity: enough to ask whether a server is there and what it demands. */
export function stunRequest(
  type: number,
  attributes: readonly (readonly [type: number, value: Buffer])[] = [],
): Buffer {
  const body = Buffer.concat(
    attributes.map(([attribute, value]) => {
      const field = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
      field.writeUInt16BE(attribute, 0);
      field.writeUInt16BE(value.length, 2);
      value.copy(field, 4);
      return field;
    }),
  );
  const header = Buffer.alloc(20);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(body.length, 2);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  randomBytes(12).copy(header, 8);
  return Buffer.concat([header, body]);
}

/** Sends one packet over UDP and waits for one back. @returns null when nothing comes in time */
export async function askOverUdp(
  host: string,
  port: number,
  packet: Buffer,
  timeoutMs: number,
): Promise<Buffer | null> {
  const socket = createSocket('udp4');
  try {
    socket.send(packet, port, host);
    const [answer] = (await once(socket, 'message', { signal: AbortSignal.timeout(timeoutMs) })) as [Buffer];
    return answer;
  } catch {
    return null;
  } finally {
    socket.close();
  }
}

/** True when a STUN server answers a Binding request there. Waits up to a quarter of a second. */
export async function answersStun(host: string, port: number): Promise<boolean> {
  const answer = await askOverUdp(host, port, stunRequest(0x0001), 250);
  return answer !== null && answer.length >= 20 && answer.readUInt16BE(0) === 0x0101;
}
