import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeAudit } from './audit-report.mjs';

const REGISTRY = 'https://registry.example/';

function answer(vulnerabilities, counts) {
  const all = { info: 0, low: 0, moderate: 0, high: 0, critical: 0, total: 0, ...counts };
  return { auditReportVersion: 2, vulnerabilities, metadata: { vulnerabilities: all, dependencies: { total: 7 } } };
}

test('an endpoint that cannot be asked is said so, and is no clean result', () => {
  for (const failure of [
    { message: '405 Method Not Allowed - POST https://registry.example/-/npm/v1/security/advisories/bulk' },
    { message: 'request failed, reason: connect ECONNREFUSED', error: { summary: '' } },
    {},
    null,
  ]) {
    const { outcome, text } = judgeAudit(failure, REGISTRY);
    assert.equal(outcome, 'not-asked');
    assert.match(text, /NOT AUDITED.*https:\/\/registry\.example\//);
  }
  assert.match(judgeAudit({ message: '405 Method Not Allowed' }, REGISTRY).text, /405 Method Not Allowed/);
});

test('no vulnerability is clean, and one that is moderate or worse is not', () => {
  assert.equal(judgeAudit(answer({}, {}), REGISTRY).outcome, 'clean');
  const low = { a: { name: 'a', severity: 'low', range: '<1', fixAvailable: false } };
  assert.equal(judgeAudit(answer(low, { low: 1, total: 1 }), REGISTRY).outcome, 'clean');
  const high = { b: { name: 'b', severity: 'high', range: '<2', fixAvailable: true } };
  const { outcome, text } = judgeAudit(answer(high, { high: 1, total: 1 }), REGISTRY);
  assert.equal(outcome, 'vulnerable');
  assert.match(text, /high +b <2 +\(a fixed version exists\)/);
});
