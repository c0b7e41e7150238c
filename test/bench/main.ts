/**
 * `npm run bench`: how long it takes from a mouth to an ear, through the relay and without it. Prints a table and writes
 * bench-results/latest.json. Options: `--samples N` (20), `--strict` (exit code 1 when an expectation is missed), `--packets`
 * (only what a listener costs the relay with packets of 20, 40 and 60 ms), `--pipes` (only how long audio takes to another worker or relay),
 * `--cluster` (only what it costs that a commercial is on another relay of a cluster), `--sealed` (only what it costs that a stream is sealed),
 * `--whisper` (only how long it takes from an admin's press to the commercial's ear),
 * `--panel` (only the panel with 500 rows on a slow computer; `--against FOLDER` compares with the widgets of another checkout),
 * `--paint` (only when an element is first painted on a slow computer), `--storm N` (only N pages that connect in the same moment),
 * `--signalling` (only what the relay's signalling costs), `--simulation` (only many nodes of a cluster, with the real bus and a real Redis:
 * about ten minutes; `--nodes`, `--commercials` and `--admins` of each node, `--teams` in all, simulate one of another size).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleSizes } from './bundle-sizes.ts';
import { measureCluster, missedCluster, renderCluster } from './cluster-times.ts';
import { measureFirstPaint, missedFirstPaint, renderFirstPaint } from './first-paint.ts';
import { measure } from './measure.ts';
import { measurePacketCosts, renderPacketCosts } from './packet-costs.ts';
import { measurePanel, missedPanel, renderPanel } from './panel/panel-costs.ts';
import { measurePipes, missedPipes, renderPipes } from './pipe-times.ts';
import { judge, renderTable } from './report.ts';
import { measureSealed, missedSealed, renderSealed } from './sealed-times.ts';
import { measureSignalling, renderSignalling } from './signalling/signalling-costs.ts';
import { PLANS, planOf } from './simulation/plan.ts';
import { renderSimulations, type Simulated, simulate } from './simulation/simulation.ts';
import { measureStorm, renderStorms } from './storm.ts';
import { measureWhispers, missedWhispers, renderWhispers } from './whisper-times.ts';

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '20' },
    strict: { type: 'boolean', default: false },
    packets: { type: 'boolean', default: false },
    pipes: { type: 'boolean', default: false },
    cluster: { type: 'boolean', default: false },
    sealed: { type: 'boolean', default: false },
    whisper: { type: 'boolean', default: false },
    panel: { type: 'boolean', default: false },
    against: { type: 'string' },
    paint: { type: 'boolean', default: false },
    storm: { type: 'string' },
    signalling: { type: 'boolean', default: false },
    simulation: { type: 'boolean', default: false },
    nodes: { type: 'string' },
    commercials: { type: 'string' },
    admins: { type: 'string' },
    teams: { type: 'string' },
  },
});
const samples = Number(values.samples);
if (!Number.isInteger(samples) || samples < 1 || samples > 1000) {
  console.error(`--samples is "${values.samples}". It must be a whole number from 1 to 1000.`);
  process.exit(1);
}

const load = loadavg()[0] ?? 0;
if (load > cpus().length / 2) {
  console.log(
    `This machine is busy (load ${load.toFixed(1)} on ${cpus().length} cores): expect longer times than it could do.`,
  );
}
if (values.packets) {
  console.log('measuring what a listener costs, 20 s...');
  console.log(renderPacketCosts(await measurePacketCosts([20, 40, 60], 30, 20_000)));
  process.exit(0);
}
if (values.pipes) {
  console.log(`measuring pipes, ${samples} samples...`);
  const times = await measurePipes(samples);
  console.log(renderPipes(times));
  process.exit(values.strict && missedPipes(times).length > 0 ? 1 : 0);
}
if (values.cluster) {
  console.log(`measuring two relays, ${samples} samples...`);
  const times = await measureCluster(samples);
  console.log(renderCluster(times));
  process.exit(values.strict && missedCluster(times).length > 0 ? 1 : 0);
}
if (values.whisper) {
  console.log(`measuring whispers, ${samples} presses...`);
  const times = await measureWhispers(samples);
  console.log(renderWhispers(times));
  process.exit(values.strict && missedWhispers(times).length > 0 ? 1 : 0);
}
if (values.sealed) {
  console.log(`measuring a sealed stream and a clear one, ${samples} samples...`);
  const times = await measureSealed(samples);
  console.log(renderSealed(times));
  process.exit(values.strict && missedSealed(times) ? 1 : 0);
}
if (values.panel) {
  console.log('measuring the panel with 500 rows, about a minute...');
  const before = values.against ? ([['against', await measurePanel(resolve(values.against))]] as const) : [];
  const costs = await measurePanel();
  console.log(renderPanel([...before, ['here', costs]]));
  process.exit(values.strict && missedPanel(costs).length > 0 ? 1 : 0);
}
if (values.paint) {
  console.log(`measuring the first paint, ${samples} pages of each element...`);
  const found = await measureFirstPaint(samples);
  console.log(renderFirstPaint(found));
  process.exit(values.strict && missedFirstPaint(found).length > 0 ? 1 : 0);
}
if (values.storm !== undefined) {
  const pages = Number(values.storm);
  if (!Number.isInteger(pages) || pages < 1 || pages > 50_000) {
    console.error(`--storm is "${values.storm}". It must be a whole number from 1 to 50000.`);
    process.exit(1);
  }
  console.log(`${pages} pages connect at once, to a relay with TLS and to one without...`);
  const withTls = await measureStorm(pages, true);
  console.log(
    renderStorms([
      ['TLS by the relay', withTls],
      ['TLS in front', await measureStorm(pages, false)],
    ]),
  );
  process.exit(0);
}
if (values.signalling) {
  console.log('measuring what the signalling costs, about a minute...');
  console.log(renderSignalling(await measureSignalling({ commercials: 200, admins: 400, choosing: 1000, ms: 10_000 })));
  process.exit(0);
}
if (values.simulation) {
  const { nodes, commercials, admins, teams } = values;
  const asked = Object.fromEntries(
    Object.entries({ nodes, commercials, admins, teams }).filter(([, value]) => value !== undefined),
  );
  const plans = Object.keys(asked).length > 0 ? [['as asked', planOf(asked)] as const] : PLANS;
  const simulated: [string, Simulated][] = [];
  for (const [name, plan] of plans) {
    console.log(`${name}:`);
    simulated.push([name, await simulate(plan, (text) => console.log(`  ${text}`))]);
  }
  console.log(renderSimulations(simulated));
  process.exit(0);
}
const sizes = bundleSizes();
const measurements = await measure(samples, (what) => console.log(`measuring ${what}, ${samples} samples...`));
const lines = judge(measurements, sizes);

const folder = fileURLToPath(new URL('../../bench-results/', import.meta.url));
mkdirSync(folder, { recursive: true });
const result = {
  date: new Date().toISOString(),
  machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  node: process.version,
  loadBefore: load,
  lines,
  measurements,
};
writeFileSync(`${folder}latest.json`, `${JSON.stringify(result, null, 2)}\n`);

const missed = lines.filter(({ ok }) => !ok);
console.log(`\n${renderTable(lines)}\n`);
console.log(`${measurements.browser}, ${result.machine}. All samples: bench-results/latest.json`);
console.log(missed.length === 0 ? 'Everything as expected.' : `Missed: ${missed.map(({ name }) => name).join('; ')}.`);
process.exit(values.strict && missed.length > 0 ? 1 : 0);
