import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { childProcesses } from '../harness/child-processes.ts';
import type { ProcessUse } from '../harness/load-result.ts';
import { runCommand } from '../harness/network/run-command.ts';

interface Reading {
  readonly name: string;
  readonly ticks: number;
  readonly memory: number;
}

/** Processor time and memory of processes of this machine, from `/proc` (Linux). Elsewhere there are none. */
export class ProcessMeter {
  readonly #ticksPerSecond: number;
  readonly #pids: readonly number[];
  #before = new Map<number, Reading>();
  #memoryBefore = new Map<number, number>();
  #at = 0;

  private constructor(pids: readonly number[], ticksPerSecond: number) {
    this.#pids = pids;
    this.#ticksPerSecond = ticksPerSecond;
  }

  /** @param parents processes to measure, with their children */
  static async of(parents: readonly number[]): Promise<ProcessMeter> {
    if (parents.length === 0) return new ProcessMeter([], 1);
    const ticks = Number(await runCommand('getconf', ['CLK_TCK']));
    const families = await Promise.all(parents.map(async (pid) => [pid, ...(await childProcesses(pid))]));
    const meter = new ProcessMeter([...new Set(families.flat())], ticks);
    for (const [pid, { memory }] of await meter.#read()) meter.#memoryBefore.set(pid, memory);
    return meter;
  }

  /** Begins to measure processor time. */
  async start(): Promise<void> {
    this.#before = await this.#read();
    this.#at = performance.now();
  }

  /** What was used since `start`; processes that ended are left out. */
  async use(): Promise<ProcessUse[]> {
    const now = await this.#read();
    const seconds = (performance.now() - this.#at) / 1_000;
    return [...now].flatMap(([pid, { name, ticks, memory }]) => {
      const before = this.#before.get(pid);
      if (!before) return [];
      const cpuPercent = ((ticks - before.ticks) / this.#ticksPerSecond / seconds) * 100;
      return [{ pid, name, cpuPercent, memoryBefore: this.#memoryBefore.get(pid) ?? memory, memory }];
    });
  }

  async #read(): Promise<Map<number, Reading>> {
    const readings = new Map<number, Reading>();
    for (const pid of this.#pids) {
      try {
        readings.set(pid, await readProcess(pid));
      } catch {
        // It has ended.
      }
    }
    return readings;
  }
}

/** @throws Error when there is no such process */
async function readProcess(pid: number): Promise<Reading> {
  const [stat = '', status = '', commandLine = ''] = await Promise.all(
    ['stat', 'status', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8')),
  );
  // The name stands in parentheses and may hold anything; utime and stime are the 14th and 15th field (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const memory = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024;
  return { name: nameOf(commandLine.split('\0')), ticks: Number(fields[11]) + Number(fields[12]), memory };
}

function nameOf([program = '', script = '']: readonly string[]): string {
  return basename(program) === 'node' ? `node ${script.split('/').slice(-2).join('/')}` : basename(program);
}

/** The process of this machine that listens at a TCP port; null where none is found, or none may be seen. */
export async function listeningProcess(port: number): Promise<number | null> {
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const lines = await readFile(table, 'utf8').catch(() => '');
    for (const line of lines.split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      if (state === '0A' && Number.parseInt(local.split(':')[1] ?? '', 16) === port) inodes.add(`socket:[${inode}]`);
    }
  }
  if (inodes.size === 0) return null;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    for (const file of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
      if (inodes.has(target)) return Number(pid);
    }
  }
  return null;
}
