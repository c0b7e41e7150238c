import { readFileSync } from 'node:fs';

/**
 * Bytes that the kernel keeps for a media port while its worker is busy, in and out. All pages of a worker share one UDP port, and
 * Linux counts some 800 bytes for each audio packet: the usual 208 KiB are 5 ms of 1000 streams, these are 100 ms.
 */
export const SOCKET_BUFFER_BYTES = 4 * 2 ** 20;

/** The largest buffers that Linux gives to a socket; what asks for more gets as much, without an error (socket(7)). */
const LIMITS = ['net.core.rmem_max', 'net.core.wmem_max'] as const;

/** A limit of the kernel that is smaller than what the media ports ask for. */
export interface RefusedBuffer {
  readonly setting: (typeof LIMITS)[number];
  readonly bytes: number;
}

/** What the kernel does not give. Empty also where it does not say (other systems, some containers). */
export function refusedBuffers(read: (setting: string) => string = readSetting): RefusedBuffer[] {
  return LIMITS.flatMap((setting) => {
    let bytes: number;
    try {
      bytes = Number(read(setting));
    } catch {
      return [];
    }
    return bytes > 0 && bytes < SOCKET_BUFFER_BYTES ? [{ setting, bytes }] : [];
  });
}

/** The sentence for the log, with the command that mends it. */
export function describeRefused(refused: readonly RefusedBuffer[]): string {
  const limits = refused.map(({ setting, bytes }) => `${setting} is ${bytes}`).join(', ');
  const command = refused.map(({ setting }) => `${setting}=${SOCKET_BUFFER_BYTES}`).join(' ');
  return `the kernel gives the media ports smaller buffers than they ask for (${limits}): packets are lost when a worker is busy. Set: sysctl -w ${command}`;
}

function readSetting(setting: string): string {
  return readFileSync(`/proc/sys/${setting.replaceAll('.', '/')}`, 'utf8').trim();
}
