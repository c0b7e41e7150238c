/**
 * `npm run faults [WORDS]`: the long form of every fault (or of those whose name has the words in it): prints one table, and ends with
 * code 1 when a promise was not kept. A run of every fault writes bench-results/faults.json; a part must not pass for the whole.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { skipWithout } from '../harness/ensure-program.ts';
import { allCases } from './cases/all-cases.ts';
import { CaseRunner } from './cases/run-case.ts';
import { allClusterCases } from './cluster/all-cluster-cases.ts';
import { ClusterRunner } from './cluster/run-cluster-case.ts';
import type { Finding } from './measure/finding.ts';
import { allKept, type CaseReport, renderTable, verdictOf } from './report.ts';

const RESULTS = fileURLToPath(new URL('../../bench-results/', import.meta.url));

/** One line of the report, whatever it is tried on. */
interface Trial {
  readonly fault: string;
  readonly impossible?: () => Promise<string | null>;
  readonly run: () => Promise<Finding[]>;
}

const relays = new CaseRunner({ long: true });
const clusters = new ClusterRunner({ long: true });
const missing = await skipWithout('redis-server', 'haproxy');
const trials: readonly Trial[] = [
  ...allCases.map((each) => ({ ...each, run: () => relays.run(each) })),
  ...allClusterCases.map((each) => ({
    fault: each.fault,
    impossible: async () => missing || (await each.impossible?.()) || null,
    run: () => clusters.run(each),
  })),
];

const words = process.argv.slice(2).join(' ').toLowerCase();
const wanted = trials.filter(({ fault }) => fault.toLowerCase().includes(words));
if (wanted.length === 0) {
  console.error(
    `No fault has "${words}" in its name. The faults:\n${trials.map(({ fault }) => `  ${fault}`).join('\n')}`,
  );
  process.exit(1);
}
const reports: CaseReport[] = [];
for (const { fault, impossible: whyNot, run } of wanted) {
  const impossible = (await whyNot?.()) ?? null;
  if (impossible !== null) {
    console.log(`${fault}: not tried, ${impossible}`);
    reports.push({ fault, findings: null, problem: impossible, tried: false });
    continue;
  }
  console.log(`${fault} ...`);
  try {
    reports.push({ fault, findings: await run(), problem: null, tried: true });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    console.error(problem);
    reports.push({ fault, findings: null, problem, tried: true });
  }
}
await relays.close();
await clusters.close();

console.log(`\n${renderTable(reports)}\n`);
if (words === '') writeResults();
console.log(allKept(reports) ? 'Every promise was kept.' : 'Not every promise was kept.');
process.exitCode = allKept(reports) ? 0 : 1;

function writeResults(): void {
  mkdirSync(RESULTS, { recursive: true });
  const results = reports.map(({ fault, findings, problem, tried }) => ({
    fault,
    tried,
    problem,
    findings: findings?.map((finding) => ({ ...finding, verdict: verdictOf(finding) })) ?? null,
  }));
  const machine = {
    node: process.version,
    platform: process.platform,
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
  };
  writeFileSync(
    `${RESULTS}faults.json`,
    `${JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2)}\n`,
  );
}
