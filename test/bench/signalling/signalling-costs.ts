/**
 * `npm run bench -- --signalling`: what the relay's signalling costs, without media: many who speak before many who watch, and many
 * who choose the same commercial. Relay and pages are a process each, with real WebSockets between them.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { textTable } from '../../harness/text-table.ts';

const ready = z.object({ type: z.literal('ready'), port: z.number().optional() });
const cost = z.object({ type: z.literal('cost'), ms: z.number(), cpuShare: z.number(), loopP99Ms: z.number() });
const counts = z.object({
  type: z.literal('counts'),
  bytes: z.number(),
  notifications: z.number(),
  let: z.number().default(0),
  letP95Ms: z.number().default(0),
});

/** What is expected of the relay on one core. */
const EXPECTED = { cpuShare: 0.12, loopP99Ms: 20, bytesPerSecond: 10e6, chosenBytes: 100e3 };
/** Everybody connects within this, on a machine of any speed. */
const CONNECT_TIMEOUT_MS = 120_000;
const ANSWER_TIMEOUT_MS = 20_000;
/** Programs are slower at first. */
const WARM_UP_MS = 3_000;

/** How many take part, and for how long. */
export interface SignallingSize {
  readonly commercials: number;
  /** Who watch all of them. */
  readonly admins: number;
  /** Who choose the same commercial, 500 a second. */
  readonly choosing: number;
  readonly ms: number;
}

/** What it costs that all speak. */
export interface SpeakingCosts {
  /** Of one core, 0 to 1: processor time of the relay's process while all speak. */
  readonly cpuShare: number;
  /** 99th percentile of how late the relay's event loop was meanwhile. */
  readonly loopP99Ms: number;
  /** To all admins together, WebSocket frames with their heads. */
  readonly bytesPerSecond: number;
  /** To each admin. */
  readonly notificationsPerSecond: number;
}

/** What was measured. */
export interface SignallingCosts {
  readonly size: SignallingSize;
  /** As a recorded voice speaks. */
  readonly speaking: SpeakingCosts;
  /** With another level whenever a page may tell one. */
  readonly restless: SpeakingCosts;
  /** To the page of the commercial whom all chose. */
  readonly chosenBytes: number;
  readonly chosenNotifications: number;
  /** How many were let hear, and how long that took after the request of 95 % of them. */
  readonly let: number;
  readonly letP95Ms: number;
}

