import type { VoiceLevel } from '../../relay/protocol/messages.ts';
import type { LevelMeter } from '../audio/level-meter.ts';
import type { Microphone, MicrophoneEvent } from '../audio/microphone.ts';
import { VoiceActivity } from '../audio/voice-activity.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import { type Fault, toFault } from '../shared/fault.ts';
import type { Page } from '../shared/page.ts';

export interface CaptureOptions<Track> {
  openMicrophone(onEvent: (event: MicrophoneEvent) => void): Promise<Microphone<Track>>;
  /** May throw; then there is no level, and track flags alone tell of a loss. */
  createLevelMeter(track: Track, onChange: () => void): LevelMeter<Track>;
  readonly page: Page;
  readonly log: DebugLog;
  /** Another track, or none while the microphone is lost. */
  onTrack(track: Track | null): void;
  /** Lost or back (`reason` null). `fault` is why it could not be taken again by itself. */
  onLoss(loss: CaptureLoss | null): void;
  onLevel(level: VoiceLevel): void;
}

export interface CaptureLoss {
  readonly reason: 'microphone' | 'hidden';
  /** Taking the microphone again by itself did not work: a tap may. */
  readonly needsTap: boolean;
  readonly fault: Fault | null;
}

const TICK_MS = 100;
/** A mute this short (a headset that reconnects) is nobody's business. */
const MUTED_GRACE_MS = 1_000;
/**
 * Exact zeros for so long are worth one look: the system may have taken the microphone away although its flags say nothing, and taking
 * it anew mends that. A noise gate delivers them too, between two sentences; then nothing is wrong, and it is not looked at again.
 */
const ZEROS_MS = 10_000;
/** Zeros this long that end by themselves are those of a noise gate: the microphone works. */
const GATE_MS = 500;
/** Without a gate, zeros for so long, over a microphone taken anew too: its own switch is off, or the system keeps it. */
const MUTED_MS = 60_000;
/** When to try again by itself after a loss; after that only when something happens: the page shown, a device plugged in, a tap. */
const RETRY_DELAYS_MS = [0, 2_000, 5_000, 10_000, 20_000];

/**
 * Holds the microphone while live, and notices when it is gone: by its track's events and flags, by Web Audio's `interrupted`, and, as
 * flags lie on some phones, by what it delivers. Then takes it again by itself where that works.
 */
export class Capture<Track> {
  readonly #options: CaptureOptions<Track>;
  readonly #voice = new VoiceActivity();
  readonly #stopPage: () => void;
  #microphone: Microphone<Track> | null = null;
  #meter: LevelMeter<Track> | null = null;
  #closed = false;
  #muteLevel = false;
  #loss: CaptureLoss | null = null;
  #suspectSince: number | null = null;
  #zerosSince: number | null = null;
  /** Lost because nothing but zeros came: only sound proves that it is back. */
  #lostToZeros = false;
  /** Zeros came and went by themselves: silence of this microphone is a noise gate's. */
  #gated = false;
  /** Sound came since it was taken: many begin with zeros. */
  #heard = false;
  /** Taken anew because of zeros: once for each silence. */
  #lookedAtZeros = false;
  #tick: ReturnType<typeof setInterval> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retries = 0;
  #taking: Promise<void> | null = null;

