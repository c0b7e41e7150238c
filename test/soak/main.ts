/**
 * `npm run soak [-- --rounds N] [--page-rounds N] [--minutes N]`: the long form: 2,000 rounds of joining and vanishing at a real
 * relay, and 200 rounds of starting and stopping in real pages. Prints one table, writes bench-results/soak.json, and
 * ends with code 1 when something was left.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pageLines, runPageRounds } from './page-rounds.ts';
import { renderSoak, type SoakLine, soakLines } from './report.ts';
import { runSoak } from './soak-run.ts';

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

/** Shows how far it is, on a terminal only. */
function progress(of: number): (round: number) => void {
  return (round) => {
    if (process.stdout.isTTY) process.stdout.write(`\r${round} of ${of}`);
  };
}

/** A part that breaks off has failed; what the other part found is still told. */
async function part<T>(what: string, run: () => Promise<T>, judge: (report: T) => SoakLine[]) {
  try {
    const report = await run();
    return { report, lines: judge(report) };
  } catch (error) {
    console.error(error);
    const measured = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { report: null, lines: [{ what, expected: 'comes to its end', measured, ok: false }] };
  }
}

console.log(`${rounds} rounds at the relay, over ${values.minutes} minutes ...`);
const timeMs = Number(values.minutes) * 60_000;
const soak = await part(
  'relay',
  () => runSoak({ rounds, timeMs, places: 8, onProgress: progress(rounds) }),
  (report) => soakLines(report),
);
console.log(`\n${pageRounds} rounds in pages ...`);
const pages = await part('pages', () => runPageRounds(pageRounds, progress(pageRounds)), pageLines);

const lines = [...soak.lines, ...pages.lines];
console.log(`\n${renderSoak(lines)}\n`);
for (const failure of soak.report?.failures.slice(0, 20) ?? []) console.log(failure.slice(0, 600));
const machine = {
  node: process.version,
  platform: process.platform,
  cpu: cpus()[0]?.model ?? '',
  cores: cpus().length,
};
mkdirSync(RESULTS, { recursive: true });
writeFileSync(
  `${RESULTS}soak.json`,
  `${JSON.stringify({ at: new Date().toISOString(), machine, lines, soak: soak.report, pages: pages.report }, null, 2)}\n`,
);
const kept = lines.every(({ ok }) => ok);
console.log(kept ? 'Nothing is left.' : 'Something is left.');
process.exitCode = kept ? 0 : 1;
