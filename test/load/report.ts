import type { LoadResult } from '../harness/load-result.ts';
import { summarise } from '../harness/statistics.ts';
import { textTable } from '../harness/text-table.ts';
import type { LoadOptions } from './options.ts';

/** So many of the packets that were sent must be there; the edges of the time that is measured take some. */
const RECEIVED = 0.98;
/** Above this the load's own program was too slow for its result to say much about the relay. */
const OWN_DELAY_MS = 100;

/** Two tables: what was heard, and what it cost. */
export function renderResult(options: LoadOptions, result: LoadResult): string {
  const { streams, listeners, admins, received, lost, seconds, own } = result;
  const failures = Object.entries(result.failures);
  const lines = [
    ['what', 'measured'],
    ['live commercials', ofWanted(streams, options.streams)],
    ['of them send audio', String(result.speaking)],
    ['admins who watch', ofWanted(admins, options.admins)],
    ['admins who listen', ofWanted(listeners, options.listeners)],
    ['of them heard something', String(result.heard)],
    ['failures', failures.length === 0 ? 'none' : failures.map(([code, count]) => `${count} x ${code}`).join(', ')],
    ['connection to live, median / p95', times(result.liveMs)],
    ['click to first packet, median / p95', times(result.heardMs)],
    [
      'packets a second for each listener, and sent',
      listeners === 0 ? '-' : `${(received / seconds / listeners).toFixed(1)}, ${result.packetsASecond.toFixed(1)}`,
    ],
    [
      'packets lost',
      received + lost === 0 ? '-' : `${lost} of ${received + lost} (${percent(lost / (received + lost))})`,
    ],
    [
      'longest silence of a listener, median / p95 / longest',
      result.gapsMs.length === 0 ? '-' : times(result.gapsMs, ` / ${Math.max(...result.gapsMs).toFixed(0)}`),
    ],
    ['times that pages went over to another relay', String(result.moves)],
    ['this program: processor, worst delay', `${own.cpuPercent.toFixed(0)} %, ${own.worstDelayMs.toFixed(0)} ms`],
  ];
  const parts = [textTable(lines), processTable(result)];
  if (own.worstDelayMs > OWN_DELAY_MS || own.skippedMs > 0) {
    parts.push(
      `This program was late itself (${own.worstDelayMs.toFixed(0)} ms, ${own.skippedMs.toFixed(0)} ms of sound left out): times and silences are partly its own. Run it on another machine, or several of it.`,
    );
  }
  return parts.join('\n\n');
}

/** Whether everybody got in and heard, nearly all packets came in time, and not one in a thousand was lost. */
export function isClean(options: LoadOptions, result: LoadResult): boolean {
  const { streams, listeners, admins, heard, received, lost } = result;
  return (
    streams === options.streams &&
    admins === options.admins &&
    listeners === options.listeners &&
    heard === listeners &&
    Object.keys(result.failures).length === 0 &&
    received >= RECEIVED * result.packetsASecond * result.seconds * listeners &&
    lost <= 0.001 * (received + lost)
  );
}

function processTable({ processes }: LoadResult): string {
  if (processes.length === 0) return 'The relay is not on this machine, or its processes may not be seen: --pids.';
  const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
  return textTable([
    ['process', 'name', 'of one core', 'memory before', 'memory after'],
    ...processes.map(({ pid, name, cpuPercent, memoryBefore, memory }) => [
      String(pid),
      name,
      `${cpuPercent.toFixed(1)} %`,
      megabytes(memoryBefore),
      megabytes(memory),
    ]),
  ]);
}

function ofWanted(count: number, wanted: number): string {
  return count === wanted ? String(count) : `${count} of ${wanted}`;
}

function times(samples: readonly number[], more = ''): string {
  if (samples.length === 0) return '-';
  const { median, p95 } = summarise(samples);
  return `${median.toFixed(0)} / ${p95.toFixed(0)}${more} ms`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
