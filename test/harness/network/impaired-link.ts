import type { Counter, Direction, Flow, Protocol } from './flow.ts';
import { checkImpairment, fateOf, type Impairment, isBlocked } from './impairment.ts';
import { seededRandom } from './seeded-random.ts';
import { TcpForwarder } from './tcp-forwarder.ts';
import { type Endpoint, type LinkRules, UdpForwarder } from './udp-forwarder.ts';

export interface ImpairedLinkOptions {
  /** Where pages come in. Port 0 picks one, free for UDP and TCP alike. */
  readonly listen: Endpoint;
  /** Where it leads. It may be down for a while: its refusals are passed on. */
  readonly target: Endpoint;
  /** Default: both. Signalling needs `['tcp']` only. */
  readonly protocols?: readonly Protocol[];
  /** Which packets are lost and how late they are repeats with the same seed. Default 1. */
  readonly seed?: number;
}

/** What passed through a link, by protocol and direction. */
export type LinkCounters = Readonly<Record<Protocol, Readonly<Record<Direction, Counter>>>>;

const all = (): boolean => true;

/**
 * A network path that can go wrong: forwards UDP and TCP from one address to another, and drops, delays, loses, cuts or
 * refuses on demand. A relay that binds 127.0.0.1 and announces 127.0.0.2 is reached through a link that listens on
 * 127.0.0.2, same port, and no page need know.
 */
export class ImpairedLink {
  readonly host: string;
  readonly port: number;
  readonly #udp: UdpForwarder | null;
  readonly #tcp: TcpForwarder | null;
  readonly #impairments: Set<Impairment>;

  /** @throws the bind error, e.g. EADDRINUSE when the port is taken on the listening address */
  static async create(options: ImpairedLinkOptions): Promise<ImpairedLink> {
    const { listen, target, protocols = ['udp', 'tcp'], seed = 1 } = options;
    const impairments = new Set<Impairment>();
    const random = seededRandom(seed);
    let flows = 0;
    const rules: LinkRules = {
      nextFlowId: () => ++flows,
      fateOf: (flow, direction) => fateOf(impairments, flow, direction, random),
      isBlocked: (flow, direction) => isBlocked(impairments, flow, direction),
    };
    for (let attempt = 1; ; attempt += 1) {
      const tcp = protocols.includes('tcp') ? await TcpForwarder.create(listen, target, rules) : null;
      try {
        const port = tcp?.port ?? listen.port;
        const udp = protocols.includes('udp')
          ? await UdpForwarder.create({ host: listen.host, port }, target, rules)
          : null;
        return new ImpairedLink(listen.host, udp, tcp, impairments);
      } catch (error) {
        tcp?.close();
        // A port that the system picked for TCP may be taken for UDP.
        if (listen.port !== 0 || attempt === 10) throw error;
      }
    }
  }

  private constructor(host: string, udp: UdpForwarder | null, tcp: TcpForwarder | null, impairments: Set<Impairment>) {
    this.host = host;
    this.port = udp?.port ?? tcp?.port ?? 0;
    this.#udp = udp;
    this.#tcp = tcp;
    this.#impairments = impairments;
  }

  /** Everything seen so far (TCP: what is open), oldest first. */
  get flows(): Flow[] {
    return [...(this.#udp?.flows ?? []), ...(this.#tcp?.flows ?? [])].sort((a, b) => a.id - b.id);
  }

  /**
   * Something goes wrong, until the returned function is called (idempotent).
   * @throws RangeError on a loss rate outside 0..1 or a negative delay
   */
  impair(impairment: Impairment): () => void {
    checkImpairment(impairment);
    // A copy, so that the same object can be given twice and lifted once.
    const own = { ...impairment };
    this.#impairments.add(own);
    this.#tcp?.update();
    return () => {
      if (this.#impairments.delete(own)) this.#tcp?.update();
    };
  }

  /** Nothing passes, both ways, UDP and TCP, until the returned function is called: no coverage. */
  goDown(where: (flow: Flow) => boolean = all): () => void {
    return this.impair({ blocked: true, where });
  }

  /**
   * The address changes towards the relay (Wi-Fi to mobile network, a NAT that forgot): UDP goes on from a new source port. TCP
   * connections cannot follow: they are reset (`cut`, what Chromium does to its sockets when the address changes), or never
   * carry anything again (`blackhole`).
   */
  rebind(options: { tcp?: 'cut' | 'blackhole'; where?: (flow: Flow) => boolean } = {}): void {
    const { tcp = 'cut', where = all } = options;
    this.#udp?.rebind(where);
    if (tcp === 'cut') {
      this.cutTcp(where);
    } else {
      const stranded = new Set(this.flows.filter((flow) => flow.protocol === 'tcp' && where(flow)));
      this.impair({ protocol: 'tcp', blocked: true, where: (flow) => stranded.has(flow) });
    }
  }

  /** Resets TCP connections. */
  cutTcp(where: (flow: Flow) => boolean = all): void {
    this.#tcp?.cut(where);
  }

  /** Refuse new TCP connections (ECONNREFUSED), or accept them again. Standing ones stay. */
  async refuseTcp(refusing: boolean): Promise<void> {
    await this.#tcp?.setRefusing(refusing);
  }

  /** Sums over the flows of `flows`: a TCP connection's figures leave with it. */
  counters(where: (flow: Flow) => boolean = all): LinkCounters {
    const zero = (): Counter => ({ packets: 0, bytes: 0, dropped: 0 });
    const sums = { udp: { up: zero(), down: zero() }, tcp: { up: zero(), down: zero() } };
    for (const flow of this.flows.filter(where)) {
      for (const direction of ['up', 'down'] as const) {
        const sum = sums[flow.protocol][direction];
        const own = flow.counters[direction];
        sum.packets += own.packets;
        sum.bytes += own.bytes;
        sum.dropped += own.dropped;
      }
    }
    return sums;
  }

  /** Idempotent; resets open connections. */
  close(): void {
    this.#udp?.close();
    this.#tcp?.close();
  }
}
