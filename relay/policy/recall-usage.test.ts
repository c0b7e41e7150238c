import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { AuditDirectory } from '../audit/audit-directory.ts';
import { TrailReader } from '../audit/trail-reader.ts';
import { createLogger } from '../logger.ts';
import { Consents } from './consents.ts';
import { recallConsents } from './recall-consents.ts';
import { recallUsage } from './recall-usage.ts';
import { NO_POLICY } from './team-policy.ts';
import { Usage } from './usage.ts';
import { ZoneClock } from './zone-clock.ts';

it('a relay that starts anew goes on counting from the trail that it kept', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'recall-'));
  t.after(() => rmSync(root, { recursive: true }));
  const logger = createLogger('silent');
  const trail = await AuditDirectory.open({ root, chain: 'relay', retentionDays: () => null, logger });
  const stream = 'a-stream';
  const who = { hearing: 'h', stream, commercial: 'lea', equipe: 'nord', admin: 'ada' } as const;
  trail.record({ event: 'hearing_began', ...who });
  for (const heardMs of [40, 2]) {
    trail.record({ event: 'hearing_ended', ...who, cause: 'asked', heardMs, connectedMs: heardMs, pausedMs: 0 });
  }
  trail.record({ event: 'stream_started', stream, commercial: 'lea', equipe: 'nord' });
  trail.record({ event: 'consent_given', commercial: 'lea', equipe: 'nord', version: 'v1' });
  await trail.close();
  const usage = new Usage();
  await recallUsage(new TrailReader(root), usage, () => NO_POLICY, Date.now());
  const rules = { clock: ZoneClock.of('UTC'), restBetweenMs: 0 };
  assert.equal(usage.of('lea', 'ada', rules).pairMs, 42);
  assert.equal(usage.of('lea', 'bob', rules).pairMs, 0);
  assert(usage.of('lea', null, rules).heardMs <= 42);
  // In a cluster the hearings of other chains are told by those who counted them.
  const other = new Usage();
  await recallUsage(new TrailReader(root), other, () => NO_POLICY, Date.now(), 'another');
  assert.equal(other.of('lea', 'ada', rules).pairMs, 0);
  const consents = new Consents();
  await recallConsents(new TrailReader(root), consents, Date.now());
  assert.deepEqual([...consents.all()], [['lea', 'v1']]);
});
