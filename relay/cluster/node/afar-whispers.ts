import { RelayError } from '../../errors.ts';
import type { AudioSource, NodePipes, PipeRequest } from '../../media/media.ts';
import { NodePipeError } from '../../media/node-pipe-error.ts';
import type { ErrorCode } from '../../protocol/error-codes.ts';
import type { WhisperEnd } from '../../protocol/whisper-messages.ts';
import type { Commercial, CommercialListener } from '../../streams/commercial.ts';
import type { HeldWhisper, WhisperHome, WhisperWish } from '../../streams/whispering/whisper-home.ts';
import type { ClusterBus } from '../bus/cluster-bus.ts';
import type { BodyOf, NodeRef, ResultOf } from '../bus-protocol.ts';
import { ClusterError } from '../cluster-error.ts';
import { askForPipe } from './ask-for-pipe.ts';
import type { LocalStreams } from './local-streams.ts';
import { RemoteListener } from './remote-listener.ts';

/** The home waits two seconds for its page; the way there and back is counted besides. */
const ANSWER_MS = 4_000;

/** What of the home's refusals an admin is told as it is. */
const REFUSALS: readonly ErrorCode[] = [
  'not_listening',
  'e2ee_required',
  'whisper_not_allowed',
  'whisper_busy',
  'whisper_not_shown',
];

/** What whispers between nodes are made with. */
export interface AfarWhispersOptions {
  readonly bus: ClusterBus;
  readonly pipes: NodePipes;
  readonly streams: () => LocalStreams;
  /** The home of the commercial's newest stream; null: that is here, or there is none. */
  readonly homeOf: (commercial: Commercial) => NodeRef | null;
}

/** A whisper of an admin of this node to a commercial of another. */
interface Sent {
  readonly home: NodeRef;
  readonly source: AudioSource;
  readonly onEnd: (why: WhisperEnd) => void;
  /** Null: the home has not answered yet. */
  id: string | null;
}

/** A whisper of an admin of another node to a commercial of this one. */
interface Received {
  readonly from: NodeRef;
  readonly held: HeldWhisper;
  readonly source: AudioSource;
}

/**
 * Whispers whose admin and commercial are connected to different nodes. The home decides, as over its own: it knows the policy, what the
 * commercial allows, who speaks, and what their page shows. The voice comes over a pipe that the home asks for once its page shows who speaks.
 */
export class AfarWhispers implements WhisperHome {
  readonly #options: AfarWhispersOptions;
  readonly #sent = new Set<Sent>();
  readonly #received = new Map<string, Received>();

