import { createLevelMeter, type LevelMeter } from '../audio/level-meter.ts';
import { type Microphone, openMicrophone } from '../audio/microphone.ts';
import { toFault } from '../shared/fault.ts';
import { StateStore } from '../shared/store.ts';
import { WIDGET_VERSION } from '../shared/version.ts';
import { Echo } from './echo.ts';
import { type CheckName, type Finding, type Findings, nothingYet } from './finding.ts';
import {
  cameBack,
  isSound,
  judgeClock,
  judgeConnection,
  judgeEcho,
  judgeLevel,
  judgeMicrophone,
  judgeNoEcho,
  judgePath,
} from './judgements.ts';
import { LoopSocket } from './loop-socket.ts';
import { type PathKind, tryPath } from './path-trial.ts';
import { fetchFacts } from './relay-facts.ts';
import { readShownClaims } from './token-claims.ts';

/** What the page shows. */
export interface ExaminationState {
  readonly findings: Findings;
  /** A run is under way, or its sound still goes round. */
  readonly running: boolean;
  /** The checks of the run are done; the person may still hear themselves. */
  readonly done: boolean;
  /** The microphone's level, 0 to 1. */
  readonly level: number;
}

const LEVEL_EVERY_MS = 100;
const LISTEN_EVERY_MS = 50;
/** Sound that does not come back within this time does not come. */
const ECHO_WITHIN_MS = 10_000;
/** A person who was asked to speak may take a breath first. */
const SPEAKS_WITHIN_MS = 3_000;
const PATHS: readonly PathKind[] = ['udp', 'tcp', 'turn'];

/** What a run holds, and lets go of. */
class Run {
  readonly echo = new Echo();
  microphone: Microphone<MediaStreamTrack> | null = null;
  meter: LevelMeter<MediaStreamTrack> | null = null;
  socket: LoopSocket | null = null;
  timer: ReturnType<typeof setInterval> | undefined;
  /** The loudest that was measured; null while the browser measures nothing. */
  peak: number | null = null;
  stopped = false;

  stop(): void {
    this.stopped = true;
    clearInterval(this.timer);
    this.echo.close();
    this.meter?.close();
    this.microphone?.close();
    this.socket?.close();
  }
}

/** Waits until the microphone gives something, not for long. */
async function heardAnything(run: Run): Promise<void> {
  const began = performance.now();
  while (!run.stopped && !isSound(run.peak ?? 0) && performance.now() - began < SPEAKS_WITHIN_MS)
    await new Promise((resolve) => setTimeout(resolve, LEVEL_EVERY_MS));
}

/** All checks of the page, one run at a time. */
export class Examination {
  readonly store = new StateStore<ExaminationState>({ findings: nothingYet(), running: false, done: false, level: 0 });
  readonly #base: URL;
  #run: Run | null = null;

  /** @param base address of the folder in which the page lies */
  constructor(base: URL) {
    this.#base = base;
  }

  /** What can be seen without a click. */
  async look(): Promise<void> {
    const secure = globalThis.isSecureContext;
    this.#found('secure', secure ? { status: 'ok' } : { status: 'failed', fix: 'f_secure' });
    await Promise.all([this.#lookAtRelay(), this.#lookAtPermission()]);
  }

  /** Runs all checks with this token. To be called within the click, before anything is awaited. */
  async start(token: string): Promise<void> {
    this.stop();
    const run = new Run();
    this.#run = run;
    this.store.commit({ findings: nothingYet(), running: true, done: false, level: 0 });
    const looking = this.look();
    try {
      await Promise.all([looking, this.#tryMicrophone(run), this.#tryRelay(run, token)]);
      if (!run.stopped) await this.#tryEcho(run);
      if (run.stopped) return;
      this.store.commit({ done: true });
      if (!run.socket || !run.microphone) this.stop();
    } catch (error) {
      if (run.stopped) return;
      this.stop();
      throw error;
    }
  }

  /** Ends the run and its sound; what was found stays. Idempotent. */
  stop(): void {
    this.#run?.stop();
    this.#run = null;
    this.store.commit({ running: false, level: 0 });
  }

  #found(name: CheckName, finding: Finding): void {
    this.store.commit({ findings: Object.freeze({ ...this.store.getState().findings, [name]: finding }) });
  }

  async #lookAtRelay(): Promise<void> {
    try {
      const { version, certificateDaysLeft, aheadS } = await fetchFacts(this.#base);
      const fits = version === WIDGET_VERSION;
      this.#found('version', {
        status: fits ? 'ok' : 'warning',
        detail: version,
        ...(!fits && { fix: 'f_version_old' as const }),
      });
      if (location.protocol !== 'https:') this.#found('certificate', { status: 'skipped', detail: 'http' });
      else if (certificateDaysLeft === null) this.#found('certificate', { status: 'ok', told: { text: 'n_proxy' } });
      else {
        const soon = certificateDaysLeft < 14;
        const told = { text: 'n_days', n: certificateDaysLeft } as const;
        this.#found('certificate', soon ? { status: 'warning', told, fix: 'f_certificate' } : { status: 'ok', told });
      }
      this.#found('clock', judgeClock(aheadS));
    } catch (error) {
      this.#found('version', { status: 'failed', detail: toFault(error).message, fix: 'f_version' });
      for (const name of ['certificate', 'clock'] as const) this.#found(name, { status: 'skipped' });
    }
  }

  async #lookAtPermission(): Promise<void> {
    let state: PermissionState | null = null;
    try {
      state = (await navigator.permissions.query({ name: 'microphone' as PermissionName })).state;
    } catch {
      // Browsers that do not tell ask.
    }
    if (state === 'denied') this.#found('permission', { status: 'failed', fix: 'f_permission' });
    else if (state === 'granted') this.#found('permission', { status: 'ok', told: { text: 'n_granted' } });
    else this.#found('permission', { status: state === null ? 'skipped' : 'ok', told: { text: 'n_asked' } });
  }

