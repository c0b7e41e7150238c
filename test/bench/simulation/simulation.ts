/**
 * `npm run bench -- --simulation`: many nodes of a cluster, with the code and the Redis that real ones have, on one machine. Media and
 * sockets are none; commercials, admins and their clicks are as many as in a large company.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { RedisServer } from '../../harness/redis-server.ts';
import { type Summary, summarise } from '../../harness/statistics.ts';
import { textTable } from '../../harness/text-table.ts';
import type { Mark, Order, Plan, ProcessResult, Reply, Share } from './plan.ts';

const PROCESS = fileURLToPath(new URL('./sim-process.ts', import.meta.url));
/** Nodes are spread over so many processes. */
const PROCESSES = 4;
/** Between the last who came and the measuring: those who came last are told of by then. */
const SETTLE_MS = 10_000;
/** After this long, a pause of which an admin was not told was missed. */
const UNTOLD_MS = 2_000;

/** What one simulation has measured. */
export interface Simulated {
  readonly plan: Plan;
  /** From a pause to the message that tells an admin’s page of another node, in milliseconds; null: there was none. */
  readonly toldMs: Summary | null;
  /** From a click to being heard from another node: to its node’s leave, without media. */
  readonly heardMs: Summary | null;
  readonly redis: {
    readonly cpuPercent: number;
    readonly commandsPerSecond: number;
    readonly inBytesPerSecond: number;
    readonly outBytesPerSecond: number;
    readonly memory: number;
  };
  /** Of one node, on average. */
  readonly node: {
    readonly cpuPercent: number;
    /** Processor time that the coming of all its admins took, in milliseconds: whom they see is asked of every other node. */
    readonly comingCpuMs: number;
    readonly memory: number;
    readonly takenPerSecond: number;
    readonly publishedPerSecond: number;
  };
  /** The worst process’s event loop: it has many nodes. */
  readonly delayMs: number;
  /** Messages that were refused, or came late or not at all. */
  readonly failed: number;
  /** Pauses of which an admin was not told within two seconds. */
  readonly missed: number;
  /** How much of the machine’s time all of it took, in percent of one core. */
  readonly allPercent: number;
}

/** @param say receives what happens, for people */
export async function simulate(plan: Plan, say: (text: string) => void): Promise<Simulated> {
  const redis = await RedisServer.start({ lines: ['maxclients 2000'] });
  const children: Child[] = [];
  try {
    const secret = randomBytes(32).toString('base64url');
    const perProcess = Math.ceil(plan.nodes / PROCESSES);
    for (let first = 0; first < plan.nodes; first += perProcess) {
      const count = Math.min(perProcess, plan.nodes - first);
      children.push(new Child({ plan, redisPort: redis.port, secret, first, count }));
    }
    const all = (order: Order) => Promise.all(children.map((child) => child.tell(order)));
    say(`${plan.nodes} nodes join ...`);
    await all({ do: 'join' });
    say(`${plan.nodes * plan.commercials} commercials go live ...`);
    await all({ do: 'live' });
    say(`${plan.nodes * plan.admins} admins come, and listen ...`);
    await all({ do: 'watch' });
    await sleep(SETTLE_MS);
    say(`measuring for ${plan.seconds} s ...`);
    const before = infoOf(redis);
    const start = performance.now();
    const replies = await all({ do: 'run', seconds: plan.seconds });
    const seconds = (performance.now() - start) / 1_000;
    const after = infoOf(redis);
    return resultOf(
      plan,
      replies.filter((result) => result !== null),
      before,
      after,
      seconds,
    );
  } finally {
    for (const child of children) child.kill();
    await redis.close();
  }
}

class Child {
  readonly #child: ChildProcess;

  constructor(share: Share) {
    this.#child = fork(PROCESS, [JSON.stringify(share)], { serialization: 'advanced' });
  }

  tell(order: Order): Promise<ProcessResult | null> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('A process of the simulation ended.'));
      this.#child.once('exit', ended);
      this.#child.once('message', (reply: Reply) => {
        this.#child.off('exit', ended);
        if ('failed' in reply) reject(new Error(reply.failed));
        else resolve(reply.result ?? null);
      });
      this.#child.send(order);
    });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

type Info = ReadonlyMap<string, number>;

/** What `INFO` counts. */
function infoOf(redis: RedisServer): Info {
  const lines = redis.cli('INFO').split(/\r?\n/);
  return new Map(lines.map((line) => line.split(':')).map(([name = '', value]) => [name, Number(value)]));
}

