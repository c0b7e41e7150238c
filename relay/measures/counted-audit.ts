import type { AuditSink } from '../audit/audit-entries.ts';
import type { Measures } from './measures.ts';

/** An audit trail whose ends of streams, hearings and calls for help are counted as well: what is counted is what is kept. */
export function countedAudit(sink: AuditSink, measures: Measures): AuditSink {
  return {
    record: (entry) => {
      sink.record(entry);
      if (entry.event === 'stream_ended') measures.streamEnded(entry.cause);
      if (entry.event === 'hearing_ended') measures.hearingEnded(entry.cause);
      if (entry.event === 'help_ended') measures.helpEnded(entry.cause);
    },
  };
}
