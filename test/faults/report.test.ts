import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atMost, shown } from './measure/finding.ts';
import { allKept, type CaseReport, renderTable } from './report.ts';

const reports: CaseReport[] = [
  {
    fault: 'relay killed',
    findings: [atMost('audio back', 1.5, 3, 's'), atMost('silence', 4, 3, 's', 10), shown('path', 'udp')],
    problem: null,
    tried: true,
  },
  { fault: 'address change', findings: null, problem: 'needs root', tried: false },
  { fault: 'worker killed', findings: null, problem: 'it went wrong\nwith details', tried: true },
];

test('the table says for each fault what was expected and measured', () => {
  assert.equal(
    renderTable(reports),
    [
      'fault           expected  measured       verdict',
      'relay killed',
      '  audio back    <= 3 s    1.5 s          kept',
      '  silence       <= 3 s    4 s            missed',
      '  path          (shown)   udp            kept',
      'address change            needs root     not tried',
      'worker killed             it went wrong  failed',
    ].join('\n'),
  );
});

test('kept only when every promise that could be tried was', () => {
  assert.equal(allKept(reports), false);
  assert.equal(allKept(reports.slice(1, 2)), true);
  assert.equal(allKept([{ fault: 'x', findings: [atMost('y', 1, 1, 's')], problem: null, tried: true }]), true);
});
