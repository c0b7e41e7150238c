import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditEntry } from '../audit/audit-entries.ts';
import { ERROR_CODES } from '../protocol/error-codes.ts';
import { countedAudit } from './counted-audit.ts';
import { Measures } from './measures.ts';
import { countMeasures, readMeasures } from './testing/read-measures.ts';

describe('measures', () => {
  it('have every combination of their labels from the start, at zero', async () => {
    const measures = new Measures();
    assert.deepEqual(await readMeasures(measures), {});
    const text = await measures.registry.metrics();
    for (const code of Object.keys(ERROR_CODES)) {
      for (const at of ['handshake', 'request'])
        assert.ok(text.includes(`refusals_total{at="${at}",code="${code}"} 0`), code);
    }
    assert.ok(text.includes('first_packet_seconds_count{cause="switch"} 0'));
    assert.ok(text.includes('worker_deaths_total 0'));
  });

  it('put times into seconds', async () => {
    const measures = new Measures();
    measures.firstPacket('switch', 250);
    const read = await readMeasures(measures);
    assert.equal(read['first_packet_seconds_sum{cause="switch"}'], 0.25);
    assert.equal(read['first_packet_seconds_bucket{le="0.2",cause="switch"}'], undefined);
    assert.equal(read['first_packet_seconds_bucket{le="0.3",cause="switch"}'], 1);
  });

  it('count the ends that the audit trail keeps', async () => {
    const measures = new Measures();
    const kept: AuditEntry[] = [];
    const sink = countedAudit({ record: (entry) => void kept.push(entry) }, measures);
    const who = { stream: 's', commercial: 'c', equipe: 'nord' };
    sink.record({ event: 'stream_started', ...who });
    sink.record({ event: 'stream_ended', ...who, cause: 'time_limit', liveMs: 1, pausedMs: 0 });
    const hearing = { hearing: 'h', admin: 'a', heardMs: 1, connectedMs: 1, pausedMs: 0 };
    sink.record({ event: 'hearing_ended', ...who, ...hearing, cause: 'worker_died' });
    assert.equal(kept.length, 3);
    assert.deepEqual(await countMeasures(measures), {
      'streams_ended_total{reason="time_limit"}': 1,
      'hearings_ended_total{reason="worker_died"}': 1,
    });
  });
});
