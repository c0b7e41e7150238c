/** Several nodes on one message server in this process. */
import { pino } from 'pino';
import { TimerSet } from '../../streams/timers.ts';
import { ClusterKeys } from '../bus/cluster-keys.ts';
import { MemoryHub } from '../bus/memory-transport.ts';
import { SealedBus } from '../bus/sealed-bus.ts';
import type { BusTransport } from '../bus/transport.ts';
import { BUS_PROTOCOL, type NodeInfo } from '../bus-protocol.ts';

export const SECRET = 'k7Qp2vX9sLw4ZtBn8RfHc3JdMy6GaUeT';
export const OTHER_SECRET = 'W4nXb8Lr5TzKq1HvYc9PdSg2MfJe7AuR';

export const info: NodeInfo = {
  version: '1.0.0',
  busProtocol: BUS_PROTOCOL,
  pipeAddress: '127.0.0.1',
  url: null,
  draining: false,
  streams: 0,
  listeners: 0,
  load: 0,
};

export interface NodeSetup {
  readonly epoch?: number;
  readonly secret?: string;
  readonly previous?: string | null;
  readonly cluster?: string;
  readonly transport?: BusTransport;
}

/** Made once for each test; everything ends with `close`. */
export class BusScene {
  readonly hub = new MemoryHub();
  readonly timers = new TimerSet();
  readonly #buses: SealedBus[] = [];
  #epoch = 1_000;

  /** A node; a later one of the same id is a later life of it. */
  node(id: string, setup: NodeSetup = {}): SealedBus {
    this.#epoch += 1;
    const bus = new SealedBus({
      self: { id, epoch: setup.epoch ?? this.#epoch },
      cluster: setup.cluster ?? 'test',
      keys: new ClusterKeys(setup.secret ?? SECRET, setup.previous ?? null),
      transport: setup.transport ?? this.hub.connect(id),
      timers: this.timers,
      logger: pino({ level: 'silent' }),
    });
    this.#buses.push(bus);
    return bus;
  }

  /** They have said something to each other, so that either takes what the other publishes. */
  async meet(...nodes: readonly SealedBus[]): Promise<void> {
    for (const one of nodes) for (const other of nodes) if (one !== other) one.send(other.self, 'bye', {});
    await settled();
  }

  async close(): Promise<void> {
    for (const bus of this.#buses) await bus.close();
    this.timers.clear();
  }
}

/** Everything that is on its way at once has arrived. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}
