import type { Logger } from 'pino';
import { ProducerSource } from './audio-source.ts';
import { HomeSide } from './home-side.ts';
import { ListeningSide } from './listening-side.ts';
import type {
  AudioSource,
  NodePipeGauges,
  NodePipes,
  NodePipeTraffic,
  PipeAnswer,
  PipeAsk,
  PipeRequest,
  RemoteAudioSource,
} from './media.ts';
import type { NodePipesConfig } from './node-link.ts';

/** The side that asks lets go of an unused link first, so that it seldom asks over one that the other has closed. */
const IDLE_MS = { home: 10_000, listening: 8_000 };

/** Pipes between nodes over mediasoup's PipeTransports, with SRTP. */
export class AudioNodePipes implements NodePipes {
  readonly #home: HomeSide;
  readonly #listening: ListeningSide;

  constructor(config: NodePipesConfig, logger: Logger) {
    const idleMs = config.idleMs ?? IDLE_MS;
    this.#home = new HomeSide({ config, logger, idleMs: idleMs.home });
    this.#listening = new ListeningSide({ config, logger, idleMs: idleMs.listening });
  }

  give(node: string, source: AudioSource, request: PipeRequest): Promise<PipeAnswer> {
    return this.#home.give(node, source, request);
  }

  released(node: string, link: string, sourceId: string): void {
    this.#home.released(node, link, sourceId);
  }

  takeBack(node: string, source: AudioSource | null): void {
    this.#home.takeBack(node, source);
  }

  routerOf(source: AudioSource): string {
    if (!(source instanceof ProducerSource)) throw new TypeError('The source does not live at this node.');
    return source.worker.router.id;
  }

  remoteSource(
    about: { readonly node: string; readonly sourceId: string; readonly router: string },
    ask: PipeAsk,
  ): RemoteAudioSource {
    return this.#listening.remoteSource(about, ask);
  }

  gauges(): NodePipeGauges {
    return {
      links: this.#home.links + this.#listening.links,
      given: this.#home.given,
      copies: this.#listening.copies,
    };
  }

  async traffic(): Promise<NodePipeTraffic> {
    const [home, listening] = await Promise.all([this.#home.traffic(), this.#listening.traffic()]);
    return {
      sentBytes: home.sentBytes + listening.sentBytes,
      receivedBytes: home.receivedBytes + listening.receivedBytes,
    };
  }

  /** Ends everything, before the workers end. Idempotent. */
  close(): void {
    this.#listening.close();
    this.#home.close();
  }
}
