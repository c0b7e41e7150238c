import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import type { HttpConfig } from '../config/shape.ts';
import { reasonOf } from '../strict-text.ts';

/** A relay that does not answer within this time is as good as away. In milliseconds. */
const TIMEOUT_MS = 5_000;
/** Answers are short; more than this is no relay. In bytes. */
const MAX_ANSWER_BYTES = 1_048_576;

/** Nothing that could be used came back. The message says from where, and why. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** What a relay answered. */
export interface Answer {
  readonly status: number;
  /** Parsed JSON; the text where it is none. */
  readonly body: unknown;
  /** The answer's `Date` (RFC 9110, 6.6.1), in milliseconds since the epoch; null without one. */
  readonly date: number | null;
}

/** A relay that runs, as the commands reach it. */
export class RunningRelay {
  readonly url: URL;
  /** The certificate that it must show, in place of one that fits the URL's name; null: the usual rules. */
  readonly #pinned: X509Certificate | null;

  private constructor(url: URL, pinned: X509Certificate | null) {
    this.url = url;
    this.#pinned = pinned;
  }

  /** At an address that somebody typed. */
  static at(url: URL): RunningRelay {
    return new RunningRelay(url, null);
  }

  /**
   * On this machine, by its configuration: plain HTTP where there is such a port. Over TLS it is known by its certificate itself,
   * because that has the public name, not this machine's. Null when its ports are picked at each start.
   */
  static onThisMachine({ host, httpPort, https }: HttpConfig): RunningRelay | null {
    const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
    if (httpPort !== null && httpPort !== 0) return new RunningRelay(new URL(`http://${name}:${httpPort}`), null);
    if (https === null || https.port === 0) return null;
    return new RunningRelay(
      new URL(`https://${name}:${https.port}`),
      new X509Certificate(readFileSync(https.certFile, 'utf8')),
    );
  }

  /** @throws NoAnswerError */
  async ask(
    method: 'GET' | 'HEAD' | 'POST',
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    // A path of the URL stays: the relay may be below one of a proxy. It is set, not resolved: a path that begins with two slashes
    // would name another host, which would be sent the token.
    const url = new URL(this.url);
    url.pathname = this.url.pathname.replace(/\/+$/, '') + path;
    url.search = '';
    const options: RequestOptions = { method, headers, signal: AbortSignal.timeout(TIMEOUT_MS) };
    try {
      const { response, text } = await this.#exchange(url, options);
      const date = Date.parse(response.headers.date ?? '');
      return { status: response.statusCode ?? 0, body: parse(text), date: Number.isNaN(date) ? null : date };
    } catch (error) {
      if (error instanceof NoAnswerError) throw error;
      const timedOut = error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name);
      const hint = isUnknownAuthority(error)
        ? ' Name the certificate (PEM) of whoever signed it in NODE_EXTRA_CA_CERTS.'
        : '';
      const reason = timedOut ? `nothing came within ${TIMEOUT_MS / 1000} s` : reasonOf(error);
      throw new NoAnswerError(`No answer from ${url.origin}: ${reason}.${hint}`, { cause: error });
    }
  }

  async #exchange(url: URL, options: RequestOptions): Promise<{ response: IncomingMessage; text: string }> {
    const pinned = this.#pinned && (await connectPinned(url, this.#pinned, options.signal));
    // With an agent, also with none, Node would make a connection of its own.
    const settings = pinned === null ? { ...options, agent: false } : { ...options, createConnection: () => pinned };
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      send(url, settings, resolve).on('error', reject).end();
    });
    return { response, text: await read(response) };
  }
}

/** What OpenSSL says of a chain that leads to nobody whom this machine knows, as Node names it. */
const UNKNOWN_AUTHORITY = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function isUnknownAuthority(error: unknown): boolean {
  return error instanceof Error && 'code' in error && UNKNOWN_AUTHORITY.has(String(error.code));
}

/** Connects first, so that nothing is sent, a token least of all, to whoever shows another certificate. */
async function connectPinned(
  url: URL,
  certificate: X509Certificate,
  signal: AbortSignal | undefined,
): Promise<TLSSocket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // Known by the certificate itself, so names, dates and issuers decide nothing here.
  const socket = connect({ host, port: Number(url.port), rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect', { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  if (socket.getPeerX509Certificate()?.fingerprint256 === certificate.fingerprint256) return socket;
  socket.destroy();
  throw new NoAnswerError(`${url.origin} shows another certificate than TLS_CERT_FILE holds.`);
}

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new Error('the answer is longer than a relay’s ever is');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
