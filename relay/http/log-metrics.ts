import { Counter, type Registry } from 'prom-client';
import type { LogLosses } from '../log/log-outputs.ts';

/** Counts what the outputs of the log could not take: the log itself cannot be asked. */
export function registerLogMetrics(registry: Registry, losses: LogLosses): void {
  new Counter({
    name: 'prospect_relay_log_lines_dropped_total',
    help: 'Lines of log and audit trail that were lost, because standard output was read too slowly or the log file could not be written',
    labelNames: ['output'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [output, lines] of losses()) this.inc({ output }, lines);
    },
  });
}
