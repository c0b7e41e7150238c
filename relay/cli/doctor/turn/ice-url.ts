/** Where a STUN or TURN server is, and how it is spoken to (RFC 7064, RFC 7065). */
export interface IceAddress {
  readonly scheme: 'stun' | 'stuns' | 'turn' | 'turns';
  readonly host: string;
  readonly port: number;
  readonly transport: 'udp' | 'tcp' | 'tls' | 'dtls';
}

/** Reads a URL that the configuration has accepted. @throws Error when it is none after all */
export function readIceUrl(url: string): IceAddress {
  const match = /^(stuns?|turns?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(udp|tcp))?$/i.exec(url);
  const scheme = match?.[1]?.toLowerCase();
  const host = match?.[2]?.replace(/^\[|\]$/g, '');
  if (!host || (scheme !== 'stun' && scheme !== 'stuns' && scheme !== 'turn' && scheme !== 'turns'))
    throw new Error(`${url} is no address of a STUN or TURN server.`);
  const secure = scheme.endsWith('s');
  const carrier = match?.[4]?.toLowerCase() ?? (secure ? 'tcp' : 'udp');
  const transport = carrier === 'tcp' ? (secure ? 'tls' : 'tcp') : secure ? 'dtls' : 'udp';
  return { scheme, host, port: Number(match?.[3] ?? (secure ? 5349 : 3478)), transport };
}
