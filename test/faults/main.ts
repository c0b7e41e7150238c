/**
 * `npm run faults [WORDS]`: the long form of every fault (or of those whose name has the words in it): prints one table, and ends with
 * code 1 when a promise was not kept. A run of every fault writes bench-results/faults.json; a part must not pass for the whole.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { allCases } from './cases/all-cases.ts';
import { CaseRunner } from './cases/run-case.ts';
import { allKept, type CaseReport, renderTable, verdictOf } from './report.ts';

const RESULTS = fileURLToPath(new URL('../../bench-results/', import.meta.url));

const words = process.argv.slice(2).join(' ').toLowerCase();
const wanted = allCases.filter(({ fault }) => fault.toLowerCase().includes(words));
if (wanted.length === 0) {
  console.error(
    `No fault has "${words}" in its name. The faults:\n${allCases.map(({ fault }) => `  ${fault}`).join('\n')}`,
  );
  process.exit(1);
}
const runner = new CaseRunner({ long: true });
const reports: CaseReport[] = [];
for (const faultCase of wanted) {
  const { fault } = faultCase;
  const impossible = (await faultCase.impossible?.()) ?? null;
  if (impossible !== null) {
    console.log(`${fault}: not tried, ${impossible}`);
    reports.push({ fault, findings: null, problem: impossible, tried: false });
    continue;
  }
  console.log(`${fault} ...`);
  try {
    reports.push({ fault, findings: await runner.run(faultCase), problem: null, tried: true });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    console.error(problem);
    reports.push({ fault, findings: null, problem, tried: true });
  }
}
await runner.close();

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
