import { lookup as dnsLookup } from 'node:dns/promises';
import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import { parseIceUrl } from '../ice-url.ts';
import type { MediaPath } from '../measures/words.ts';

const LOOK_EVERY_MS = 5 * 60_000;

/** Every address of a name. */
export type Lookup = (host: string) => Promise<readonly string[]>;

const lookupAll: Lookup = async (host) => (await dnsLookup(host, { all: true })).map(({ address }) => address);

/**
 * Addresses of the TURN servers that pages are given, looked up now and then: the relay sees a page behind one only by them. Names
 * that are not found leave the older addresses, and a line in the log when that begins.
 */
export class TurnAddresses {
  readonly #hosts: readonly string[];
  readonly #logger: Logger;
  readonly #lookup: Lookup;
  readonly #byHost = new Map<string, readonly string[]>();
  readonly #failing = new Set<string>();
  readonly #timer: NodeJS.Timeout | null = null;

  /** @param urls TURN URLs (RFC 7065); without any, nothing is ever looked up */
  constructor(urls: readonly string[], logger: Logger, lookup: Lookup = lookupAll) {
    this.#hosts = [...new Set(urls.flatMap((url) => parseIceUrl(url)?.host ?? []))];
    this.#logger = logger;
    this.#lookup = lookup;
    if (this.#hosts.length === 0) return;
    void this.look();
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  has(address: string): boolean {
    return [...this.#byHost.values()].some((addresses) => addresses.includes(address));
  }

  /** Looks all of them up anew. Called by itself. */
  async look(): Promise<void> {
    await Promise.all(
      this.#hosts.map(async (host) => {
        try {
          this.#byHost.set(host, await this.#lookup(host));
          this.#failing.delete(host);
        } catch (error) {
          if (!this.#failing.has(host)) {
            this.#logger.warn({ host, err: error }, 'TURN server not found: media over it is counted as UDP or TCP');
          }
          this.#failing.add(host);
        }
      }),
    );
  }

  /** Idempotent. */
  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }
}

/** The path of a pair of addresses that ICE has chosen. */
export function pathOf(
  { protocol, remoteIp }: Pick<types.TransportTuple, 'protocol' | 'remoteIp'>,
  turn: Pick<TurnAddresses, 'has'>,
): MediaPath {
  if (remoteIp !== undefined && turn.has(remoteIp)) return 'turn';
  return protocol;
}
