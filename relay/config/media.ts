import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Review } from './problems.ts';
import type { MediaConfig } from './shape.ts';
import { type Values, variables } from './variables.ts';

type Listen = MediaConfig['listen'][number];

/** Addresses that pages outside this network cannot reach (RFC 1918, RFC 6598, loopback, link-local, RFC 4193). */
const PRIVATE = new BlockList();
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
] as const) {
  PRIVATE.addSubnet(net, bits, 'ipv4');
}
for (const [net, bits] of [
  ['::1', 128],
  ['fe80::', 10],
  ['fc00::', 7],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv6');

/** Addresses of no single machine: this network, multicast, reserved, broadcast (RFC 6890, RFC 5771, RFC 4291). */
const NOBODY = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  NOBODY.addSubnet(net, bits, 'ipv4');
}
NOBODY.addAddress('::', 'ipv6');
NOBODY.addSubnet('ff00::', 8, 'ipv6');

/** Addresses that exist in documentation only (RFC 5737, RFC 3849). */
const DOCUMENTATION = new BlockList();
for (const net of ['192.0.2.0', '198.51.100.0', '203.0.113.0']) DOCUMENTATION.addSubnet(net, 24, 'ipv4');
DOCUMENTATION.addSubnet('2001:db8::', 32, 'ipv6');

/** The part of the configuration that says where media is received and what pages are told to send to. */
export function readMediaConfig(values: Values, review: Review): MediaConfig {
  const { report } = review;
  const lastPort = values.MEDIA_PORT + values.MEDIA_WORKERS - 1;
  if (values.MEDIA_PORT !== 0 && lastPort > 65_535) {
    report(
      'MEDIA_PORT',
      `${values.MEDIA_PORT} leaves no room for ${values.MEDIA_WORKERS} workers (one port each): the last would be ${lastPort}.`,
    );
  }
  for (const [name, port] of [
    ['HTTP_PORT', values.HTTP_PORT],
    ['HTTPS_PORT', values.HTTPS_PORT],
  ] as const) {
    if (port !== null && port !== 0 && port >= values.MEDIA_PORT && port <= lastPort) {
      report(
        name,
        `${port} lies in the range of the media ports (${values.MEDIA_PORT} to ${lastPort}, from MEDIA_PORT and MEDIA_WORKERS).`,
      );
    }
  }
  return {
    workers: values.MEDIA_WORKERS,
    basePort: values.MEDIA_PORT,
    listen: readListen(values, review),
    audioBitrate: values.AUDIO_BITRATE,
    audioPacketMs: values.AUDIO_PACKET_MS,
  };
}

function readListen(values: Values, { production, report, warn }: Review): readonly Listen[] {
  const announced = values.ANNOUNCED_ADDRESS ?? [];
  const ips = values.MEDIA_LISTEN_IPS ?? [];
  const example = `Example: ANNOUNCED_ADDRESS=${variables.ANNOUNCED_ADDRESS.example}`;

  for (const address of announced) {
    if (address.includes('%') || isIn(NOBODY, address))
      report('ANNOUNCED_ADDRESS', `${address} is no address that a page can send to. ${example}`);
    else if (production && isPrivate(address)) {
      warn('ANNOUNCED_ADDRESS', `${address} is a private address: phones outside this network get no sound.`);
    } else if (production && isIn(DOCUMENTATION, address)) {
      warn('ANNOUNCED_ADDRESS', `${address} is an address of the documentation: put this machine’s public one there.`);
    }
  }
  if (production && announced.length === 0) {
    report(
      'ANNOUNCED_ADDRESS',
      `is required in production: the public address that phones send their audio to. ${example}`,
    );
    return [];
  }
  if (announced.length === 0) {
    const wildcard = ips.find(isWildcard);
    if (wildcard) {
      report('MEDIA_LISTEN_IPS', `${wildcard} needs ANNOUNCED_ADDRESS, since pages cannot send to it. ${example}`);
    }
    return (ips.length > 0 ? ips : localAddresses()).map((ip) => ({ ip, announcedAddress: null }));
  }
  const bind = ips.length > 0 ? ips : announced.map((address) => (isIPv6(address) ? '::' : '0.0.0.0'));
  if (bind.length !== announced.length) {
    report(
      'ANNOUNCED_ADDRESS',
      `names ${count(announced)} for ${count(bind)} of MEDIA_LISTEN_IPS; give one for each, in the same order.`,
    );
  } else if (new Set(bind).size < bind.length) {
    report(
      'MEDIA_LISTEN_IPS',
      `each address can be bound once (${bind.join(', ')}); with several announced addresses, list the local ones.`,
    );
  }
  return bind.map((ip, index) => ({ ip, announcedAddress: announced[index] ?? null }));
}

function count(addresses: readonly string[]): string {
  return addresses.length === 1 ? '1 address' : `${addresses.length} addresses`;
}

function isWildcard(ip: string): boolean {
  return ip === '0.0.0.0' || ip === '::';
}

function isPrivate(ip: string): boolean {
  return isIn(PRIVATE, ip);
}

function isIn(list: BlockList, ip: string): boolean {
  return list.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4');
}

/**
 * The addresses of this machine that a page of the same network can send to: every IPv4 address, loopback and LAN, so that a
 * phone on the same Wi-Fi works without configuration; and the IPv6 loopback where it exists. Other IPv6 addresses change too
 * often (RFC 8981) to be bound for the life of a process.
 */
export function localAddresses(interfaces = networkInterfaces()): string[] {
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  const usable = all.filter(({ family, address }) =>
    family === 'IPv4' ? !address.startsWith('169.254.') : address === '::1',
  );
  return [...new Set(usable.map(({ address }) => address))].sort((a, b) => Number(isIPv6(a)) - Number(isIPv6(b)));
}
