import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** An answer as it came over the wire: nothing is decoded, followed or cached. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body as text. */
  readonly text: string;
  /** The body as JSON. */
  json(): unknown;
}

/** One request over a connection of its own. `path` is sent as it stands (`fetch` would tidy it). */
export function ask(url: string, options: RequestOptions & { rejectUnauthorized?: boolean } = {}): Promise<RawAnswer> {
  const { protocol, hostname, port, pathname } = new URL(url);
  const send = protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const req = send({ hostname, port, path: pathname, agent: false, ...options }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () => {
        const body = Buffer.concat(chunks);
        const text = body.toString('utf8');
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body, text, json: () => JSON.parse(text) });
      });
    });
    req.on('error', reject).end();
  });
}
