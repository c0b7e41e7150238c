// `npm test [-- SUITE ...]`: all suites in turn, or the named ones. The last line is "N passed, N failed".
import { prepare } from './setup/prepare.mjs';
import { runMain, SetupError, since } from './setup/progress.mjs';
import { broken, together } from './testing/counted-run.mjs';

await runMain(async () => {
  await prepare();
  const suites = chooseSuites((await import('./testing/suites.mjs')).SUITES, process.argv.slice(2));
  let total = { passed: 0, failed: 0 };
  const failedSuites = [];
  const times = [];
  for (const suite of suites) {
    const start = Date.now();
    console.log(`\n== ${suite.title} (${suite.name})`);
    const counts = await runSuite(suite);
    console.log(`== ${suite.name}: ${counts.passed} passed, ${counts.failed} failed, ${since(start)}`);
    times.push([suite.name, counts, Date.now() - start]);
    total = together(total, counts);
    if (counts.failed > 0) failedSuites.push(suite.name);
  }
  console.log(`\n${renderTimes(times)}`);
  if (failedSuites.length > 0) {
    // Once more at the end: who reads the end of a log alone has to see what failed.
    console.log(`\nFailed:\n${(total.names ?? []).map((name) => `  ${name}`).join('\n')}`);
    console.log(`\nOne suite again: npm test -- ${failedSuites[0]}   (those that failed: ${failedSuites.join(' ')})`);
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
});

/** Where the time of a run went, the whole last. */
function renderTimes(times) {
  const minutes = (ms) =>
    `${Math.floor(ms / 60_000)} min ${String(Math.floor(ms / 1000) % 60).padStart(2, '0')} s`.padStart(13);
  const whole = times.reduce((sum, [, , ms]) => sum + ms, 0);
  const rows = times.map(([name, { passed, failed }, ms]) => [name, String(passed), String(failed), minutes(ms)]);
  return [['suite', 'passed', 'failed', '         time'], ...rows, ['together', '', '', minutes(whole)]]
    .map(([name, passed, failed, time]) => `${name.padEnd(10)}${passed.padStart(8)}${failed.padStart(8)}${time}`)
    .join('\n');
}

function chooseSuites(all, names) {
  const unknown = names.find((name) => !all.some((suite) => suite.name === name));
  if (unknown)
    throw new SetupError(`There is no suite "${unknown}". The suites: ${all.map(({ name }) => name).join(' ')}`);
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

/** A suite that cannot be made ready or that throws has failed, and the others still run. */
async function runSuite({ needs, run }) {
  try {
    await prepare(needs);
    return await run();
  } catch (error) {
    return broken(error instanceof SetupError ? error.message : error.stack);
  }
}
