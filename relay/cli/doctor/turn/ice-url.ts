import { type IceUrl, parseIceUrl } from '../../../ice-url.ts';

/** Where a STUN or TURN server is, and how it is spoken to (RFC 7064, RFC 7065). */
export interface IceAddress {
  readonly scheme: IceUrl['scheme'];
  readonly host: string;
  readonly port: number;
  readonly transport: 'udp' | 'tcp' | 'tls' | 'dtls';
}

/** Reads a URL that the configuration has accepted. @throws Error when it is none after all */
export function readIceUrl(url: string): IceAddress {
  const read = parseIceUrl(url);
  if (!read) throw new Error(`${url} is no address of a STUN or TURN server.`);
  const { scheme, host } = read;
  const secure = scheme.endsWith('s');
  const carrier = read.transport ?? (secure ? 'tcp' : 'udp');
  const transport = carrier === 'tcp' ? (secure ? 'tls' : 'tcp') : secure ? 'dtls' : 'udp';
  return { scheme, host, port: read.port ?? (secure ? 5349 : 3478), transport };
}
