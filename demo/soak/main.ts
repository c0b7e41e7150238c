/**
 * `npm run soak [-- --rounds N] [--page-rounds N] [--minutes N]`: the long form: 2,000 rounds of joining and vanishing at a real
 * relay, and 200 rounds of starting and stopping in real pages. Prints one table, writes bench-results/soak.json, and
 * ends with code 1 when something was left.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { renderSoak, soakLines } from '../../relay/soak/report.ts';
import { runSoak } from '../../relay/soak/soak-run.ts';
import { pageLines, runPageRounds } from './page-rounds.ts';

const RESULTS = fileURLToPath(new URL('../../bench-results/', import.meta.url));

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '2000' },
    'page-rounds': { type: 'string', default: '200' },
    minutes: { type: 'string', default: '4' },
  },
});
const rounds = Number(values.rounds);
const pageRounds = Number(values['page-rounds']);
console.log(`${rounds} rounds at the relay, over ${values.minutes} minutes ...`);
const soak = await runSoak({
  rounds,
  timeMs: Number(values.minutes) * 60_000,
  places: 8,
  onProgress: (round) => {
    if (process.stdout.isTTY) process.stdout.write(`\r${round} of ${rounds}`);
  },
});
console.log(`\n${pageRounds} rounds in pages ...`);
const pages = await runPageRounds(pageRounds, (round) => {
  if (process.stdout.isTTY) process.stdout.write(`\r${round} of ${pageRounds}`);
});

const lines = [...soakLines(soak), ...pageLines(pages)];
console.log(`\n${renderSoak(lines)}\n`);
for (const failure of soak.failures.slice(0, 20)) console.log(failure);
const machine = {
  node: process.version,
  platform: process.platform,
  cpu: cpus()[0]?.model ?? '',
  cores: cpus().length,
};
mkdirSync(RESULTS, { recursive: true });
writeFileSync(
  `${RESULTS}soak.json`,
  `${JSON.stringify({ at: new Date().toISOString(), machine, lines, soak, pages }, null, 2)}\n`,
);
const kept = lines.every(({ ok }) => ok);
console.log(kept ? 'Nothing is left.' : 'Something is left.');
process.exitCode = kept ? 0 : 1;
