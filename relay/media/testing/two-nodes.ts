/**
 * Two nodes in one process: at one people speak, at the other their admins hear them. Their media is real, and so are the pages; what
 * the bus between them does is done here, as text, and can be slow, fail, or change what it carries.
 */
import assert from 'node:assert/strict';
import type { AudioMedia } from '../audio-media.ts';
import type { AudioListenTransport } from '../listen-transport.ts';
import type { AudioSource, NodePipes, PipeAnswer, PipeRequest, PublishTransport, RemoteAudioSource } from '../media.ts';
import type { NodePipesConfig } from '../node-link.ts';
import { RecordedEvents, startMedia, until } from './media-fixtures.ts';
import { type ListeningPage, type PublishingPage, RtpPages } from './rtp-pages.ts';

/** Somebody who speaks at the home. */
export interface Speaker {
  readonly voice: PublishingPage;
  readonly transport: PublishTransport;
  readonly source: AudioSource;
}

/** Somebody who hears at the other node. */
export interface Ear {
  readonly page: ListeningPage;
  readonly transport: AudioListenTransport;
  /** What `hearing` was at each time that it was told to have changed. */
  readonly told: (AudioSource | null)[];
  readonly events: RecordedEvents;
}

/** Where the listeners are, as the home knows it. */
export const FAR = 'far';

export class TwoNodes {
  readonly home: AudioMedia;
  readonly far: AudioMedia;
  readonly pages: RtpPages;
  /** What was asked of the home and is released. */
  readonly asked: PipeRequest[] = [];
  readonly released: { readonly link: string; readonly sourceId: string }[] = [];
  /** What happens to a request on its way to the home; a rejection is an answer too. */
  onRequest: (request: PipeRequest) => PipeRequest | Promise<PipeRequest> = (request) => request;
  /** Called when the home has begun to give, and not ended. */
  onGiving: () => void = () => {};
  onAnswer: (answer: PipeAnswer) => PipeAnswer | Promise<PipeAnswer> = (answer) => answer;
  #closing: Promise<void> | null = null;
  readonly #open: { close(): void }[] = [];
  readonly #sources = new Map<string, AudioSource>();

  private constructor(home: AudioMedia, far: AudioMedia, pages: RtpPages) {
    this.home = home;
    this.far = far;
    this.pages = pages;
  }

  /** @param first the first of free UDP ports, twice `ports` @param ports that each node has for its links */
  static async start(first: number, farWorkers = 1, ports = 8, idleMs?: NodePipesConfig['idleMs']): Promise<TwoNodes> {
    const pipes = (min: number): NodePipesConfig => ({
      ip: '127.0.0.1',
      portRange: { min, max: min + ports - 1 },
      ...(idleMs && { idleMs }),
    });
    const home = await startMedia({ workers: 1 }, pipes(first));
    const far = await startMedia({ workers: farWorkers }, pipes(first + ports));
    return new TwoNodes(home, far, await RtpPages.start());
  }

  get homePipes(): NodePipes {
    assert.ok(this.home.nodePipes);
    return this.home.nodePipes;
  }

  get farPipes(): NodePipes {
    assert.ok(this.far.nodePipes);
    return this.far.nodePipes;
  }

  async speaker(): Promise<Speaker> {
    const voice = await this.pages.publisher();
    this.#open.push(voice);
    const transport = await this.home.createPublishTransport(new RecordedEvents());
    const answer = await transport.answer(await voice.offer());
    const source = await transport.produce();
    await voice.speak(answer);
    return this.known(voice, transport, source);
  }

  /** Somebody of whom the home knows from now on, who may speak or not. */
  known(voice: PublishingPage, transport: PublishTransport, source: AudioSource): Speaker {
    this.#sources.set(source.id, source);
    return { voice, transport, source };
  }

  async ear(): Promise<Ear> {
    const page = await this.pages.listener();
    this.#open.push(page);
    const events = new RecordedEvents();
    const told: (AudioSource | null)[] = [];
    const transport: AudioListenTransport = await this.far.createListenTransport({
      onState: (state) => events.onState(state),
      onLost: (reason) => events.onLost(reason),
      onHearing: () => told.push(transport.hearing),
    });
    await transport.accept(await page.answer(transport.offer()));
    return { page, transport, told, events };
  }

  /** What the home's source is at the other node. */
  remote({ source }: Speaker): RemoteAudioSource {
    const about = { node: 'home', sourceId: source.id, router: this.homePipes.routerOf(source) };
    return this.farPipes.remoteSource(about, {
      open: async (request) => {
        this.asked.push(request);
        const arrived: PipeRequest = await this.onRequest(overTheBus(request));
        const asked = this.#sources.get(arrived.sourceId);
        assert.ok(asked);
        const giving = this.homePipes.give(FAR, asked, arrived);
        this.onGiving();
        return this.onAnswer(overTheBus(await giving));
      },
      release: (link, sourceId) => {
        this.released.push({ link, sourceId });
        this.homePipes.released(FAR, link, sourceId);
      },
    });
  }

  /** Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const page of this.#open) page.close();
    await Promise.all([this.pages.close(), this.home.close(), this.far.close()]);
  }
}

function overTheBus<T>(message: T): T {
  return JSON.parse(JSON.stringify(message));
}

/** The gauges of pipes that hold nothing. */
export const NOTHING = { links: 0, given: 0, copies: 0 };
/** Links close as soon as a test can see it. */
export const SOON = { home: 200, listening: 100 };

export async function hears({ page }: Ear, why = 'it is heard'): Promise<void> {
  const before = page.received;
  await until(why, () => page.received > before + 5);
}

/** What was on its way has arrived when five more packets were spoken; after that, nothing comes for another twenty. */
export async function staysSilent({ page }: Ear, { voice }: Speaker): Promise<void> {
  const passes = (count: number): Promise<void> => {
    const start = voice.sent;
    return until('the voice goes on', () => voice.sent >= start + count);
  };
  await passes(5);
  const { received } = page;
  await passes(20);
  assert.equal(page.received, received);
}

export function kill(media: AudioMedia): void {
  const [pid] = media.workerPids();
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGKILL');
}
