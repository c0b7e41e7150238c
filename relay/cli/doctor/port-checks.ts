import { randomBytes } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, isIPv6, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { HttpConfig, MediaConfig } from '../../config/shape.ts';
import { RunningRelay } from '../running-relay.ts';
import { type Port, release, type Trial, tryPort } from './bound-ports.ts';
import { type Finding, failed, ok, skipped, warning } from './finding.ts';

/** How long a packet or a connection of this machine to itself may take. In milliseconds. */
const TIMEOUT_MS = 1_500;
/** Beyond that many workers their ports are not looked at one by one. */
const MAX_WORKERS = 64;

/** Does a relay run here with this configuration? Then its ports are taken, and that is well. */
export async function findRunning(http: HttpConfig): Promise<boolean> {
  try {
    const answer = await RunningRelay.onThisMachine(http)?.ask('GET', '/health/ready');
    const body = answer?.body;
    return typeof body === 'object' && body !== null && 'status' in body && /^(not_)?ready$/.test(String(body.status));
  } catch {
    return false;
  }
}

/** The ports of HTTP, HTTPS and metrics: free for the relay, or its own. */
export async function checkHttpPorts(http: HttpConfig, running: boolean): Promise<Finding[]> {
  const { host, metrics } = http;
  const ports = [
    { name: 'HTTP_PORT', ip: host, port: http.httpPort },
    { name: 'HTTPS_PORT', ip: host, port: http.https?.port ?? null },
    { name: 'METRICS_PORT', ip: metrics.host, port: metrics.port },
  ];
  const findings: Finding[] = [];
  for (const { name, ip, port } of ports) {
    if (port === null) continue;
    if (port === 0) findings.push(skipped('http-port', `${name} is 0: a free one is picked at each start.`));
    else findings.push(await checkPort('http-port', name, { protocol: 'tcp', ip, port }, running));
  }
  return findings;
}

/** The media ports, UDP and TCP: free or the running relay's, and whether the announced address leads to them. */
export async function checkMediaPorts(media: MediaConfig, running: boolean): Promise<Finding[]> {
  if (media.basePort === 0) return [skipped('media-port', 'MEDIA_PORT is 0: free ones are picked at each start.')];
  const findings: Finding[] = [];
  for (let worker = 0; worker < Math.min(media.workers, MAX_WORKERS); worker += 1) {
    for (const { ip, announcedAddress } of media.listen) {
      const port = media.basePort + worker;
      for (const protocol of ['udp', 'tcp'] as const) {
        const at: Port = { protocol, ip, port };
        const trial = await tryPort(at);
        try {
          findings.push(judge('media-port', 'MEDIA_PORT', at, trial, running));
          // The ways to all ports of one address are the same.
          if (announcedAddress !== null && worker === 0)
            findings.push(await checkAnnounced(at, announcedAddress, trial, running));
        } finally {
          await release(trial);
        }
      }
    }
  }
  return findings;
}

/** Compares what pages are told with what STUN and TURN servers see this machine as. */
export function checkSeenAs(media: MediaConfig, seenAs: readonly string[]): Finding[] {
  const announced = media.listen.flatMap(({ announcedAddress }) => announcedAddress ?? []);
  // A server in the same network sees the address of that network.
  const others = [...new Set(seenAs)].filter((ip) => !isOwn(ip) && !announced.includes(ip));
  const family = (ip: string): boolean => isIPv6(ip);
  const differing = others.filter((ip) => announced.some((address) => family(address) === family(ip)));
  if (differing.length === 0) return [];
  return [
    warning(
      'announced-address',
      `ANNOUNCED_ADDRESS is ${announced.join(', ')}, but this machine is seen outside as ${differing.join(', ')}.`,
      'Where what goes out leaves by another way than what comes in, that is as it should be; else announce the other one.',
    ),
  ];
}

async function checkPort(id: string, variable: string, at: Port, running: boolean): Promise<Finding> {
  const trial = await tryPort(at);
  await release(trial);
  return judge(id, variable, at, trial, running);
}

function judge(id: string, variable: string, { protocol, ip, port }: Port, trial: Trial, running: boolean): Finding {
  const where = `${port}/${protocol} on ${ip} (${variable})`;
  if ('held' in trial) {
    if (!running) return ok(id, `${where} is free.`);
    return failed(
      id,
      `A relay runs here, but it does not listen at ${where}.`,
      'It was started with another configuration, or its media worker is away: look into its log, and restart it.',
    );
  }
  if (trial.refused === 'EADDRINUSE') {
    if (running) return ok(id, `${where} is taken, as it should be while the relay runs.`);
    return failed(
      id,
      `${where} is in use by another program.`,
      `Stop that one (ss -lnp shows it), or set ${variable} to a free port.`,
    );
  }
  if (trial.refused === 'EACCES')
    return failed(
      id,
      `${where} needs more rights than this user has.`,
      'Take a port above 1023, or give the right to it.',
    );
  if (['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(trial.refused)) {
    return failed(
      id,
      `${ip} is no address of this machine.`,
      'HOST and MEDIA_LISTEN_IPS name local ones; 0.0.0.0 is all of them.',
    );
  }
  return failed(id, `${where} cannot be opened: ${trial.refused}.`, 'Look at the limits of this user and container.');
}

/** Does what is sent to the announced address arrive? To a port that is held here, or to the relay's own. */
async function checkAnnounced(at: Port, address: string, trial: Trial, running: boolean): Promise<Finding> {
  const id = 'announced-address';
  const where = `${address}:${at.port}/${at.protocol} (ANNOUNCED_ADDRESS)`;
  if (!('held' in trial) && !running) return skipped(id, `${where}: without the port it cannot be tried.`);
  if (!('held' in trial) && at.protocol === 'udp')
    return skipped(id, `${where}: a running relay answers no strangers over UDP; the page /doctor tries it.`);
  const arrived =
    at.protocol === 'tcp' ? await connects(address, at.port) : await packetArrives(trial, address, at.port);
  if (arrived) return ok(id, `${where} leads here.`);
  if (isOwn(address)) {
    return failed(
      id,
      `${where} does not lead to ${at.ip}, although it is an address of this machine.`,
      'MEDIA_LISTEN_IPS and ANNOUNCED_ADDRESS belong together in their order; or a firewall of this machine drops it.',
    );
  }
  return warning(
    id,
    `${where} does not lead here from this machine itself.`,
    'Many routers lead back nobody from inside, so this may be well; if the address is wrong nobody hears anything. The page /doctor, opened outside, tells.',
  );
}

function isOwn(ip: string): boolean {
  if (ip.startsWith('127.') || ip === '::1') return true;
  return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === ip));
}

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS });
    const end = (connected: boolean): void => {
      socket.destroy();
      resolve(connected);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

async function packetArrives(trial: Trial, host: string, port: number): Promise<boolean> {
  if (!('held' in trial) || !isUdp(trial.held)) return false;
  const receiver = trial.held;
  const nonce = randomBytes(16);
  const sender = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  const patience = AbortSignal.timeout(TIMEOUT_MS);
  try {
    sender.on('error', () => undefined);
    sender.send(nonce, port, host, () => undefined);
    for (;;) {
      const [packet] = (await once(receiver, 'message', { signal: patience })) as [Buffer];
      if (packet.equals(nonce)) return true;
    }
  } catch {
    return false;
  } finally {
    sender.close();
  }
}

function isUdp(held: UdpSocket | Server): held is UdpSocket {
  return 'send' in held;
}
