import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** True when the port can be bound for TCP and UDP on this address. */
async function isFree(host: string, port: number): Promise<boolean> {
  const tcp = createServer();
  const udp = createSocket('udp4');
  try {
    tcp.listen(port, host);
    await once(tcp, 'listening');
    udp.bind(port, host);
    await once(udp, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    tcp.close();
    udp.close();
  }
}

/** Below the ports that systems give to outgoing connections (Linux from 32768, others from 49152): those come and go. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;

/**
 * The first of `count` ports in a row that are free, for TCP and UDP, on every one of these addresses. Needed where two
 * processes must agree on a port before either has it (a relay and the link before it), or where one must find it again.
 * @throws Error after 50 tries
 */
export async function freePort(hosts: readonly string[] = ['127.0.0.1'], count = 1): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    // At random, since test files that run side by side look at the same time.
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT - count));
    const wanted = Array.from({ length: count }, (_, index) => port + index);
    const checks = wanted.flatMap((candidate) => hosts.map((host) => isFree(host, candidate)));
    if ((await Promise.all(checks)).every(Boolean)) return port;
  }
  throw new Error(`No ${count} free port(s) in a row on ${hosts.join(', ')}.`);
}
