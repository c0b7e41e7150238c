import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Direction, type Flow, newFlow, readUfrag } from './flow.ts';
import type { Fate } from './impairment.ts';

/** Where a forwarder listens, or sends to. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** What both forwarders need of the link they belong to. */
export interface LinkRules {
  nextFlowId(): number;
  fateOf(flow: Flow, direction: Direction): Fate;
  isBlocked(flow: Flow, direction: Direction): boolean;
}

interface UdpFlow {
  readonly flow: Flow;
  upstream: Socket;
}

/** Forwards UDP like a NAT: each page socket gets a socket of its own towards the relay, which `rebind` replaces. */
export class UdpForwarder {
  readonly #server: Socket;
  readonly #target: Endpoint;
  readonly #rules: LinkRules;
  readonly #flows = new Map<string, UdpFlow>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  /** Binds and starts. @throws the bind error, e.g. EADDRINUSE */
  static async create(listen: Endpoint, target: Endpoint, rules: LinkRules): Promise<UdpForwarder> {
    const server = createSocket('udp4');
    server.bind(listen.port, listen.host);
    await once(server, 'listening');
    return new UdpForwarder(server, target, rules);
  }

  private constructor(server: Socket, target: Endpoint, rules: LinkRules) {
    this.#server = server;
    this.#target = target;
    this.#rules = rules;
    server.on('message', (packet, from) => this.#fromPage(packet, from.address, from.port));
    server.on('error', ignore);
  }

  get port(): number {
    return this.#server.address().port;
  }

  get flows(): Flow[] {
    return [...this.#flows.values()].map(({ flow }) => flow);
  }

  /** Gives flows a new source port towards the relay, as when a phone changes networks. */
  rebind(where: (flow: Flow) => boolean): void {
    for (const entry of this.#flows.values()) {
      if (!where(entry.flow)) continue;
      entry.upstream.close();
      entry.upstream = this.#openUpstream(entry.flow);
    }
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const { upstream } of this.#flows.values()) upstream.close();
    this.#server.close();
  }

  #fromPage(packet: Buffer, address: string, port: number): void {
    const key = `${address}:${port}`;
    let entry = this.#flows.get(key);
    if (!entry) {
      const flow = newFlow(this.#rules.nextFlowId(), 'udp', address, port);
      entry = { flow, upstream: this.#openUpstream(flow) };
      this.#flows.set(key, entry);
    }
    const { flow } = entry;
    flow.ufrag = readUfrag(packet) ?? flow.ufrag;
    this.#pass(flow, 'up', packet, () => {
      // Looked up when it is sent, so that a packet delayed across a rebind leaves by the new address.
      this.#flows.get(key)?.upstream.send(packet, this.#target.port, this.#target.host, ignore);
    });
  }

  #openUpstream(flow: Flow): Socket {
    const upstream = createSocket('udp4');
    upstream.on('error', ignore);
    upstream.on('message', (packet, from) => {
      if (from.port !== this.#target.port || from.address !== this.#target.host) return;
      this.#pass(flow, 'down', packet, () => {
        this.#server.send(packet, flow.client.port, flow.client.address, ignore);
      });
    });
    // Without this the system would send to 127.0.0.0/8 from whichever address of it the route prefers.
    if (this.#target.host.startsWith('127.')) upstream.bind(0, '127.0.0.1');
    return upstream;
  }

  #pass(flow: Flow, direction: Direction, packet: Buffer, send: () => void): void {
    if (this.#closed) return;
    const counter = flow.counters[direction];
    const fate = this.#rules.fateOf(flow, direction);
    if (!fate.pass) {
      counter.dropped += 1;
      return;
    }
    counter.packets += 1;
    counter.bytes += packet.length;
    if (fate.delayMs === 0) {
      send();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      send();
    }, fate.delayMs);
    this.#timers.add(timer);
  }
}

/** UDP promises nothing: a refused or failed send is a lost packet. */
function ignore(): void {}
