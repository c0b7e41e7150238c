import { type DestinationStream, pino } from 'pino';
import { LogOutputs } from '../log/log-outputs.ts';
import type { AuditSink } from './audit-entries.ts';

/**
 * The audit trail as lines of JSON on standard output, told from the log's other lines by `"audit":true`. It does not obey `LOG_LEVEL`:
 * who wants a quiet log still wants to know who heard whom. A line is out before `record` returns, unless whoever reads is slow.
 * @param destination standard output when absent
 */
export function auditLog(destination: DestinationStream = LogOutputs.standard(false).audit): AuditSink {
  const lines = pino(
    {
      level: 'info',
      base: { audit: true },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return { record: (entry) => lines.info(entry, entry.event.replace('_', ' ')) };
}
