import { randomUUID } from 'node:crypto';
import type { StreamEnd } from '../audit/audit-entries.ts';
import type { AudioSource, TransportState } from '../media/media.ts';
import type { Interruption, StreamStatus, VoiceLevel } from '../protocol/messages.ts';
import type { StreamSeal } from '../protocol/stream-seal.ts';
import type { Claim } from './claim.ts';
import { DemandNotice } from './demand-notice.ts';
import type { HeardStream } from './heard-stream.ts';
import { NetworkWatch } from './network-watch.ts';
import { SerialQueue } from './serial-queue.ts';
import type { Session } from './session.ts';
import type { Timer, TimerSet } from './timers.ts';

/** Voice levels faster than this are held back; the newest is shown after it. */
export const VOICE_INTERVAL_MS = 250;

/** What a stream is made with. */
export interface StreamOptions {
  /** The page that streams. */
  readonly session: Session;
  /** What lets it stream. */
  readonly claim: Claim;
  readonly timers: TimerSet;
  /** How long a stream waits for the page to publish anew after its media was lost. */
  readonly graceMs: number;
  /** Longest stream; 0: no limit. */
  readonly maxStreamMs: number;
  /** How long it has been live already, in another session that the page has left. */
  readonly carriedMs: number;
  /** Status, interruption, level or source changed. */
  readonly onChange: () => void;
  /** A time ran out; the owner ends the stream. */
  readonly onTimeout: (reason: 'grace_expired' | 'time_limit') => void;
  /** The page's connection was found dead: it did not acknowledge who listens, and nothing came from it. */
  readonly onDead: () => void;
  /** The page was sent that so many listen. */
  readonly onAnnounced: (listeners: number) => void;
  /** The page has said that it shows somebody, so long after they began to listen. */
  readonly onTold: (ms: number) => void;
  /** What the page had reported of its microphone, or of itself, is over after so long. */
  readonly onMended: (interruption: 'microphone' | 'hidden', ms: number) => void;
}