  constructor(options: AfarWhispersOptions) {
    this.#options = options;
    const { bus } = options;
    bus.answer('whisper-begin', (from, body) => this.#begin(from, body));
    bus.answer('whisper-cue', (from, body) => this.#cue(from, body));
    bus.answer('whisper-pipe', (from, body) => this.#give(from, body));
    bus.on('whisper-end', (from, body) => this.#ended(from, body));
  }

  /** Whispers between this node and others, for leak tests. */
  get size(): number {
    return this.#sent.size + this.#received.size;
  }

  async begin({ commercial, listener, source, seal, onEnd }: WhisperWish): Promise<HeldWhisper> {
    const { bus, pipes } = this.#options;
    const home = this.#home(commercial);
    const sent: Sent = { home, source, onEnd, id: null };
    // Before the home is asked: it asks for the pipe before it answers.
    this.#sent.add(sent);
    try {
      const about = { id: source.id, router: pipes.routerOf(source) };
      const wish = { commercialId: commercial.id, adminId: listener.admin.id, source: about };
      // Left out of others: nodes of before do not know it.
      const body = seal ? { ...wish, e2ee: seal } : wish;
      const { whisper } = await bus.request(home, 'whisper-begin', body, ANSWER_MS);
      sent.id = whisper;
      if (!this.#sent.has(sent)) {
        bus.send(home, 'whisper-end', { whisper, reason: 'page_away' });
        throw unreachable();
      }
      return { id: whisper, end: (why) => this.#stop(sent, why) };
    } catch (error) {
      this.#forget(sent);
      throw told(error);
    }
  }

  async cue(commercial: Commercial, listener: CommercialListener, text: string): Promise<void> {
    const body = { commercialId: commercial.id, adminId: listener.admin.id, text };
    try {
      await this.#options.bus.request(this.#home(commercial), 'whisper-cue', body, ANSWER_MS);
    } catch (error) {
      throw told(error);
    }
  }

  /** That life of the node is gone: nothing is heard from there, and nobody there hears. */
  left({ id, epoch }: NodeRef): void {
    const isMeant = (node: NodeRef): boolean => node.id === id && node.epoch === epoch;
    for (const sent of [...this.#sent]) {
      if (!isMeant(sent.home)) continue;
      this.#forget(sent);
      sent.onEnd('page_away');
    }
    for (const [whisper, { from, held }] of [...this.#received]) {
      if (!isMeant(from)) continue;
      this.#close(whisper);
      held.end('page_away');
    }
  }

  #home(commercial: Commercial): NodeRef {
    const home = this.#options.homeOf(commercial);
    if (!home) throw new RelayError('not_listening', 'The commercial does not stream any more.');
    return home;
  }

  #stop(sent: Sent, why: WhisperEnd): void {
    if (!this.#forget(sent) || sent.id === null) return;
    this.#options.bus.send(sent.home, 'whisper-end', { whisper: sent.id, reason: why });
  }

  /** Its voice goes nowhere any more, at once. */
  #forget(sent: Sent): boolean {
    if (!this.#sent.delete(sent)) return false;
    this.#options.pipes.takeBack(sent.home.id, sent.source);
    return true;
  }

  /** As the home. */
  async #begin(from: NodeRef, body: BodyOf<'whisper-begin'>): Promise<ResultOf<'whisper-begin'>> {
    const { bus, pipes, streams } = this.#options;
    const { commercial, listener } = this.#listenerOf(from, body);
    const ask = {
      open: (request: PipeRequest) => askForPipe(bus, from, 'whisper-pipe', request),
      release: (link: string, sourceId: string) => bus.send(from, 'pipe-release', { link, sourceId }),
    };
    const source = pipes.remoteSource({ node: from.id, sourceId: body.source.id, router: body.source.router }, ask);
    let ended: WhisperEnd | null = null;
    const onEnd = (reason: WhisperEnd): void => {
      ended = reason;
      const whisper = [...this.#received].find(([, received]) => received.source === source)?.[0];
      if (!whisper) return;
      this.#close(whisper);
      bus.send(from, 'whisper-end', { whisper, reason });
    };
    try {
      const seal = body.e2ee ?? null;
      const held = await streams().whispers.begin({ commercial, listener, source, seal, onEnd });
      if (ended !== null) throw new RelayError('not_listening', 'It ended as soon as it had begun.');
      this.#received.set(held.id, { from, held, source });
      return { whisper: held.id };
    } catch (error) {
      source.close();
      throw error;
    }
  }

  /** As the home. */
  async #cue(from: NodeRef, body: BodyOf<'whisper-cue'>): Promise<ResultOf<'whisper-cue'>> {
    const { commercial, listener } = this.#listenerOf(from, body);
    await this.#options.streams().whispers.cue(commercial, listener, body.text);
    return {};
  }

  /** As the node of the admin: the microphone goes to the home while it is whispered there, and to no other node. */
  async #give(from: NodeRef, request: BodyOf<'whisper-pipe'>): Promise<ResultOf<'whisper-pipe'>> {
    const { pipes } = this.#options;
    const { sourceId, link } = request;
    const find = (): Sent | undefined =>
      [...this.#sent].find(
        ({ home, source }) => source.id === sourceId && home.id === from.id && home.epoch === from.epoch,
      );
    const sent = find();
    if (!sent) throw new NodePipeError('not_found', 'Nobody of this node whispers there with this.');
    const answer = await pipes.give(from.id, sent.source, request);
    if (find() !== sent) {
      pipes.released(from.id, link, sourceId);
      throw new NodePipeError('not_found', 'It was taken back meanwhile.');
    }
    return answer as ResultOf<'whisper-pipe'>;
  }

  /** Ended by the other side, whichever that is. */
  #ended(from: NodeRef, { whisper, reason }: BodyOf<'whisper-end'>): void {
    const received = this.#received.get(whisper);
    if (received && isSame(received.from, from)) {
      this.#close(whisper);
      received.held.end(reason);
    }
    for (const sent of [...this.#sent]) {
      if (sent.id !== whisper || !isSame(sent.home, from)) continue;
      this.#forget(sent);
      sent.onEnd(reason);
    }
  }

  #close(whisper: string): void {
    this.#received.get(whisper)?.source.close();
    this.#received.delete(whisper);
  }

  #listenerOf(from: NodeRef, { commercialId, adminId }: { commercialId: string; adminId: string }) {
    const commercial = this.#options.streams().find(commercialId);
    for (const listener of commercial?.listeners.values() ?? []) {
      if (!(listener instanceof RemoteListener) || listener.admin.id !== adminId) continue;
      if (commercial && isSame(listener.node, from)) return { commercial, listener };
    }
    throw new RelayError('not_listening', 'Nobody of this id listens there.');
  }
}

const isSame = (one: NodeRef, other: NodeRef): boolean => one.id === other.id && one.epoch === other.epoch;

/** What the admin's page is told. */
function told(error: unknown): unknown {
  if (!(error instanceof ClusterError)) return error;
  const code = REFUSALS.find((known) => known === error.reason);
  return code ? new RelayError(code, error.message, { cause: error }) : unreachable(error);
}

function unreachable(cause?: unknown): RelayError {
  return new RelayError('whisper_not_shown', 'The relay to which the commercial is connected does not answer.', {
    cause,
  });
}
