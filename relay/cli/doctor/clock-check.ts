import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { RunningRelay } from '../running-relay.ts';
import { type Finding, failed, ok, skipped, warning, wordsOf } from './finding.ts';

/** Seconds from the beginning of NTP's time (1900) to that of Unix (RFC 5905, 6). */
const NTP_TO_UNIX_S = 2_208_988_800;
const NTP_BYTES = 48;
const TIMEOUT_MS = 4_000;

/** How far this machine's clock is ahead of another, and by how much that may be wrong. In milliseconds. */
interface Offset {
  readonly aheadMs: number;
  readonly uncertainMs: number;
}

/** What the clock is compared with, and how far it may be away. */
export interface ClockReference {
  /** `ntp://host[:port]`, or an http(s) URL whose server sends a `Date`; null: there is none. */
  readonly url: URL | null;
  /** JWT_CLOCK_TOLERANCE. In seconds. */
  readonly toleranceS: number;
}

/**
 * This machine's clock, by which tokens and certificates are judged and TURN credentials made.
 * @param now for tests
 */
export async function checkClock({ url, toleranceS }: ClockReference, now: () => number = Date.now): Promise<Finding> {
  const id = 'clock';
  if (url === null)
    return skipped(
      id,
      'There is nothing to compare the clock with: name a server with --clock ntp://HOST or --clock https://HOST.',
    );
  let offset: Offset;
  try {
    offset = url.protocol === 'ntp:' ? await askNtp(url, now) : await askDate(url, now);
  } catch (error) {
    return warning(
      id,
      `The clock could not be compared with ${url.host}: ${wordsOf(error)}`,
      'Name another server with --clock.',
    );
  }
  const { aheadMs, uncertainMs } = offset;
  const seconds = (Math.abs(aheadMs) / 1000).toFixed(1);
  const text = `The clock is ${seconds} s ${aheadMs < 0 ? 'behind' : 'ahead of'} that of ${url.host} (± ${(uncertainMs / 1000).toFixed(1)} s).`;
  // A second is what nobody notices, whatever the tolerance.
  if (Math.abs(aheadMs) - uncertainMs <= Math.max(toleranceS, 1) * 1000) return ok(id, text);
  return failed(
    id,
    text,
    'Let the machine keep its time (chrony, systemd-timesyncd): tokens are refused, and TURN credentials too.',
  );
}

/** The `Date` of an answer has whole seconds (RFC 9110, 6.6.1). */
async function askDate(url: URL, now: () => number): Promise<Offset> {
  const sentAt = now();
  const { date } = await RunningRelay.at(url).ask('HEAD', '');
  const cameAt = now();
  if (date === null) throw new Error('its answer has no Date.');
  return { aheadMs: (sentAt + cameAt) / 2 - (date + 500), uncertainMs: 500 + (cameAt - sentAt) / 2 };
}

/** One exchange of SNTP (RFC 4330). */
async function askNtp(url: URL, now: () => number): Promise<Offset> {
  const socket = createSocket(url.hostname.startsWith('[') ? 'udp6' : 'udp4');
  const request = Buffer.alloc(NTP_BYTES);
  request[0] = 0b00_100_011; // version 4, client
  try {
    const sentAt = now();
    const answer = once(socket, 'message', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    socket.send(
      request,
      Number(url.port || 123),
      url.hostname.replace(/^\[|\]$/g, ''),
      (error) => error && socket.emit('error', error),
    );
    const [packet] = (await answer) as [Buffer];
    const cameAt = now();
    if (packet.length < NTP_BYTES || ((packet[0] ?? 0) & 7) !== 4 || packet[1] === 0)
      throw new Error('what it answered is no time.');
    const [receivedAt, answeredAt] = [timeAt(packet, 32), timeAt(packet, 40)];
    return {
      aheadMs: (sentAt - receivedAt + cameAt - answeredAt) / 2,
      uncertainMs: Math.max(0, cameAt - sentAt - (answeredAt - receivedAt)) / 2,
    };
  } catch (error) {
    throw error instanceof Error && error.name === 'AbortError' ? new Error('it does not answer.') : error;
  } finally {
    socket.close();
  }
}

/** A timestamp of NTP, in milliseconds since Unix's epoch. */
function timeAt(packet: Buffer, offset: number): number {
  const seconds = packet.readUInt32BE(offset) - NTP_TO_UNIX_S;
  return (seconds + packet.readUInt32BE(offset + 4) / 2 ** 32) * 1000;
}