/** One commercial's live stream, from start to stop: what it is doing, computed from what is known of page and path. */
export class Stream implements HeardStream {
  readonly id = randomUUID();
  readonly session: Session;
  /** The commercial's team when it began. */
  readonly equipe: string;
  /** Who the page shows as listening. */
  readonly demand: DemandNotice;
  /** Somebody at the door has minded in this pause. */
  minded = false;
  readonly #options: StreamOptions;
  readonly #startedAt = performance.now();
  readonly #watch: NetworkWatch;
  readonly #limit: Timer | null;
  #claim: Claim;
  #end: StreamEnd | null = null;
  #pausedSince: number | null = null;
  #pausedMs = 0;
  #source: AudioSource | null = null;
  #sourceTimer: Timer | null = null;
  #relayFailed = false;
  #paused = false;
  readonly #pausing = new SerialQueue();
  #capture: 'microphone' | 'hidden' | null = null;
  #captureSince = 0;
  #level: VoiceLevel = 0;
  #nextLevel: VoiceLevel = 0;
  #levelTimer: Timer | null = null;
  #levelsTaken = false;
  #wasLive = true;
  #seal: StreamSeal | null = null;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.session = options.session;
    const { user } = options.session;
    this.equipe = user.role === 'commercial' ? user.equipe : '';
    this.#claim = options.claim;
    this.demand = new DemandNotice(options);
    this.#watch = new NetworkWatch({
      timers: options.timers,
      bytesReceived: async () => this.session.links.publish?.bytesReceived() ?? 0,
      onChange: () => this.#changed(),
    });
    const { timers, maxStreamMs, carriedMs } = options;
    const leftMs = Math.max(0, maxStreamMs - carriedMs);
    this.#limit = maxStreamMs > 0 ? timers.after(leftMs, () => options.onTimeout('time_limit')) : null;
  }

  get closed(): boolean {
    return this.#end !== null;
  }

  get order(): number {
    return this.#claim.order;
  }

  get shown(): ReadonlyMap<string, string> {
    return this.demand.shown;
  }

  get seal(): StreamSeal | null {
    return this.#seal;
  }

  get attended(): boolean {
    return this.session.peer !== null;
  }

  get device(): boolean {
    return this.session.kind === 'device';
  }

  /** Its page has gone over to another relay, which counts it. */
  get goneOver(): boolean {
    return this.#claim.goneOver;
  }

  /** The page started again: its newer claim takes the older one's place. */
  renew(claim: Claim): void {
    const older = this.#claim;
    this.#claim = claim;
    if (older === claim) return;
    older.onLost = null;
    older.release();
  }

  /** Why it ended; null as long as it goes on. */
  get end(): StreamEnd | null {
    return this.#end;
  }

  /** Whole milliseconds that it was paused, so far. */
  get pausedMs(): number {
    const now = this.#pausedSince === null ? 0 : performance.now() - this.#pausedSince;
    return Math.round(this.#pausedMs + now);
  }

  /** Whole milliseconds since the start, wherever that was, by clocks that never jump. */
  get liveForMs(): number {
    return this.#options.carriedMs + this.lastedMs;
  }

  /** The same, of this session alone. */
  get lastedMs(): number {
    return Math.round(performance.now() - this.#startedAt);
  }

  /** Paused wins: nothing is meant to be heard then, whatever the network does. */
  get status(): StreamStatus {
    if (this.#paused) return 'paused';
    return this.#reason() ? 'interrupted' : 'live';
  }

  get interruption(): Interruption | null {
    return this.#paused ? null : this.#reason();
  }

  /** 0 unless live. */
  get level(): VoiceLevel {
    return this.status === 'live' ? this.#level : 0;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** What listeners carry now who are shown to the commercial. */
  get audible(): AudioSource | null {
    return this.closed || this.#paused || this.#source?.closed ? null : this.#source;
  }

  /**
   * The page's audio, at the start and after it published anew. Resolves when a pause is in force on it too.
   * @param seal told of the stream from now on; null: its frames are not sealed
   */
  async publish(source: AudioSource, state: TransportState, seal: StreamSeal | null = null): Promise<void> {
    if (this.closed) return;
    this.#seal = seal;
    this.#source = source;
    this.#relayFailed = false;
    this.#sourceTimer?.cancel();
    this.#sourceTimer = null;
    this.#watch.transport(state);
    this.#changed();
    await this.#applyPause();
  }

  /** The audio is gone: the page has a new transport (`replaced`), or lost its own. It must publish anew in the grace time. */
  loseSource(why: 'replaced' | 'network' | 'relay'): void {
    if (this.closed) return;
    this.#source = null;
    this.#relayFailed = why === 'relay' || (why === 'replaced' && this.#relayFailed);
    this.#watch.transport(why === 'network' ? 'closed' : 'new');
    const { timers, graceMs, onTimeout } = this.#options;
    this.#sourceTimer ??= timers.after(graceMs, () => onTimeout('grace_expired'));
    this.#changed();
  }

  /** The publish transport's state; of a transport without this stream's audio it means nothing. */
  transport(state: TransportState): void {
    if (this.#source) this.#watch.transport(state);
  }

  /** The page's signalling connection came or went. */
  peer(present: boolean): void {
    this.#watch.peer(present);
  }

  /** Listeners carry nothing before this returns; resolves when the relay takes in (or refuses) the audio again. */
  async setPaused(paused: boolean): Promise<void> {
    if (this.closed) return;
    if (this.#paused !== paused) {
      this.#pausedMs += this.#pausedSince === null ? 0 : performance.now() - this.#pausedSince;
      this.#pausedSince = paused ? performance.now() : null;
      this.#paused = paused;
      this.#changed();
    }
    await this.#applyPause();
  }

  setCapture(interruption: 'microphone' | 'hidden' | null): void {
    if (this.closed || this.#capture === interruption) return;
    const now = performance.now();
    if (this.#capture && !interruption) this.#options.onMended(this.#capture, now - this.#captureSince);
    if (!this.#capture) this.#captureSince = now;
    this.#capture = interruption;
    this.#changed();
  }

  /**
   * Whether anybody may see when the commercial speaks. While not, levels are dropped where they come in, whatever a page sends, and
   * the last one is forgotten.
   */
  takeLevels(taken: boolean): void {
    this.#levelsTaken = taken;
    if (!taken) this.#level = this.#nextLevel = 0;
  }

  /** How loud the commercial speaks, as the page computed it. */
  setLevel(level: VoiceLevel): void {
    if (this.closed || !this.#levelsTaken) return;
    this.#nextLevel = level;
    if (this.#levelTimer) return;
    this.#level = level;
    this.#levelTimer = this.#options.timers.after(VOICE_INTERVAL_MS, () => {
      this.#levelTimer = null;
      if (this.#nextLevel !== this.#level) this.setLevel(this.#nextLevel);
    });
    this.#changed();
  }

  /** Idempotent. The media belongs to the session and is closed by the owner. */
  close(why: StreamEnd): void {
    this.#end ??= why;
    this.#claim.onLost = null;
    this.#claim.release();
    this.demand.close();
    this.#watch.close();
    this.#limit?.cancel();
    this.#sourceTimer?.cancel();
    this.#levelTimer?.cancel();
  }

  #reason(): Interruption | null {
    if (this.#relayFailed) return 'relay';
    if (this.#watch.lost) return 'network';
    return this.#capture;
  }

  #changed(): void {
    if (this.closed) return;
    const live = this.status === 'live';
    if (this.#wasLive && !live) {
      this.#level = 0;
      this.#nextLevel = 0;
    }
    this.#wasLive = live;
    this.#options.onChange();
  }

  /** One at work at a time, and each looks anew: a wish that comes while an older one ends is not taken for done. */
  #applyPause(): Promise<void> {
    return this.#pausing.run(() => this.#bringTogether());
  }

  async #bringTogether(): Promise<void> {
    for (let source = this.#source; source && !source.closed && !this.closed; source = this.#source) {
      if (source.paused === this.#paused) return;
      try {
        await (this.#paused ? source.pause() : source.resume());
      } catch (error) {
        if (!source.closed) throw error;
      }
    }
  }
}
