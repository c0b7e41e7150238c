import { Counter, Gauge, type Registry } from 'prom-client';
import type { AuditDirectory } from '../audit/audit-directory.ts';

/** How the kept audit trail stands. */
export interface AuditMetricSources {
  /** Null where the trail is in the log alone. */
  readonly audit: Pick<AuditDirectory, 'gauges'> | null;
}

/** The metrics of the trail in `AUDIT_DIR`; without one they have no value. */
export function registerAuditMetrics(registry: Registry, sources: () => AuditMetricSources | null): void {
  const registers = [registry];
  const gauges = () => sources()?.audit?.gauges ?? null;
  new Gauge({
    name: 'prospect_relay_audit_waiting',
    help: 'Entries of the audit trail that wait in memory, because AUDIT_DIR cannot be written to',
    registers,
    collect() {
      const read = gauges();
      this.reset();
      if (read) this.set(read.waiting);
      else this.remove();
    },
  });
  const counter = (name: string, help: string, which: 'kept' | 'lost') =>
    new Counter({
      name: `prospect_relay_audit_${name}`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(gauges()?.[which] ?? 0);
      },
    });
  counter('records_total', 'Records written to the audit trail in AUDIT_DIR', 'kept');
  counter(
    'lost_total',
    'Entries of the audit trail that were lost, because AUDIT_DIR could not be written to for too long',
    'lost',
  );
}
