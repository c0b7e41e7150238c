/** A service that is simulated, and how its people behave. */
export interface Plan {
  readonly nodes: number;
  /** Of each node: all are live. */
  readonly commercials: number;
  /** Of each node: each watches one team, and hears one of its commercials. */
  readonly admins: number;
  /** Of the whole service; members and watchers of each are spread over all nodes. */
  readonly teams: number;
  readonly seconds: number;
}

const SECONDS = 30;
const BASE: Plan = { nodes: 25, commercials: 1_000, admins: 50, teams: 1_250, seconds: SECONDS };
/** A company, the same with one thing doubled at a time (with more nodes come their people and teams), and a large one. */
export const PLANS: readonly (readonly [name: string, plan: Plan])[] = [
  ['base', BASE],
  ['twice the nodes', { ...BASE, nodes: 50, teams: 2_500 }],
  ['twice the teams', { ...BASE, teams: 2_500 }],
  ['twice the watchers', { ...BASE, admins: 100 }],
  ['large', { nodes: 50, commercials: 2_000, admins: 100, teams: 5_000, seconds: SECONDS }],
];

/** What may be asked for, as text; the rest is as in the first of `PLANS`. @throws Error when it cannot be simulated */
export function planOf(asked: Readonly<Partial<Record<'nodes' | 'commercials' | 'admins' | 'teams', string>>>): Plan {
  const of = (name: keyof typeof asked, usual: number): number => {
    const value = Number(asked[name] ?? usual);
    if (Number.isInteger(value) && value >= 1 && value <= 1_000_000) return value;
    throw new Error(`--${name} is "${asked[name]}". It must be a whole number from 1 to 1000000.`);
  };
  const plan: Plan = {
    nodes: of('nodes', BASE.nodes),
    commercials: of('commercials', BASE.commercials),
    admins: of('admins', BASE.admins),
    teams: of('teams', BASE.teams),
    seconds: SECONDS,
  };
  if (plan.nodes * plan.commercials < plan.teams) throw new Error('There must be a commercial for each team.');
  return plan;
}

/** Each admin goes to another commercial of the team this often, in milliseconds. */
export const SWITCH_EVERY_MS = 60_000;
/** Each commercial pauses or goes on this often, in milliseconds. */
export const PAUSE_EVERY_MS = 600_000;
/** Who is heard speaks half of the time, and so long without a break, in milliseconds. */
export const SPEAKING_MS = 4_000;
/** While they speak, their level changes this often, in milliseconds. */
export const LEVEL_EVERY_MS = 500;

/** Something that happened to a commercial: their number, what it was, and when by the clock that all processes share, in milliseconds. */
export type Mark = readonly [commercial: number, status: string, at: number];

/** What one process has measured. */
export interface ProcessResult {
  /** Of its nodes together, in percent of one core. */
  readonly cpuPercent: number;
  /** Processor time that the admins’ coming took its nodes together, in milliseconds. */
  readonly comingCpuMs: number;
  readonly memory: number;
  /** The 99th percentile of the delay of its event loop, in milliseconds. */
  readonly delayMs: number;
  /** Pauses, at the commercial’s node. */
  readonly made: readonly Mark[];
  /** Their arrival in messages to admins’ pages at each node of this process. */
  readonly seen: readonly (readonly [node: number, ...mark: Mark])[];
  /** From the selection of a commercial of another node to being heard from there, in milliseconds. */
  readonly heardMs: readonly number[];
  /** Messages that its nodes took and published, and those that the bus refused or missed. */
  readonly taken: number;
  readonly published: number;
  readonly failed: number;
}

/** Told to a process, which answers each with a `Reply`. */
export type Order = { readonly do: 'join' | 'live' | 'watch' } | { readonly do: 'run'; readonly seconds: number };

/** What a process says. */
export type Reply = { readonly done: Order['do']; readonly result?: ProcessResult } | { readonly failed: string };

/** What a process is started with: its share of the nodes. */
export interface Share {
  readonly plan: Plan;
  readonly redisPort: number;
  readonly secret: string;
  readonly first: number;
  readonly count: number;
}

/** Milliseconds by a clock that all processes of a machine share and nobody sets. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