/** A program of the bench in a process of its own, which answers messages. */
class Program {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(file: string, args: readonly (string | number)[]): Promise<[Program, z.infer<typeof ready>]> {
    const child = fork(join(import.meta.dirname, file), args.map(String), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const program = new Program(child);
    try {
      return [program, ready.parse(await program.#heard(CONNECT_TIMEOUT_MS))];
    } catch (error) {
      await program.stop();
      throw error;
    }
  }

  async ask<T>(schema: z.ZodType<T>): Promise<T> {
    this.#child.send('read');
    return schema.parse(await this.#heard(ANSWER_TIMEOUT_MS));
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  async #heard(withinMs: number): Promise<unknown> {
    const patience = AbortSignal.timeout(withinMs);
    const [message] = await Promise.race([
      once(this.#child, 'message', { signal: patience }),
      once(this.#child, 'exit', { signal: patience }).then(() => {
        throw new Error('A process of the signalling bench ended.');
      }),
    ]);
    return message;
  }
}

/** Lets it happen between a relay and pages that are started for it. */
async function between<T>(
  trial: 'speaking' | 'restless' | 'choosing',
  commercials: number,
  admins: number,
  happen: (relay: Program, pages: Program) => Promise<T>,
): Promise<T> {
  const [relay, { port = 0 }] = await Program.start('relay-program.ts', []);
  try {
    const [pages] = await Program.start('pages-program.ts', [trial, port, commercials, admins]);
    try {
      return await happen(relay, pages);
    } finally {
      await pages.stop();
    }
  } finally {
    await relay.stop();
  }
}

/** Measures one after the other. */
export async function measureSignalling(size: SignallingSize): Promise<SignallingCosts> {
  const speaking = await measureSpeaking('speaking', size);
  const restless = await measureSpeaking('restless', size);
  const chosen = await measureChoosing(size);
  return { size, speaking, restless, ...chosen };
}

function measureSpeaking(trial: 'speaking' | 'restless', size: SignallingSize): Promise<SpeakingCosts> {
  return between(trial, size.commercials, size.admins, async (relay, pages) => {
    await pages.ask(counts);
    await wait(WARM_UP_MS);
    await relay.ask(cost);
    const before = await pages.ask(counts);
    await wait(size.ms);
    const { ms, cpuShare, loopP99Ms } = await relay.ask(cost);
    const after = await pages.ask(counts);
    return {
      cpuShare,
      loopP99Ms,
      bytesPerSecond: ((after.bytes - before.bytes) / ms) * 1000,
      notificationsPerSecond: ((after.notifications - before.notifications) / ms / size.admins) * 1000,
    };
  });
}

function measureChoosing(size: SignallingSize): Promise<Omit<SignallingCosts, 'size' | 'speaking' | 'restless'>> {
  return between('choosing', 1, size.choosing, async (_relay, pages) => {
    const before = await pages.ask(counts);
    let after = before;
    for (let i = 0; i < 60 && after.let < size.choosing; i += 1) {
      await wait(500);
      after = await pages.ask(counts);
    }
    return {
      chosenBytes: after.bytes - before.bytes,
      chosenNotifications: after.notifications - before.notifications,
      let: after.let,
      letP95Ms: after.letP95Ms,
    };
  });
}

/** The table for people. */
export function renderSignalling({ size, speaking, restless, ...chosen }: SignallingCosts): string {
  const { commercials, admins, choosing } = size;
  return textTable(
    [
      [`${commercials} commercials speak, ${admins} admins watch`, '', 'expected', ''],
      ...speakingLines(speaking),
      ['the same, with voices of which no page may tell more', '', '', ''],
      ...speakingLines(restless),
      [`${choosing} admins choose one commercial, 500 a second`, '', '', ''],
      line(
        'sent to that commercial’s page',
        `${(chosen.chosenBytes / 1e3).toFixed(1)} KB`,
        `<= ${EXPECTED.chosenBytes / 1e3} KB`,
        chosen.chosenBytes <= EXPECTED.chosenBytes,
      ),
      ['in so many messages', String(chosen.chosenNotifications), '', ''],
      line('let hear', String(chosen.let), `${choosing}`, chosen.let === choosing),
      ['from the request until let hear, p95', `${chosen.letP95Ms.toFixed(1)} ms`, '', ''],
    ],
    [1],
  );
}

function speakingLines({ cpuShare, loopP99Ms, bytesPerSecond, notificationsPerSecond }: SpeakingCosts): string[][] {
  return [
    line(
      'processor time of the relay',
      `${(cpuShare * 100).toFixed(1)} % of a core`,
      `<= ${EXPECTED.cpuShare * 100} %`,
      cpuShare <= EXPECTED.cpuShare,
    ),
    line(
      'lateness of its event loop, p99',
      `${loopP99Ms.toFixed(1)} ms`,
      `<= ${EXPECTED.loopP99Ms} ms`,
      loopP99Ms <= EXPECTED.loopP99Ms,
    ),
    line(
      'sent to all admins',
      `${(bytesPerSecond / 1e6).toFixed(1)} MB/s`,
      `<= ${EXPECTED.bytesPerSecond / 1e6} MB/s`,
      bytesPerSecond <= EXPECTED.bytesPerSecond,
    ),
    ['messages to each admin', `${notificationsPerSecond.toFixed(1)} a second`, '', ''],
  ];
}

function line(what: string, value: string, limit: string, ok: boolean): string[] {
  return [what, value, limit, ok ? 'ok' : 'MISSED'];
}