  async #tryMicrophone(run: Run): Promise<void> {
    this.#found('microphone', { status: 'running' });
    try {
      const microphone = await openMicrophone(() => undefined);
      if (run.stopped) return microphone.close();
      run.microphone = microphone;
    } catch (error) {
      if (!run.stopped) this.#found('microphone', judgeMicrophone(error));
      return;
    }
    this.#found('permission', { status: 'ok', told: { text: 'n_granted' } });
    try {
      run.meter = createLevelMeter(run.microphone.track, () => undefined);
    } catch {
      // It works all the same: only its level is not known.
    }
    run.timer = setInterval(() => {
      const level = run.meter?.read() ?? null;
      if (level !== null) run.peak = Math.max(run.peak ?? 0, level);
      this.store.commit({ level: level ?? 0 });
    }, LEVEL_EVERY_MS);
    const plays = run.echo.plays;
    this.#found(
      'autoplay',
      plays ? { status: 'ok', told: { text: 'n_plays' } } : { status: 'failed', fix: 'f_autoplay' },
    );
  }

  async #tryRelay(run: Run, token: string): Promise<void> {
    this.#found('socket', { status: 'running' });
    const claims = token === '' ? null : readShownClaims(token);
    const began = performance.now();
    try {
      const socket = await LoopSocket.open(this.#base, token, () => run === this.#run && this.stop());
      if (run.stopped) return socket.close();
      run.socket = socket;
      this.#tell(judgeConnection({ claims, ready: socket.ready, ms: performance.now() - began }));
    } catch (error) {
      if (run.stopped) return;
      this.#tell(judgeConnection({ claims, refusal: toFault(error), ms: performance.now() - began }));
      for (const name of PATHS) this.#found(name, { status: 'skipped', told: { text: 'n_needs_sign_in' } });
      return;
    }
    // One after the other: they take the place of each other at the relay.
    for (const name of PATHS) {
      await this.#tryPath(run, run.socket, name);
      if (run.stopped) return;
    }
  }

  async #tryPath(run: Run, socket: LoopSocket, kind: PathKind): Promise<void> {
    const { iceServers } = socket.ready;
    if (kind === 'turn' && !iceServers.some(({ urls }) => urls.some((url) => /^turns?:/.test(url)))) {
      this.#found(kind, { status: 'skipped', told: { text: 'n_none' } });
      return;
    }
    this.#found(kind, { status: 'running' });
    try {
      const result = await tryPath(kind, iceServers, (offer) => socket.offer(offer));
      if (!run.stopped) this.#found(kind, judgePath(kind, result));
    } catch (error) {
      if (!run.stopped) this.#found(kind, { status: 'failed', detail: toFault(error).message, fix: `f_${kind}` });
    }
  }

  async #tryEcho(run: Run): Promise<void> {
    const { socket, microphone, echo } = run;
    if (microphone) await heardAnything(run);
    if (run.stopped) return;
    if (microphone) this.#found('microphone', judgeLevel(run.peak));
    if (!microphone || !socket) {
      this.#found('loop', { status: 'skipped', told: { text: microphone ? 'n_needs_sign_in' : 'n_needs_microphone' } });
      if (!microphone) this.#found('autoplay', { status: 'skipped', told: { text: 'n_needs_microphone' } });
      return;
    }
    this.#found('loop', { status: 'running', told: { text: 'n_speak' } });
    const began = performance.now();
    try {
      await echo.start(socket, microphone.track);
      while (!run.stopped && performance.now() - began < ECHO_WITHIN_MS) {
        const received = await echo.received();
        if (cameBack(received)) {
          if (!run.stopped) this.#found('loop', judgeEcho(received, performance.now() - began));
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, LISTEN_EVERY_MS));
      }
      const received = await echo.received();
      if (!run.stopped) this.#found('loop', judgeNoEcho(received, run.peak));
    } catch (error) {
      if (!run.stopped) this.#found('loop', { status: 'failed', detail: toFault(error).message, fix: 'f_loop' });
    }
  }

  #tell(findings: Readonly<Partial<Record<CheckName, Finding>>>): void {
    this.store.commit({ findings: Object.freeze({ ...this.store.getState().findings, ...findings }) });
  }
}
