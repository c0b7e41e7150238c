/** What `npm run load` prints with `--json`, for whoever runs it as a program of its own. */

/** What one process used. */
export interface ProcessUse {
  readonly pid: number;
  /** Its program, and of Node the script. */
  readonly name: string;
  /** Processor time between two readings, in percent of one core. */
  readonly cpuPercent: number;
  /** Memory at the first and the second reading (RSS), in bytes. */
  readonly memoryBefore: number;
  readonly memory: number;
}

/** What a run says once everybody is there: from now on is measured. */
export const MEASURING = 'measuring';

/** What a run has found. Times in milliseconds. */
export interface LoadResult {
  readonly seconds: number;
  /** Who got in. */
  readonly streams: number;
  readonly listeners: number;
  readonly admins: number;
  /** Commercials who sent audio: those with a listener. */
  readonly speaking: number;
  /** How many packets a listener should get in a second, of whoever speaks with the longest ones; 0 when nobody speaks. */
  readonly packetsASecond: number;
  /** Listeners who heard something while it was measured. */
  readonly heard: number;
  /** From the connection to being live, of each commercial. */
  readonly liveMs: readonly number[];
  /** From the click to the first packet, of each listener. */
  readonly heardMs: readonly number[];
  /** Packets that listeners received, and that they missed by their numbers. */
  readonly received: number;
  readonly lost: number;
  /** The longest time without a packet, of each listener. */
  readonly gapsMs: readonly number[];
  /** How often pages went over to another node, all together. */
  readonly moves: number;
  /** How often what failed, by code: joins, connections that were lost, streams and selections that were ended, media that was lost. */
  readonly failures: Readonly<Record<string, number>>;
  readonly processes: readonly ProcessUse[];
  /** How this program itself kept up: above some 50 ms it is what the result is about. */
  readonly own: { readonly cpuPercent: number; readonly worstDelayMs: number; readonly skippedMs: number };
}
