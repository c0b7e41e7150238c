import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { encodeRequest, METHOD } from '../../../relay/cli/doctor/turn/stun-message.ts';

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
  const answer = await askOverUdp(host, port, encodeRequest(METHOD.binding, []), 250);
  return answer !== null && answer.length >= 20 && answer.readUInt16BE(0) === 0x0101;
}
