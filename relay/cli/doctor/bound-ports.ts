import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6, type Server } from 'node:net';

/** A port of one protocol at one address of this machine. */
export interface Port {
  readonly protocol: 'udp' | 'tcp';
  readonly ip: string;
  readonly port: number;
}

/** A port that was opened for a while, or why it could not be: `EADDRINUSE` and the like (errno(3)). */
export type Trial = { readonly held: UdpSocket | Server } | { readonly refused: string };

/** Opens a port as the relay would. Whoever opens it closes it. */
export async function tryPort({ protocol, ip, port }: Port): Promise<Trial> {
  const ipv6Only = isIPv6(ip);
  try {
    if (protocol === 'tcp') {
      const server = createServer((socket) => socket.destroy());
      server.listen({ host: ip, port, ipv6Only, exclusive: true });
      await once(server, 'listening');
      return { held: server };
    }
    const socket = createSocket({ type: isIPv6(ip) ? 'udp6' : 'udp4', ipv6Only });
    socket.bind({ address: ip, port, exclusive: true });
    await once(socket, 'listening');
    return { held: socket };
  } catch (error) {
    return { refused: error instanceof Error && 'code' in error ? String(error.code) : 'unknown' };
  }
}

/** Closes it, and waits until the port is free again. */
export async function release(trial: Trial): Promise<void> {
  if (!('held' in trial)) return;
  const closed = once(trial.held, 'close');
  trial.held.close();
  await closed;
}