  constructor(options: CaptureOptions<Track>) {
    this.#options = options;
    this.#stopPage = options.page.listen((event) => {
      if (event === 'visible') this.#nudge();
    });
  }

  /** The working track, or null. */
  get track(): Track | null {
    return this.#loss ? null : (this.#microphone?.track ?? null);
  }

  get level(): VoiceLevel {
    return this.#voice.level;
  }

  get loss(): CaptureLoss | null {
    return this.#loss;
  }

  /** Takes the microphone for the first time, within a click. @throws MicrophoneError */
  async open(): Promise<void> {
    await this.#take();
    if (!this.#closed) this.#tick ??= setInterval(() => this.#watch(), TICK_MS);
  }

  /** "Tap to resume": takes the microphone anew, within the click. */
  async recover(): Promise<void> {
    if (this.#closed) return;
    // A question that the browser asked while the page was hidden may never be answered: do not wait for that one.
    this.#taking = null;
    await this.#retake();
  }

  /** Outgoing audio has stopped although the microphone hears something: take it anew. */
  async renew(): Promise<void> {
    if (!this.#loss && !this.#closed) await this.#retake();
  }

  /** While paused nobody may see whether somebody speaks. */
  muteLevel(muted: boolean): void {
    this.#muteLevel = muted;
    if (muted && this.#voice.reset() !== null) this.#options.onLevel(0);
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopPage();
    clearInterval(this.#tick);
    clearTimeout(this.#retry);
    this.#microphone?.close();
    this.#meter?.close();
    this.#microphone = this.#meter = null;
  }

  async #take(): Promise<void> {
    const microphone = await this.#options.openMicrophone((event) => {
      if (microphone === this.#microphone) this.#onEvent(event);
    });
    if (this.#closed) {
      microphone.close();
      return;
    }
    const older = this.#microphone;
    this.#microphone = microphone;
    this.#suspectSince = null;
    this.#heard = false;
    this.#measure(microphone.track);
    older?.close();
    if (!this.#loss) this.#options.onTrack(microphone.track);
  }

  /** A meter that cannot measure this track is made anew; without one, the track's flags alone tell of a loss. */
  #measure(track: Track): void {
    try {
      if (this.#meter) this.#meter.measure(track);
    } catch (error) {
      this.#options.log('level meter made anew', String(error));
      this.#meter?.close();
      this.#meter = null;
    }
    try {
      this.#meter ??= this.#options.createLevelMeter(track, () => this.#watch());
    } catch (error) {
      this.#options.log('no level meter', String(error));
    }
    if (!this.#meter) {
      this.#zerosSince = null;
      this.#lostToZeros = false;
    }
  }

  /** Only one attempt at a time; a second caller gets the first one's outcome. */
  #retake(): Promise<void> {
    clearTimeout(this.#retry);
    if (this.#taking) return this.#taking;
    const settle = (fault: Fault | null): void => {
      if (this.#taking !== taking) return;
      this.#taking = null;
      this.#settle(fault);
    };
    const taking = this.#take().then(
      () => settle(null),
      (error: unknown) => settle(toFault(error)),
    );
    this.#taking = taking;
    return taking;
  }

  /** After an attempt to take the microphone again. */
  #settle(fault: Fault | null): void {
    if (this.#closed) return;
    if (fault === null && this.#microphone?.working && !this.#meter?.interrupted && !this.#lostToZeros) {
      this.#found();
      return;
    }
    this.#options.log('microphone not back', fault?.code);
    this.#lose({ reason: this.#reason(), needsTap: true, fault });
    if (!this.#lostToZeros) this.#scheduleRetry();
  }

  #onEvent(event: MicrophoneEvent): void {
    this.#options.log(`microphone ${event}`);
    // An ended track never comes back; a muted one often does at once.
    if (event === 'ended') this.#suspectSince = Number.NEGATIVE_INFINITY;
    if (event === 'devices') {
      this.#nudge();
      void this.#preferChosen();
    } else this.#watch();
  }

  /** The chosen microphone has come back: it takes the present one's place, without a negotiation. */
  async #preferChosen(): Promise<void> {
    const microphone = this.#microphone;
    const better = await microphone?.better?.();
    if (better && microphone === this.#microphone) await this.renew();
  }

  /** Something happened that may bring the microphone back. */
  #nudge(): void {
    this.#retries = 0;
    if (this.#loss) void this.#retake();
    else this.#watch();
  }

  #reason(): CaptureLoss['reason'] {
    return this.#options.page.hidden ? 'hidden' : 'microphone';
  }

  #watch(): void {
    const microphone = this.#microphone;
    if (this.#closed || !microphone) return;
    const now = performance.now();
    const rms = this.#meter?.read() ?? null;
    const silent = this.#silent(rms, now);
    const suspect = !microphone.working || this.#meter?.interrupted || silent;
    if (!suspect) {
      this.#suspectSince = null;
      // Unmuted by the system: the same track goes on.
      if (this.#loss && !this.#taking && (rms === null ? !this.#lostToZeros : rms > 0)) this.#found();
    } else if (!this.#loss) {
      this.#suspectSince ??= now;
      if (silent || now - this.#suspectSince >= MUTED_GRACE_MS) {
        this.#lostToZeros = silent;
        this.#lose({ reason: this.#reason(), needsTap: silent && !this.#options.page.hidden, fault: null });
        // It was taken anew already, to no avail: only sound, or a tap, brings it back.
        if (!silent) this.#scheduleRetry();
      }
    }
    if (this.#loss || this.#muteLevel) return;
    const level = this.#voice.push(rms ?? 0, now);
    if (level !== null) this.#options.onLevel(level);
  }

  /** Whether zeros have lasted too long for a microphone that works. */
  #silent(rms: number | null, now: number): boolean {
    const since = this.#zerosSince;
    if (rms !== 0) {
      // What comes back right after it was taken anew was mended by that.
      if (since !== null && rms !== null && this.#heard && !this.#lookedAtZeros && now - since >= GATE_MS)
        this.#gated = true;
      if (rms !== null) {
        this.#heard = true;
        this.#lookedAtZeros = false;
      }
      this.#zerosSince = null;
      return false;
    }
    this.#zerosSince ??= now;
    if (this.#gated || since === null) return false;
    if (now - since >= ZEROS_MS && !this.#lookedAtZeros && !this.#loss) {
      this.#lookedAtZeros = true;
      this.#lookAtZeros();
    }
    return now - since >= (this.#options.page.hidden ? ZEROS_MS : MUTED_MS);
  }

  /** Takes the microphone anew without a word: the present one goes on if that fails. */
  #lookAtZeros(): void {
    if (this.#taking || this.#options.page.hidden) return;
    this.#options.log('nothing but zeros: taking the microphone anew, once');
    const done = (fault: Fault | null): void => {
      if (this.#taking !== taking) return;
      this.#taking = null;
      // Lost meanwhile: then this was the attempt to take it again.
      if (this.#loss) this.#settle(fault);
      else if (fault) this.#options.log('microphone not taken anew', fault.code);
    };
    const taking = this.#take().then(
      () => done(null),
      (error: unknown) => done(toFault(error)),
    );
    this.#taking = taking;
  }

  #lose(loss: CaptureLoss): void {
    const first = !this.#loss;
    this.#loss = loss;
    if (first) {
      this.#retries = 0;
      this.#options.onTrack(null);
      if (this.#voice.reset() !== null) this.#options.onLevel(0);
    }
    this.#options.onLoss(loss);
  }

  #found(): void {
    clearTimeout(this.#retry);
    this.#suspectSince = this.#zerosSince = null;
    this.#lostToZeros = false;
    if (!this.#loss) return;
    this.#loss = null;
    this.#options.log('microphone back');
    this.#options.onTrack(this.track);
    this.#options.onLoss(null);
  }

  #scheduleRetry(): void {
    const delay = RETRY_DELAYS_MS[this.#retries];
    if (delay === undefined) return;
    this.#retries += 1;
    this.#retry = setTimeout(() => void this.#retake(), delay);
  }
}
