/**
 * `npm run fuzz [-- --cases N] [--seed N] [--minutes N] [--results FILE]`: the long form: 100,000 cases of bad input at a real
 * relay. Prints one table, writes bench-results/fuzz.json, and ends with code 1 when something was harmed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runFuzz } from './fuzz-run.ts';
import { renderReport, verdicts } from './report.ts';

const RESULTS = fileURLToPath(new URL('../../bench-results/fuzz.json', import.meta.url));

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    minutes: { type: 'string', default: '20' },
    results: { type: 'string', default: RESULTS },
  },
});
const seed = Number(values.seed);
console.log(
  `${values.cases} cases, seed ${seed} (again: npm run fuzz -- --seed ${seed}), at most ${values.minutes} minutes`,
);
const report = await runFuzz({
  cases: Number(values.cases),
  seed,
  timeMs: Number(values.minutes) * 60_000,
  onKind: ({ name, cases, failure, seconds }) =>
    console.log(`${name}: ${cases} cases in ${seconds.toFixed(1)} s${failure === null ? '' : ', FAILED'}`),
});
console.log(`\n${renderReport(report)}\n`);

const judged = verdicts(report);
const machine = {
  node: process.version,
  platform: process.platform,
  cpu: cpus()[0]?.model ?? '',
  cores: cpus().length,
};
mkdirSync(dirname(values.results), { recursive: true });
writeFileSync(
  values.results,
  `${JSON.stringify({ at: new Date().toISOString(), machine, ...report, verdicts: judged }, null, 2)}\n`,
);
const kept = judged.every(({ ok }) => ok);
console.log(kept ? 'Nothing was harmed.' : 'Something was harmed.');
// At once: Engine.IO's timers for long-polling sessions that nobody takes leave of would hold the process for half a minute.
process.exit(kept ? 0 : 1);
