import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionUser } from '../../relay/protocol/messages.ts';
import { type LoadResult, MEASURING } from '../harness/load-result.ts';
import { LoadError, LoadPage } from './load-page.ts';
import type { LoadOptions } from './options.ts';
import type { PacketCount } from './packet-counter.ts';
import { ListeningAdmin, LiveCommercial } from './people.ts';
import { ProcessMeter } from './process-meter.ts';
import { Speech } from './speech.ts';

/** Between the last who joined and the measuring. */
const SETTLE_MS = 3_000;
const HEARD_WITHIN_MS = 20_000;

/** Puts people on a relay, and measures. */
export class LoadRun {
  readonly #options: LoadOptions;
  readonly #say: (text: string) => void;
  readonly #speech = new Speech();
  readonly #commercials: LiveCommercial[] = [];
  readonly #listeners: ListeningAdmin[] = [];
  readonly #admins: LoadPage[] = [];
  readonly #failures = new Map<string, number>();
  readonly #liveMs: number[] = [];
  readonly #measuring = new AbortController();

  /** @param say receives what happens, for people */
  constructor(options: LoadOptions, say: (text: string) => void) {
    this.#options = options;
    this.#say = say;
  }

  /**
   * Resolves when the time of the options is over, or with `endMeasuring`.
   * @param parents processes to measure, with their children
   */
  async run(parents: readonly number[]): Promise<LoadResult> {
    const { streams, listeners, admins, seconds } = this.#options;
    const meter = await ProcessMeter.of(parents);
    this.#say(`${streams} commercials go live ...`);
    await this.#inTurn(streams, (index) => this.#goLive(index));
    this.#say(`${admins} admins watch, ${listeners} listen ...`);
    await this.#inTurn(admins, (index) => this.#watch(index));
    await this.#inTurn(listeners, (index) => this.#listen(index));
    await this.#untilHeard();
    await sleep(SETTLE_MS);

    this.#say(`${MEASURING} for ${seconds} s ...`);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const skippedBefore = this.#speech.skippedMs;
    this.#takeCounts();
    const cpuBefore = process.cpuUsage();
    delay.enable();
    await meter.start();
    const start = performance.now();
    const { signal } = this.#measuring;
    await sleep(seconds * 1_000, undefined, { signal }).catch(() => {});
    const measured = (performance.now() - start) / 1_000;
    const processes = await meter.use();
    delay.disable();
    const cpu = process.cpuUsage(cpuBefore);
    const counts = this.#takeCounts();
    for (const page of this.#pages()) if (page.lost) this.#failed(new LoadError('connection_lost', ''));
    for (const code of [...this.#commercials, ...this.#listeners].flatMap(({ troubles }) => troubles))
      this.#failed(new LoadError(code, ''));
    return {
      seconds: measured,
      streams: this.#commercials.length,
      listeners: this.#listeners.length,
      admins: this.#admins.length,
      speaking: this.#speech.speaking,
      packetsASecond: this.#speech.speaking === 0 ? 0 : 1_000 / Math.max(...this.#speech.packetTimes),
      heard: counts.filter(({ received }) => received > 0).length,
      liveMs: this.#liveMs,
      heardMs: this.#listeners.flatMap(({ clickToHeardMs }) => clickToHeardMs ?? []),
      received: counts.reduce((sum, { received }) => sum + received, 0),
      lost: counts.reduce((sum, { lost }) => sum + lost, 0),
      gapsMs: counts.map(({ longestGapMs }) => longestGapMs),
      moves: this.#pages().reduce((sum, { moves }) => sum + moves, 0),
      failures: Object.fromEntries(this.#failures),
      processes,
      own: {
        cpuPercent: (cpu.user + cpu.system) / 10_000 / measured,
        worstDelayMs: delay.max / 1e6,
        skippedMs: this.#speech.skippedMs - skippedBefore,
      },
    };
  }

  /** What was measured so far is the result. Idempotent; before it is measured, nothing is. */
  endMeasuring(): void {
    this.#measuring.abort();
  }

  /** Everybody leaves as people would, so that the relay is as it was before. */
  async close(): Promise<void> {
    await Promise.all(this.#listeners.map((one) => one.leave()));
    await Promise.all(this.#commercials.map((one) => one.leave()));
    for (const admin of this.#admins) admin.close();
    this.#speech.close();
  }

  #team(index: number): string {
    return `load-team-${index % this.#options.teams}`;
  }

  async #goLive(index: number): Promise<void> {
    const user: SessionUser = {
      role: 'commercial',
      id: `load-commercial-${index}`,
      name: `Commercial ${index}`,
      equipe: this.#team(index),
    };
    const start = performance.now();
    this.#commercials.push(await LiveCommercial.join(this.#options, user, this.#speech));
    this.#liveMs.push(performance.now() - start);
  }

  async #watch(index: number): Promise<void> {
    this.#admins.push(
      await LoadPage.open(this.#options.url, adminOf(`watcher-${index}`, this.#team(index)), this.#options.tokens),
    );
  }

  async #listen(index: number): Promise<void> {
    const commercial = index % this.#options.streams;
    const user = adminOf(`listener-${index}`, this.#team(commercial));
    this.#listeners.push(await ListeningAdmin.join(this.#options, user, `load-commercial-${commercial}`));
  }

  /** Starts them at the rate that is asked for, whether or not those before are through. */
  async #inTurn(count: number, join: (index: number) => Promise<void>): Promise<void> {
    const start = performance.now();
    const joining: Promise<void>[] = [];
    for (let index = 0; index < count; index += 1) {
      const wait = start + (index * 1_000) / this.#options.rate - performance.now();
      if (wait > 0) await sleep(wait);
      joining.push(join(index).catch((error: unknown) => this.#failed(error)));
    }
    await Promise.all(joining);
  }

  async #untilHeard(): Promise<void> {
    const end = performance.now() + HEARD_WITHIN_MS;
    const waits = () => this.#listeners.some(({ clickToHeardMs }) => clickToHeardMs === null);
    while (waits() && performance.now() < end) await sleep(50);
  }

  #takeCounts(): PacketCount[] {
    const now = performance.now();
    return this.#listeners.map(({ packets }) => packets.take(now));
  }

  #pages(): LoadPage[] {
    return [...this.#admins, ...[...this.#commercials, ...this.#listeners].map(({ page }) => page)];
  }

  #failed(error: unknown): void {
    const code = error instanceof LoadError ? error.code : String(error);
    if (!this.#failures.has(code) && error instanceof Error && error.message) this.#say(`failed: ${error.message}`);
    this.#failures.set(code, (this.#failures.get(code) ?? 0) + 1);
  }
}

function adminOf(name: string, team: string): SessionUser {
  return { role: 'admin', id: `load-${name}`, name, equipes: [team] };
}