function resultOf(
  plan: Plan,
  results: readonly ProcessResult[],
  before: Info,
  after: Info,
  seconds: number,
): Simulated {
  const grown = (name: string): number => (after.get(name) ?? Number.NaN) - (before.get(name) ?? Number.NaN);
  const sum = (of: (result: ProcessResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const { delays: toldMs, missed } = delaysOf(
    plan,
    results.flatMap(({ made }) => made),
    results.flatMap(({ seen }) => seen),
  );
  const heardMs = results.flatMap((result) => result.heardMs);
  const redisPercent = ((grown('used_cpu_user') + grown('used_cpu_sys')) / seconds) * 100;
  const nodesPercent = sum(({ cpuPercent }) => cpuPercent);
  return {
    plan,
    toldMs: toldMs.length > 0 ? summarise(toldMs) : null,
    heardMs: heardMs.length > 0 ? summarise(heardMs) : null,
    redis: {
      cpuPercent: redisPercent,
      commandsPerSecond: grown('total_commands_processed') / seconds,
      inBytesPerSecond: grown('total_net_input_bytes') / seconds,
      outBytesPerSecond: grown('total_net_output_bytes') / seconds,
      memory: after.get('used_memory') ?? Number.NaN,
    },
    node: {
      cpuPercent: nodesPercent / plan.nodes,
      comingCpuMs: sum(({ comingCpuMs }) => comingCpuMs) / plan.nodes,
      memory: sum(({ memory }) => memory) / plan.nodes,
      takenPerSecond: sum(({ taken }) => taken) / seconds / plan.nodes,
      publishedPerSecond: sum(({ published }) => published) / seconds / plan.nodes,
    },
    delayMs: Math.max(...results.map(({ delayMs }) => delayMs)),
    failed: sum(({ failed }) => failed),
    missed,
    allPercent: nodesPercent + redisPercent,
  };
}

/** Of each pause and each other node with an admin of that team, the time until the admin’s page was told. */
function delaysOf(plan: Plan, made: readonly Mark[], seen: readonly (readonly [number, ...Mark])[]) {
  const arrivals = new Map<string, number[]>();
  for (const [node, commercial, status, at] of seen) {
    const key = `${node} ${commercial} ${status}`;
    const times = arrivals.get(key);
    if (times) times.push(at);
    else arrivals.set(key, [at]);
  }
  const byCommercial = new Map<number, Mark[]>();
  for (const mark of made) byCommercial.set(mark[0], [...(byCommercial.get(mark[0]) ?? []), mark]);
  const watching = watchersOf(plan);
  const delays: number[] = [];
  // What was done last was not told of yet when the time was over.
  const last = made.reduce((latest, [, , at]) => Math.max(latest, at), 0) - UNTOLD_MS;
  let missed = 0;
  for (const [commercial, marks] of byCommercial) {
    const home = Math.floor(commercial / plan.commercials);
    for (const [index, [, status, at]] of marks.entries()) {
      // One that is taken back before it is told of may never be told.
      const until = marks[index + 1]?.[2] ?? Number.POSITIVE_INFINITY;
      for (const node of watching.get(commercial % plan.teams) ?? []) {
        if (node === home) continue;
        const told = arrivals.get(`${node} ${commercial} ${status}`)?.find((time) => time >= at && time < until);
        if (told !== undefined) delays.push(told - at);
        else if (until > last && at < last) missed += 1;
      }
    }
  }
  return { delays, missed };
}

/** Team -> nodes with an admin who watches it. */
function watchersOf({ nodes, admins, teams }: Plan): Map<number, Set<number>> {
  const watching = new Map<number, Set<number>>();
  for (let number = 0; number < nodes * admins; number += 1) {
    const team = number % teams;
    watching.set(team, (watching.get(team) ?? new Set()).add(number % nodes));
  }
  return watching;
}

/** The table for people. */
export function renderSimulations(simulations: readonly (readonly [name: string, simulated: Simulated])[]): string {
  const ms = (summary: Summary | null): string =>
    summary === null ? '-' : `${summary.median.toFixed(0)} / ${summary.p95.toFixed(0)} ms`;
  const rate = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB/s`;
  const rows = simulations.map(
    ([name, { plan, toldMs, heardMs, redis, node, delayMs, failed, missed, allPercent }]) => [
      name,
      `${plan.nodes} x ${plan.commercials}, ${plan.admins} admins, ${plan.teams} teams`,
      ms(toldMs),
      ms(heardMs),
      `${redis.cpuPercent.toFixed(1)} %`,
      `${redis.commandsPerSecond.toFixed(0)}/s`,
      rate(redis.inBytesPerSecond),
      rate(redis.outBytesPerSecond),
      `${(redis.memory / 1e6).toFixed(0)} MB`,
      `${node.cpuPercent.toFixed(2)} %`,
      `${node.comingCpuMs.toFixed(0)} ms`,
      `${node.publishedPerSecond.toFixed(0)} / ${node.takenPerSecond.toFixed(0)}`,
      `${(node.memory / 1e6).toFixed(0)} MB`,
      `${delayMs.toFixed(0)} ms`,
      `${failed}, ${missed}`,
      `${allPercent.toFixed(0)} %`,
    ],
  );
  return textTable([
    [
      '',
      'nodes x commercials',
      'told, median / p95',
      'click to heard',
      'Redis CPU',
      'commands',
      'in',
      'out',
      'memory',
      'a node: CPU',
      'as its admins came',
      'messages out / in a s',
      'memory',
      'loop p99',
      'messages refused, pauses missed',
      'all CPU',
    ],
    ...rows,
  ]);
}
