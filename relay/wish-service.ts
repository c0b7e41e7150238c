import type { IncomingMessage } from 'node:http';
import { Router } from 'express';
import type { TokenVerifier } from './auth/user.ts';
import type { RelayConfig } from './config/shape.ts';
import type { Logger } from './logger.ts';
import type { Measures } from './measures/measures.ts';
import { placeOfNode } from './signalling/whereabouts.ts';
import type { StreamRegistry } from './streams/stream-registry.ts';
import { TimerSet } from './streams/timers.ts';
import { Egress } from './whep/egress.ts';
import { whepRoutes } from './whep/whep-routes.ts';
import { Ingest } from './whip/ingest.ts';
import { StoppedDevices, type TellStopped } from './whip/stopped-devices.ts';
import { whipRoutes } from './whip/whip-routes.ts';
import { WishBook } from './wish/wish-book.ts';
import { WishDoor } from './wish/wish-door.ts';

/** What the service is made with. */
export interface WishServiceOptions {
  readonly config: RelayConfig;
  readonly verifier: Pick<TokenVerifier, 'verify'>;
  readonly logger: Logger;
  readonly measures: Measures;
  /** Null while the relay is starting. */
  readonly streams: () => StreamRegistry | null;
  readonly draining: () => boolean;
  /** The other relay, which lives, whose path the request came by; null: it is for this one. */
  readonly meantFor: (request: IncomingMessage) => string | null;
  /** Tells the other relays that a page has stopped this device. */
  readonly tellStopped: TellStopped;
}

/** Counts for metrics and leak tests. */
export interface WishGauges {
  /** Devices that publish. */
  readonly devices: number;
  /** Players that listen. */
  readonly players: number;
}

/** WHIP and WHEP (WebRTC Ingest and Egress Signaling over HTTPS), each where it is switched on. */
export class WishService {
  /** The routes; none where both are off. */
  readonly routes: Router;
  readonly #timers = new TimerSet();
  readonly #devices = new WishBook();
  readonly #players = new WishBook();

  readonly #stopped = new StoppedDevices();

  constructor(options: WishServiceOptions) {
    const { config, verifier, logger, measures, streams, draining, meantFor, tellStopped } = options;
    const { http, limits, wish, cluster } = config;
    const place = cluster && placeOfNode(cluster.nodeId, cluster.nodeUrl);
    const door = new WishDoor({
      verifier,
      trustedProxies: http.trustedProxies,
      pendingHandshakes: limits.pendingHandshakes,
      measures,
    });
    const parts = { config, logger, timers: this.#timers, streams, draining, place };
    const routing = { allowedOrigins: http.allowedOrigins, logger, measures, door, meantFor };
    this.routes = Router();
    if (wish.whip) {
      const book = this.#devices;
      this.routes.use(whipRoutes(new Ingest({ ...parts, book }, this.#stopped, tellStopped), { ...routing, book }));
    }
    if (wish.whep) {
      const book = this.#players;
      this.routes.use(whepRoutes(new Egress({ ...parts, book }), { ...routing, book }));
    }
  }

  get gauges(): WishGauges {
    return { devices: this.#devices.size, players: this.#players.size };
  }

  /** Another relay says that a page has stopped this device: it is kept out here too. */
  deviceStopped(userId: string, token: string): void {
    this.#stopped.add(userId, token);
  }

  /** Nothing rings any more; sessions end with the streams. Idempotent. */
  close(): void {
    this.#timers.clear();
  }
}
