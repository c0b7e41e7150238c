import type { types } from 'mediasoup';
import type { AudioWorker } from './audio-worker.ts';
import { SOCKET_BUFFER_BYTES } from './socket-buffers.ts';

/** A pair of connected transports from one worker's router to another's, held until released. */
export interface PipeLink {
  /** On the worker that the audio comes from. */
  readonly near: types.PipeTransport;
  /** On the worker that the audio goes to. */
  readonly far: types.PipeTransport;
  /** Idempotent. The pair closes with its last holder. */
  release(): void;
}

interface Pair {
  readonly near: types.PipeTransport;
  readonly far: types.PipeTransport;
}

interface SharedPair {
  readonly connecting: Promise<Pair>;
  /** Once connected: so that the last release closes it at once, not a tick later. */
  pair: Pair | null;
  holders: number;
}

/** Pipes between workers stay on this machine. One carries all that is heard on the other worker. */
const LOOPBACK: types.TransportListenInfo = {
  protocol: 'udp',
  ip: '127.0.0.1',
  sendBufferSize: SOCKET_BUFFER_BYTES,
  recvBufferSize: SOCKET_BUFFER_BYTES,
};

/** One pair of transports for each direction between two workers, while somebody needs it. */
export class PipeLinks {
  readonly #shared = new Map<string, SharedPair>();

  /** Rejects when a worker goes away meanwhile. */
  async acquire(from: AudioWorker, to: AudioWorker): Promise<PipeLink> {
    // A worker that was started again has another router, so a dead pair is never found.
    const key = `${from.router.id} ${to.router.id}`;
    let shared = this.#shared.get(key);
    if (shared === undefined) {
      shared = { connecting: connectPair(from.router, to.router), pair: null, holders: 0 };
      this.#shared.set(key, shared);
    }
    const held = shared;
    held.holders += 1;
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      held.holders -= 1;
      if (held.holders > 0) return;
      if (this.#shared.get(key) === held) this.#shared.delete(key);
      if (held.pair !== null) closePair(held.pair);
      else held.connecting.then(closePair, () => undefined);
    };
    try {
      held.pair = await held.connecting;
      const { near, far } = held.pair;
      if (near.closed || far.closed) throw new Error('The link between two workers closed.');
      return { near, far, release };
    } catch (error) {
      // Nobody else shall find the failed or dead pair.
      if (this.#shared.get(key) === held) this.#shared.delete(key);
      release();
      throw error;
    }
  }
}

async function connectPair(from: types.Router, to: types.Router): Promise<Pair> {
  const results = await Promise.allSettled(
    [from, to].map((router) => router.createPipeTransport({ listenInfo: LOOPBACK })),
  );
  const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const [near, far] = made;
  try {
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
    if (near === undefined || far === undefined) throw new Error('No pipe transport was made.');
    // One worker's death closes its side only; the other side must not stay behind.
    near.observer.once('close', () => far.close());
    far.observer.once('close', () => near.close());
    await Promise.all([
      near.connect({ ip: far.tuple.localAddress, port: far.tuple.localPort }),
      far.connect({ ip: near.tuple.localAddress, port: near.tuple.localPort }),
    ]);
    return { near, far };
  } catch (error) {
    for (const transport of made) transport.close();
    throw error;
  }
}

function closePair({ near, far }: Pair): void {
  near.close();
  far.close();
}
