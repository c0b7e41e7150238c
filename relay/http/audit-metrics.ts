import { Counter, Gauge, type Registry } from 'prom-client';
import type { AuditDirectory } from '../audit/audit-directory.ts';
import type { WebhookSink } from '../audit/webhook/webhook-sink.ts';

/** How the kept audit trail stands. */
export interface AuditMetricSources {
  /** Null where the trail is in the log alone. */
  readonly audit: Pick<AuditDirectory, 'gauges'> | null;
  /** Null where entries are sent nowhere. */
  readonly webhook: Pick<WebhookSink, 'gauges'> | null;
}

/** The metrics of the trail in `AUDIT_DIR` and of `AUDIT_WEBHOOK_URL`; where there is none, what waits has no value. */
export function registerAuditMetrics(registry: Registry, sources: () => AuditMetricSources | null): void {
  const waiting = (name: string, help: string, read: () => number | null) =>
    new Gauge({
      name: `prospect_relay_${name}`,
      help,
      registers: [registry],
      collect() {
        const value = read();
        this.reset();
        if (value === null) this.remove();
        else this.set(value);
      },
    });
  const counter = (name: string, help: string, read: () => number | undefined) =>
    new Counter({
      name: `prospect_relay_${name}`,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read() ?? 0);
      },
    });
  const kept = () => sources()?.audit?.gauges;
  const sent = () => sources()?.webhook?.gauges;
  waiting(
    'audit_waiting',
    'Entries of the audit trail that wait in memory, because AUDIT_DIR cannot be written to',
    () => kept()?.waiting ?? null,
  );
  waiting('audit_failing', '1 while AUDIT_DIR cannot be written to, else 0', () => {
    const audit = kept();
    return audit ? Number(audit.failing) : null;
  });
  counter('audit_records_total', 'Records written to the audit trail in AUDIT_DIR', () => kept()?.kept);
  counter(
    'audit_lost_total',
    'Entries of the audit trail that were lost, because AUDIT_DIR could not be written to for too long',
    () => kept()?.lost,
  );
  waiting('audit_webhook_waiting', 'Entries that AUDIT_WEBHOOK_URL has not taken yet', () => sent()?.waiting ?? null);
  counter('audit_webhook_delivered_total', 'Entries that AUDIT_WEBHOOK_URL has taken', () => sent()?.delivered);
  counter(
    'audit_webhook_lost_total',
    'Entries that were never sent to AUDIT_WEBHOOK_URL, because it took none for too long',
    () => sent()?.lost,
  );
}
