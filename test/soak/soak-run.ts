import { setTimeout as wait } from 'node:timers/promises';
import { RtpPages } from '../../relay/media/testing/rtp-pages.ts';
import { type ChildReport, RelayChild, residentBytes } from './relay-child.ts';
import { leavings, playRound, roundStates } from './rounds.ts';

/** How long and how much. */
export interface SoakOptions {
  readonly rounds: number;
  /** The rounds are spread over this time, in milliseconds; when they take longer, they take longer. */
  readonly timeMs: number;
  /** So many rounds are played at the same time. */
  readonly places: number;
  readonly onProgress?: (rounds: number) => void;
}

/** Memory in RAM at one moment, in bytes. */
export interface MemorySample {
  readonly round: number;
  readonly relay: number;
  readonly workers: number;
}

/** What the soak came to. */
export interface SoakReport {
  readonly rounds: number;
  /** Combinations of a state and a way to leave that were played, of all that there are. */
  readonly combinations: { readonly played: number; readonly all: number };
  /** Counts of everything that could leak, before the first round and when all times of grace were over. */
  readonly before: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
  readonly memory: readonly MemorySample[];
  /** Answers that must never come, rounds that broke, errors that the relay logged. Must be empty. */
  readonly failures: readonly string[];
  readonly seconds: number;
}

/** Samples of memory in the whole run. */
const SAMPLES = 60;
const SETTLE_MS = 45_000;

/** Plays rounds at a relay in a process of its own, and counts what it holds before and after. */
export async function runSoak({ rounds, timeMs, places, onProgress }: SoakOptions): Promise<SoakReport> {
  const started = performance.now();
  const relay = await RelayChild.start();
  const pages = await RtpPages.start();
  const failures: string[] = [];
  const memory: MemorySample[] = [];
  const combinations = roundStates.flatMap((state) => leavings.map((leaving) => ({ state, leaving })));
  let next = 0;
  try {
    const first = await relay.report();
    const sample = async (round: number): Promise<void> => {
      const { rssBytes, workerPids } = await relay.report();
      memory.push({ round, relay: rssBytes, workers: await residentBytes(workerPids) });
    };
    const place = async (number: number): Promise<void> => {
      for (let round = next++; round < rounds; round = next++) {
        const due = started + (round / rounds) * timeMs;
        if (due > performance.now()) await wait(due - performance.now());
        const { state, leaving } = combinations[round % combinations.length] ?? {};
        if (!state || !leaving) return;
        const context = { url: relay.url, place: number, pages, failures };
        await playRound(state, leaving, context).catch((error: unknown) =>
          failures.push(`${state.role}, ${state.name}, ${leaving}: ${String(error)}`),
        );
        // One report at a time: the places take turns by their rounds.
        if (Math.floor((round * SAMPLES) / rounds) !== Math.floor(((round - 1) * SAMPLES) / rounds)) {
          sampling = sampling.then(() => sample(round));
          await sampling;
          onProgress?.(round);
        }
      }
    };
    let sampling = Promise.resolve();
    await Promise.all(Array.from({ length: places }, (_, number) => place(number)));
    const last = await settled(relay, first);
    return {
      rounds,
      combinations: { played: Math.min(rounds, combinations.length), all: combinations.length },
      before: flatten(first),
      after: flatten(last),
      memory,
      failures: [...failures, ...relay.output],
      seconds: (performance.now() - started) / 1_000,
    };
  } finally {
    await pages.close();
    await relay.stop();
  }
}

/** What the relay holds once it is what it was, or once there is no hope. */
async function settled(relay: RelayChild, first: ChildReport): Promise<ChildReport> {
  const wanted = JSON.stringify(flatten(first));
  for (const end = performance.now() + SETTLE_MS; ; await wait(500)) {
    const now = await relay.report();
    if (JSON.stringify(flatten(now)) === wanted || performance.now() > end) return now;
  }
}

/** Every count under its name. */
function flatten({
  signalling,
  media,
  pipes,
  workers,
  resources,
  eventListeners,
}: ChildReport): Record<string, number> {
  const flat: Record<string, number> = {};
  const add = (name: string, count: number): void => {
    flat[name] = (flat[name] ?? 0) + count;
  };
  for (const [name, count] of Object.entries(signalling)) add(name, count);
  for (const [name, count] of Object.entries(media)) add(name, count);
  add('pipes', pipes);
  for (const worker of workers) for (const [name, count] of Object.entries(worker)) add(`worker: ${name}`, count);
  add('process: sockets', resources.TCPSocketWrap ?? 0);
  add('process: timers', resources.Timeout ?? 0);
  add('process: event listeners', eventListeners);
  return flat;
}
