import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Flow, newFlow } from './flow.ts';
import { reset, TcpConnection } from './tcp-connection.ts';
import type { Endpoint, LinkRules } from './udp-forwarder.ts';

/** Forwards TCP connections; can hold them still, cut them, and refuse new ones. */
export class TcpForwarder {
  readonly #listen: Endpoint;
  readonly #target: Endpoint;
  readonly #rules: LinkRules;
  readonly #connections = new Set<TcpConnection>();
  /** Connections that came while the link was blocked: their packets would not have reached the relay yet. */
  readonly #held = new Map<Socket, Flow>();
  #server: Server | null = null;
  #closed = false;

  /** Binds and starts. @throws the bind error, e.g. EADDRINUSE */
  static async create(listen: Endpoint, target: Endpoint, rules: LinkRules): Promise<TcpForwarder> {
    const server = await listenOn(listen);
    const { port } = server.address() as AddressInfo;
    return new TcpForwarder(server, { host: listen.host, port }, target, rules);
  }

  private constructor(server: Server, listen: Endpoint, target: Endpoint, rules: LinkRules) {
    this.#listen = listen;
    this.#target = target;
    this.#rules = rules;
    this.#adopt(server);
  }

  get port(): number {
    return this.#listen.port;
  }

  get flows(): Flow[] {
    return [...[...this.#connections].map(({ flow }) => flow), ...this.#held.values()];
  }

  /** Looks at the link's rules again, after one came or went. */
  update(): void {
    for (const connection of this.#connections) connection.update();
    for (const [page, flow] of this.#held) {
      if (this.#isBlocked(flow)) continue;
      this.#held.delete(page);
      this.#join(page, flow);
    }
  }

  /** Resets connections, as a middlebox or a changed address does. */
  cut(where: (flow: Flow) => boolean): void {
    for (const connection of this.#connections) if (where(connection.flow)) connection.cut();
    for (const [page, flow] of this.#held) if (where(flow)) reset(page);
  }

  /** True: new connections get ECONNREFUSED (nothing listens), until false. Standing ones stay. */
  async setRefusing(refusing: boolean): Promise<void> {
    if (refusing && this.#server) {
      const server = this.#server;
      this.#server = null;
      // Not awaited: `close` calls back only when the standing connections have ended, but listening ends at once.
      server.close();
    } else if (!refusing && !this.#server && !this.#closed) {
      this.#adopt(await listenOn(this.#listen));
    }
  }

  /** Idempotent; resets what is open. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#server?.close();
    this.cut(() => true);
  }

  #adopt(server: Server): void {
    this.#server = server;
    server.on('connection', (page) => this.#accept(page));
  }

  #accept(page: Socket): void {
    page.on('error', ignore);
    const flow = newFlow(this.#rules.nextFlowId(), 'tcp', page.remoteAddress ?? '', page.remotePort ?? 0);
    if (!this.#isBlocked(flow)) {
      this.#join(page, flow);
      return;
    }
    this.#held.set(page, flow);
    page.once('close', () => this.#held.delete(page));
  }

  #isBlocked(flow: Flow): boolean {
    return this.#rules.isBlocked(flow, 'up') || this.#rules.isBlocked(flow, 'down');
  }

  #join(page: Socket, flow: Flow): void {
    const relay = connect({ ...this.#target, allowHalfOpen: true });
    relay.on('error', ignore);
    const connection = new TcpConnection(page, relay, flow, this.#rules);
    this.#connections.add(connection);
    const forget = (): void => {
      if (connection.closed) this.#connections.delete(connection);
    };
    page.on('close', forget);
    relay.on('close', forget);
  }
}

async function listenOn({ host, port }: Endpoint): Promise<Server> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

/** A reset arrives as an error and then as `close`, which is where it is dealt with. */
function ignore(): void {}
